import type { EntityManager } from '@mikro-orm/postgresql';
import { batches, foldedText } from '#kernel';
import { beginCodes, beginNames, beginParents, closePlaces, reopenPlaces } from './place-periods.js';
import {
  type PlaceDeed,
  deedsOf,
  type PlaceState,
  type RegisterPlan,
  type RegisterState,
  type SiteState,
  type Step,
  type SystemState,
} from './register-plan.js';

/** Any number; one register import at a time. */
const importLock = 5_000_001;

/** Holds other imports until this transaction ends. */
export const lockRegister = (em: EntityManager): Promise<unknown> =>
  em.execute(`select pg_advisory_xact_lock(${importLock})`);

/** All places as the register has them; open means not closed, whatever the day. */
export async function readState(em: EntityManager): Promise<RegisterState> {
  const systems = await em.execute<SystemState[]>(
    `select code, name, kind, closed_on is null as open from school_system`,
  );
  const sites = await em.execute<(SiteState & { federalCode: string | null })[]>(
    `select t.code, t.name, t.kind, federal.value as "federalCode", t.closed_on is null as open, parent.system_code as "systemCode"
     from site t
     left join place_code federal on federal.level = 'site' and federal.code = t.code and federal.scheme = 'federal' and federal.to_day is null
     join lateral (
       select system_code from site_parent where site_code = t.code order by (to_day is null) desc, to_day desc, from_day desc limit 1
     ) parent on true`,
  );
  return {
    systems: new Map(systems.map((system) => [system.code, system])),
    sites: new Map(sites.map((site) => [site.code, { ...site, federalCode: site.federalCode ?? undefined }])),
  };
}

/** The latest day anything in the register changed. */
export async function lastChange(em: EntityManager): Promise<string | undefined> {
  const [row] = await em.execute<{ day: string | null }[]>(
    `select greatest((select max(greatest(from_day, to_day)) from place_name), (select max(greatest(from_day, to_day)) from site_parent))::text as day`,
  );
  return row?.day ?? undefined;
}

/** Writes a plan: places as they are now, and the history of their names and parents up to and from `day`. */
export async function writePlan(em: EntityManager, plan: RegisterPlan, day: string): Promise<void> {
  for (const [level, steps] of [
    ['system', plan.systems],
    ['site', plan.sites],
  ] as const) {
    const codes = (deed: PlaceDeed): string[] =>
      (steps as Step<PlaceState>[]).filter(does(deed)).map(({ after }) => after.code);
    await reopenPlaces(em, level, codes('reopened'), day);
    await closePlaces(em, level, codes('gone'), day);
  }
  await writeSystems(em, plan.systems, day);
  await writeSites(em, plan.sites, day);
  const begun = does('new', 'reopened', 'renamed');
  await beginNames(
    em,
    'system',
    plan.systems.filter(begun).map(({ after }) => after),
    day,
  );
  await beginNames(
    em,
    'site',
    plan.sites.filter(begun).map(({ after }) => after),
    day,
  );
  await beginParents(
    em,
    plan.sites.filter(does('new', 'reopened', 'moved')).map(({ after }) => after),
    day,
  );
  const coded = plan.sites.filter(({ before, after }) => before?.federalCode !== after.federalCode);
  await beginCodes(
    em,
    { level: 'site', scheme: 'federal' },
    coded.map(({ after }) => ({ code: after.code, value: after.federalCode ?? null })),
    day,
  );
}

async function writeSystems(em: EntityManager, steps: Step<SystemState>[], day: string): Promise<void> {
  for (const batch of batches(steps)) {
    await em.execute(
      `insert into school_system (code, name, name_key, kind, opened_on)
       select code, name, words, kind, ?::date from json_to_recordset(?::json) as row (code text, name text, words text, kind text)
       on conflict (code) do update set name = excluded.name, name_key = excluded.name_key, kind = excluded.kind`,
      [day, rowsOf(batch)],
    );
  }
}

async function writeSites(em: EntityManager, steps: Step<SiteState>[], day: string): Promise<void> {
  for (const batch of batches(steps)) {
    await em.execute(
      `insert into site (code, name, name_key, kind, opened_on)
       select code, name, words, kind, ?::date from json_to_recordset(?::json) as row (code text, name text, words text, kind text)
       on conflict (code) do update set name = excluded.name, name_key = excluded.name_key, kind = excluded.kind`,
      [day, rowsOf(batch)],
    );
  }
}

const does =
  (...wanted: PlaceDeed[]) =>
  (step: Step<PlaceState>): boolean =>
    deedsOf(step).some((deed) => wanted.includes(deed));

const rowsOf = (steps: Step<PlaceState>[]): string =>
  JSON.stringify(steps.map(({ after }) => ({ ...after, words: foldedText(after.name) })));
