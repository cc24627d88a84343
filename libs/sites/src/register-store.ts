import type { EntityManager } from '@mikro-orm/postgresql';
import { batches, foldedText, newId } from '#kernel';
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
    `select t.code, t.name, t.kind, t.federal_code as "federalCode", t.closed_on is null as open, parent.system_code as "systemCode"
     from site t join lateral (
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
  await writeSystems(em, plan.systems, day);
  await writeSites(em, plan.sites, day);
  const places = [...plan.systems, ...plan.sites];
  await endPeriods(em, 'place_name', 'code', places.filter(does('renamed', 'gone')), day);
  await endPeriods(em, 'site_parent', 'site_code', plan.sites.filter(does('moved', 'gone')), day);
  for (const batch of batches(places.filter(does('new', 'reopened', 'renamed')).filter(({ after }) => after.open))) {
    await em.execute(
      `insert into place_name (id, code, name, from_day) select id::uuid, code, name, ?::date from json_to_recordset(?::json) as row (id text, code text, name text)`,
      [day, JSON.stringify(batch.map(({ after }) => ({ id: newId(), code: after.code, name: after.name })))],
    );
  }
  for (const batch of batches(plan.sites.filter(does('new', 'reopened', 'moved')).filter(({ after }) => after.open))) {
    await em.execute(
      `insert into site_parent (id, site_code, system_code, from_day) select id::uuid, code, system, ?::date from json_to_recordset(?::json) as row (id text, code text, system text)`,
      [day, JSON.stringify(batch.map(({ after }) => ({ id: newId(), code: after.code, system: after.systemCode })))],
    );
  }
}

async function writeSystems(em: EntityManager, steps: Step<SystemState>[], day: string): Promise<void> {
  for (const batch of batches(steps)) {
    await em.execute(
      `insert into school_system (code, name, name_key, kind, opened_on, closed_on)
       select code, name, words, kind, ?::date, case when open then null else ?::date end
       from json_to_recordset(?::json) as row (code text, name text, words text, kind text, open boolean)
       on conflict (code) do update set name = excluded.name, name_key = excluded.name_key, kind = excluded.kind, closed_on = excluded.closed_on`,
      [day, day, rowsOf(batch)],
    );
  }
}

async function writeSites(em: EntityManager, steps: Step<SiteState>[], day: string): Promise<void> {
  for (const batch of batches(steps)) {
    await em.execute(
      `insert into site (code, name, name_key, kind, federal_code, opened_on, closed_on)
       select code, name, words, kind, "federalCode", ?::date, case when open then null else ?::date end
       from json_to_recordset(?::json) as row (code text, name text, words text, kind text, "federalCode" text, open boolean)
       on conflict (code) do update set name = excluded.name, name_key = excluded.name_key, kind = excluded.kind,
         federal_code = excluded.federal_code, closed_on = excluded.closed_on`,
      [day, day, rowsOf(batch)],
    );
  }
}

async function endPeriods(
  em: EntityManager,
  table: 'place_name' | 'site_parent',
  column: 'code' | 'site_code',
  steps: { after: { code: string } }[],
  day: string,
): Promise<void> {
  for (const batch of batches(steps)) {
    await em.execute(
      `update ${table} set to_day = ? where to_day is null and ${column} in (select value from json_array_elements_text(?::json))`,
      [day, JSON.stringify(batch.map(({ after }) => after.code))],
    );
  }
}

const does =
  (...wanted: PlaceDeed[]) =>
  (step: Step<PlaceState>): boolean =>
    deedsOf(step).some((deed) => wanted.includes(deed));

const rowsOf = (steps: Step<PlaceState>[]): string =>
  JSON.stringify(steps.map(({ after }) => ({ ...after, words: foldedText(after.name) })));
