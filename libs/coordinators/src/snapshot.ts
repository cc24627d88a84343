import type { EntityManager } from '@mikro-orm/postgresql';
import { batches, sha256 } from '#kernel';
import { assignmentInForce, coordinatorCanAct } from './assignments.js';
import type { Reach } from './coordinator.js';
import type { StepDuty } from './duty.js';
import type { Assignment, CoverOf, Hindrance, RoutingSnapshot } from './routing-types.js';
import { signedStatement } from './statement-in-force.js';

/**
 * A snapshot of assignments, whatever their order. @returns them by system, each list in one order; the version is a hash
 * of all facts in it
 */
export function routingSnapshot(assignments: Assignment[]): RoutingSnapshot {
  const ordered = assignments.map(tidied).sort(byId);
  const bySystem = new Map<string, Assignment[]>();
  for (const one of ordered) {
    if (one.systemCode === undefined) continue;
    const known = bySystem.get(one.systemCode);
    if (known) known.push(one);
    else bySystem.set(one.systemCode, [one]);
  }
  const facts = JSON.stringify(ordered, (_, value: unknown) => (value instanceof Set ? [...value].sort() : value));
  return {
    version: sha256(facts).slice(0, 16),
    bySystem,
    state: ordered.filter((one) => one.systemCode === undefined),
  };
}

const byId = (one: { id: string }, other: { id: string }): number =>
  one.id < other.id ? -1 : one.id > other.id ? 1 : 0;

const tidied = (one: Assignment): Assignment =>
  one.covers && one.covers.length > 1 ? { ...one, covers: [...one.covers].sort(byId) } : one;

interface SeatRow {
  id: string;
  staff_member_id: string;
  reach: Reach;
  duty: StepDuty | null;
  system_code: string | null;
  application: string | null;
  name: string;
  site_codes: string[];
  hindrance: Hindrance | null;
  covers: (Omit<CoverOf, 'siteCodes' | 'application' | 'hindrance'> & {
    application: string | null;
    hindrance: Hindrance | null;
    siteCodes: string[] | null;
  })[];
}

const hindrance = (one: string): string =>
  `case when not ${coordinatorCanAct(one)} then 'cannot-sign-in'
    when not ${signedStatement(`${one}.staff_member_id`, 'at.day')} then 'unsigned' end`;

/**
 * Everything about assignments and duties in force, of one instant; `which` narrows them, `sites` the sites that are read (SQL
 * about `x`). The day and the values of `which` are given twice.
 */
const seats = (which: string, sites: string): string => `
  select c.id, c.staff_member_id, c.reach, null as duty, c.system_code, c.application, m.first_name || ' ' || m.last_name as name,
    ${hindrance('c')} as hindrance,
    array(select x.site_code from coordinator_site x where x.coordinator_id = c.id and ${sites}) as site_codes,
    array(select json_build_object('id', v.id, 'staffMemberId', v.staff_member_id, 'name', w.first_name || ' ' || w.last_name,
        'application', v.application, 'until', v.to_day, 'hindrance', ${hindrance('v')}, 'siteCodes', case when not v.every_site then
          array(select x.site_code from coordinator_cover_site x where x.cover_id = v.id and ${sites}) end)
      from coordinator_cover v join staff_member w on w.id = v.staff_member_id
      where v.coordinator_id = c.id and ${assignmentInForce('v', 'at.day')}) as covers
  from coordinator c join staff_member m on m.id = c.staff_member_id cross join (select ?::date as day) at
  where ${assignmentInForce('c', 'at.day')} and (${which})
  union all
  select c.id, c.staff_member_id, case when c.system_code is null then 'state' else 'system' end, c.duty, c.system_code, c.application,
    m.first_name || ' ' || m.last_name, ${hindrance('c')}, array[]::text[], array[]::json[]
  from duty_holder c join staff_member m on m.id = c.staff_member_id cross join (select ?::date as day) at
  where ${assignmentInForce('c', 'at.day')} and (${which}) order by id`;

const assignmentOf = (row: SeatRow): Assignment => ({
  id: row.id,
  staffMemberId: row.staff_member_id,
  name: row.name,
  reach: row.reach,
  ...(row.duty && { duty: row.duty }),
  systemCode: row.system_code ?? undefined,
  siteCodes: new Set(row.site_codes),
  application: row.application ?? undefined,
  ...(row.hindrance && { hindrance: row.hindrance }),
  ...(row.covers.length && {
    covers: row.covers.map(({ siteCodes, application, hindrance: hindered, ...cover }) => ({
      ...cover,
      ...(application !== null && { application }),
      ...(siteCodes && { siteCodes: new Set(siteCodes) }),
      ...(hindered && { hindrance: hindered }),
    })),
  }),
});

/** The state's own have no system (checked by the table); said so, one index finds them and those of a system. */
const ofStateAnd = (systems: string): string => `c.system_code is null or c.system_code = ${systems}`;

/**
 * What one line may need, in one statement and so of one instant. Of the sites of an assignment only the asked one is
 * read: a group may hold thousands.
 */
export async function snapshotFor(
  em: EntityManager,
  systemCode: string | undefined,
  siteCode: string | undefined,
  day: string,
): Promise<RoutingSnapshot> {
  const site = siteCode ?? '';
  const rows = await em.execute<SeatRow[]>(seats(ofStateAnd('?'), 'x.site_code = ?'), [
    site,
    site,
    day,
    systemCode ?? '',
    day,
    systemCode ?? '',
  ]);
  return routingSnapshot(rows.map(assignmentOf));
}

/**
 * What many lines may need: one statement for some hundred systems or some thousand coordinators, none per site. For one
 * instant, hold routing of the systems first (`holdRouting`).
 * @param systems codes, or all there are
 * @param day 'YYYY-MM-DD'
 */
export async function snapshotOf(
  em: EntityManager,
  systems: string[] | 'everywhere',
  day: string,
): Promise<RoutingSnapshot> {
  if (systems === 'everywhere') return routingSnapshot(await everybody(em, day));
  const found = new Map<string, Assignment>();
  for (const some of systems.length ? batches(systems, systemsAtOnce) : [[]]) {
    const which = ofStateAnd('any (array(select json_array_elements_text(?::json)))');
    const rows = await em.execute<SeatRow[]>(seats(which, 'true'), [
      ...[day, JSON.stringify(some)],
      ...[day, JSON.stringify(some)],
    ]);
    for (const row of rows) found.set(row.id, assignmentOf(row));
  }
  return routingSnapshot([...found.values()]);
}

/** A statement may take 5 seconds. */
const systemsAtOnce = 500;
const peopleAtOnce = 10_000;

async function everybody(em: EntityManager, day: string): Promise<Assignment[]> {
  const found: Assignment[] = [];
  for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await em.execute<SeatRow[]>(`${seats('c.id > ?', 'true')} limit ${peopleAtOnce}`, [
      day,
      last,
      day,
      last,
    ]);
    found.push(...rows.map(assignmentOf));
    if (rows.length < peopleAtOnce) return found;
    last = rows.at(-1)!.id;
  }
}
