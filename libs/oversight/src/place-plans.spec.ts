import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, type SignedIn, systemActor } from '#kernel';
import { RequestsService } from '#requests';
import { RegisterChanges, RegisterImport, SitesService } from '#sites';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aHead,
  aSite,
  aStateOfficer,
  aSystem,
  anAccount,
  aTeacher,
  type TestPerson,
} from '../../../test/support/people.js';
import { ChangePlans, OversightModule, type Plan, type PlannedChange } from './index.js';

describe('changes of places tried before they are made', () => {
  let libs: TestLibs;
  let plans: ChangePlans;
  let sites: SitesService;
  let desk: TestPerson;
  let parish: string;
  let school: string;
  let folder: string;

  beforeAll(async () => {
    libs = await startLibs([OversightModule]);
    plans = libs.app.get(ChangePlans);
    sites = libs.app.get(SitesService, { strict: false });
    folder = mkdtempSync(join(tmpdir(), 'edlink-plans-'));
    desk = await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Prejean' });
  });
  afterAll(async () => {
    await libs?.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    parish = await aSystem(libs.em, { name: 'Teche Parish' });
    school = await aSite(libs.em, parish, { name: 'Alder High' });
    await aCoordinator(libs.em, { reach: 'system', system: parish, firstName: 'Ana', lastName: 'Ruiz' });
  });

  const ask = async (site: string, application = 'ser'): Promise<string> => {
    const { actor } = await aTeacher(libs.em);
    const [role, permission] = application === 'ser' ? ['ser-data', 'ser-data-writer'] : ['canopy-learning', 'learner'];
    const wish = {
      application,
      role: role!,
      permissions: [permission!],
      location: { level: 'site' as const, code: site },
    };
    const requests = libs.app.get(RequestsService, { strict: false });
    return (await requests.submit(actor, { wishes: [wish], formKey: newId() })).reference;
  };
  const confirmed = async (change: PlannedChange): Promise<Plan> => {
    const { hash } = await plans.simulate(desk.actor, change);
    return plans.commit(desk.actor, change, hash);
  };
  const aDioceseWithSite = async (): Promise<string> =>
    aSite(libs.em, await aSystem(libs.em, { kind: 'nonpublic' }), { kind: 'nonpublic', name: 'St. Aurelia' });

  it('AC-5: moving a school moves what waits there, and says what the school loses', async () => {
    await aCoordinator(libs.em, {
      reach: 'site',
      system: parish,
      sites: [school],
      firstName: 'Marcus',
      lastName: 'Guillory',
    });
    const reference = await ask(school);
    const bare = await aSystem(libs.em);
    const change: PlannedChange = { kind: 'move', siteCode: school, systemCode: bare };
    expect(await confirmed(change)).toMatchObject({
      moves: [
        {
          from: { names: ['Marcus Guillory'], stateDesk: false },
          to: { names: ['Odile Prejean'], stateDesk: true },
          lines: 1,
          references: [reference],
        },
      ],
      toStateDesk: 1,
      uncoveredSites: [{ code: school, name: 'Alder High', left: 'state' }],
      systemsWithoutCoordinator: [],
    });
    expect((await sites.place({ level: 'site', code: school })).system.code).toBe(bare);
  });

  it('AC-5: a serving link brings SER to the serving system, and taking it away leaves it to the state', async () => {
    const site = await aDioceseWithSite();
    const [ser] = [await ask(site), await ask(site, 'canopy')];
    const serve = (systemCode: string | null): PlannedChange => ({ kind: 'serve', siteCode: site, systemCode });
    expect(await confirmed(serve(parish))).toMatchObject({
      moves: [{ from: { stateDesk: true }, to: { names: ['Ana Ruiz'] }, lines: 1, references: [ser] }],
      toStateDesk: 0,
      uncoveredSites: [],
    });
    expect(await confirmed(serve(null))).toMatchObject({
      moves: [{ from: { names: ['Ana Ruiz'] }, to: { stateDesk: true }, references: [ser] }],
      toStateDesk: 1,
      uncoveredSites: [{ code: site, applications: ['SER', 'SER IEP Form'], left: 'state' }],
    });
    expect(await plans.simulate(desk.actor, serve('NONE'))).toMatchObject({ refusal: { code: 'sites.unknown-code' } });
  });

  it('a site that closes or is merged keeps its open lines where they are and is not uncovered', async () => {
    await ask(school);
    const other = await aSite(libs.em, parish);
    expect(await confirmed({ kind: 'merge', siteCode: school, intoCode: other })).toMatchObject({
      moves: [],
      uncoveredSites: [],
    });
    expect(await confirmed({ kind: 'close', siteCode: other, reason: 'Flooded.' })).toMatchObject({ moves: [] });
    for (const code of [school, other]) expect((await sites.place({ level: 'site', code })).open).toBe(false);
  });

  it('CO-3: places are changed by the state desk only; coordinators, heads and others are refused, also in trying', async () => {
    const people = [
      await aCoordinator(libs.em, { reach: 'system', system: parish }),
      await aCoordinator(libs.em, { reach: 'state', application: 'ser-iep-form' }),
      await aHead(libs.em, parish),
      await aTeacher(libs.em),
    ];
    const changes: PlannedChange[] = [
      { kind: 'serve', siteCode: school, systemCode: null },
      { kind: 'move', siteCode: school, systemCode: parish },
      { kind: 'close', siteCode: school, reason: 'No.' },
      { kind: 'merge', siteCode: school, intoCode: school },
      { kind: 'register', changeId: newId() },
    ];
    for (const { actor } of people)
      for (const change of changes) {
        expect(await codeOf(plans.simulate(actor, change))).toBe('coordinators.not-yours');
        expect(await codeOf(plans.commit(actor, change, ''))).toBe('coordinators.not-yours');
      }
    expect((await sites.place({ level: 'site', code: school })).open).toBe(true);
    expect(await codeOf(plans.simulate(desk.actor, changes[4]!))).toBe('sites.unknown-change');
  });

  describe('register changes', () => {
    const header = 'system_code,system_name,system_kind,site_code,site_name,site_kind';
    const previewed = async (lines: string[]): Promise<string> => {
      const path = join(folder, `${newId()}.csv`);
      writeFileSync(path, `${[header, ...lines].join('\n')}\n`);
      const register = libs.app.get(RegisterImport, { strict: false });
      return (await register.preview(systemActor, path)).changeId!;
    };
    const status = async (id: string): Promise<string> =>
      (await libs.app.get(RegisterChanges, { strict: false }).get(id)).status;

    /** The person's Staff ID goes to a new account. */
    const otherAccount = async ({ staffMemberId }: TestPerson): Promise<SignedIn> => {
      const accountId = await anAccount(libs.em);
      await libs.em.execute(`update staff_link set ended_at = now() where staff_member_id = ?`, [staffMemberId]);
      await libs.em.execute(
        `insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`,
        [newId(), accountId, staffMemberId],
      );
      return { client: 'portal', accountId };
    };

    it('IM-3, IM-5: shows what the rows do before a second person agrees, and applies them with the second', async () => {
      const other = await aSystem(libs.em, { name: 'Bayou Parish' });
      const closing = new Set<string>();
      for (let count = 0; count < 6; count += 1) closing.add(await aSite(libs.em, other));
      const reference = await ask(school);
      const all = await libs.em.execute<Record<'code' | 'name' | 'kind' | 'system' | 'title', string>[]>(
        `select t.code, t.name, t.kind, s.code as system, s.name as title from site t
         join site_parent p on p.site_code = t.code and p.to_day is null join school_system s on s.code = p.system_code
         where t.closed_on is null and s.kind = 'parish' order by 1`,
      );
      const lines = all
        .filter(({ code }) => !closing.has(code))
        .map(({ code, name, kind, ...of }) => {
          const [system, title] = code === school ? [other, 'Bayou Parish'] : [of.system, of.title];
          return [system, title, 'parish', code, name, kind].join();
        });
      const changeId = await previewed(lines);
      const register: PlannedChange = { kind: 'register', changeId };
      const plan = await plans.simulate(desk.actor, register);
      expect(plan).toMatchObject({
        moves: [{ from: { names: ['Ana Ruiz'] }, to: { stateDesk: true }, references: [reference] }],
        uncoveredSites: [{ code: school, left: 'state' }],
      });
      expect(await plans.simulate(desk.actor, { ...register, only: [`site:${[...closing][0]}`] })).toMatchObject({
        moves: [],
        uncoveredSites: [],
      });
      expect(await status(changeId)).toBe('previewed');
      expect((await sites.place({ level: 'site', code: school })).system.code).toBe(parish);

      await plans.commit(desk.actor, register, plan.hash);
      expect(await status(changeId)).toBe('waits-for-second');
      expect((await sites.place({ level: 'site', code: school })).system.code).toBe(parish);
      expect(await plans.simulate(desk.actor, register)).toMatchObject({ refusal: { code: 'sites.second-person' } });

      // Another account of the same person is no second person.
      const again = await otherAccount(desk);
      expect(await plans.simulate(again, register)).toMatchObject({ refusal: { code: 'sites.second-person' } });
      expect(await codeOf(plans.commit(again, register, plan.hash))).toBe('sites.second-person');
      expect(await status(changeId)).toBe('waits-for-second');

      const second = await aStateOfficer(libs.em, { firstName: 'Theo', lastName: 'Hebert' });
      const seen = await plans.simulate(second.actor, register);
      expect(seen.moves).toMatchObject([{ to: { names: ['Odile Prejean', 'Theo Hebert'] } }]);
      expect(await plans.commit(second.actor, register, seen.hash)).toEqual(seen);
      expect(await status(changeId)).toBe('applied');
      expect((await sites.place({ level: 'site', code: school })).system.code).toBe(other);
    });
  });
});
