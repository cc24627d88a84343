import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, systemActor } from '#kernel';
import { RegisterImport, SitesService } from '#sites';
import {
  aCoordinator,
  aCover,
  aHead,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  signStatement,
  type TestCoordinator,
  type TestPerson,
} from '../support/people.js';
import type { TestPortal } from './portal.js';
import { ask } from './story.js';

/** A state office with something on every page: a covered school system, one without a coordinator, people who change both. */
export interface OfficeStory {
  /** Covered, with every kind of coordinator. */
  system: string;
  /** Has no coordinator. */
  vacant: string;
  schools: string[];
  /** A nonpublic school that nobody serves yet. */
  nonpublic: string;
  head: TestPerson;
  /** The one general coordinator of the system. */
  coordinator: TestCoordinator;
  group: TestCoordinator;
  site: TestCoordinator;
  officer: TestCoordinator;
  /** A second person at the state desk. */
  colleague: TestCoordinator;
  teacher: TestPerson;
  /** Works at the system and is nobody's coordinator yet. */
  candidate: TestPerson;
  requestId: string;
}

const names = [
  'Heron Street Elementary',
  'Cypress Bend Middle School',
  'Old Ferry High School',
  'Magnolia Crossing Elementary',
  'Pelican Point Elementary',
  'Bayou Vista Elementary',
  'Sugar Mill Junior High',
  'Live Oak Elementary',
  'North Levee High School',
];

export async function tellOfficeStory(portal: TestPortal): Promise<OfficeStory> {
  const { em } = portal;
  const system = await aSystem(em, { name: 'Bayou Vermeil Parish' });
  const vacant = await aSystem(em, { name: 'Cypress Landing Parish' });
  await aSite(em, vacant, { name: 'Landing High School' });
  const schools: string[] = [];
  for (const name of names) schools.push(await aSite(em, system, { name }));
  await aSite(em, system, { name: 'Bayou Vermeil Central Office', kind: 'central-office' });
  const diocese = await aSystem(em, { name: 'Diocese of Vermeil', kind: 'nonpublic' });
  const nonpublic = await aSite(em, diocese, { name: 'Saint Odile School', kind: 'nonpublic' });
  const served = await aSite(em, diocese, { name: 'Saint Brendan School', kind: 'nonpublic' });
  await em.execute(`insert into site_serving (id, site_code, system_code, from_day) values (?, ?, ?, '2020-08-01')`, [
    newId(),
    served,
    system,
  ]);
  const head = await aHead(em, system, { firstName: 'Rosalind', lastName: 'Thibodaux' });
  const coordinator = await aCoordinator(em, {
    reach: 'system',
    system,
    firstName: 'Marguerite',
    lastName: 'Delahoussaye',
  });
  const group = await aCoordinator(em, {
    reach: 'group',
    system,
    sites: schools.slice(1, 4),
    firstName: 'Anselm',
    lastName: 'Fontaine',
  });
  const site = await aCoordinator(em, {
    reach: 'site',
    system,
    sites: [schools[0]!],
    firstName: 'Ana',
    lastName: 'Ruiz',
  });
  await aCoordinator(em, { reach: 'system', system, application: 'ser', firstName: 'Lucien', lastName: 'Guidry' });
  const helper = await aTeacher(em, { firstName: 'Celeste', lastName: 'Arceneaux', site: schools[4] });
  await signStatement(em, helper.staffMemberId);
  await aCover(em, group.coordinatorId, helper.staffMemberId, { fromDay: '2026-01-05', toDay: '2099-01-01' });
  const officer = await aStateOfficer(em, { firstName: 'Philippa', lastName: 'Okafor' });
  const colleague = await aStateOfficer(em, { firstName: 'Winston', lastName: 'Boudreaux' });
  const teacher = await aTeacher(em, { firstName: 'Odessa', lastName: 'Thibeaux', site: schools[4] });
  const candidate = await aTeacher(em, { firstName: 'Émile', lastName: 'Castille', site: schools[5] });
  const { id: requestId } = await ask(portal, teacher, schools[4]!);
  return {
    system,
    vacant,
    schools,
    nonpublic,
    head,
    coordinator,
    group,
    site,
    officer,
    colleague,
    teacher,
    candidate,
    requestId,
  };
}

/** Changes the rows of a register: system code, name and kind, site code, name and kind. */
export type Bend = (rows: string[][]) => string[][];

/** An operator looks at the public register as it stands, bent. @returns the id of the change that is kept */
export async function previewRegister({ app }: TestPortal, story: OfficeStory, bend: Bend): Promise<string> {
  const sites = app.get(SitesService, { strict: false });
  const rows: string[][] = [];
  for (const code of [story.system, story.vacant]) {
    const system = await sites.place({ level: 'system', code });
    for (const site of await sites.sitesOf(code))
      if (site.open) rows.push([code, system.name, system.kind, site.code, site.name, site.kind]);
  }
  const folder = mkdtempSync(join(tmpdir(), 'edlink-office-'));
  const file = join(folder, 'sites-2026.csv');
  const heads = ['system_code', 'system_name', 'system_kind', 'site_code', 'site_name', 'site_kind'];
  writeFileSync(file, [heads, ...bend(rows)].map((row) => `${row.join(',')}\n`).join(''));
  try {
    return (await app.get(RegisterImport, { strict: false }).preview(systemActor, file)).changeId!;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A source that says the site belongs to the system without coordinators. @returns its id */
export async function aDisagreement({ em }: TestPortal, story: OfficeStory, site: string): Promise<string> {
  const id = newId();
  await em.execute(
    `insert into register_disagreement (id, level, code, field, source, register_value, source_value, source_label, first_seen, last_seen)
     values (?, 'site', ?, 'parent', 'leap', ?, ?, 'Cypress Landing', '2026-07-01', '2026-07-01')`,
    [id, site, story.system, story.vacant],
  );
  return id;
}
