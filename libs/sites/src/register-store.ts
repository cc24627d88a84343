import type { EntityManager } from '@mikro-orm/postgresql';
import { batches, foldedText } from '#kernel';
import type { Location } from './location.js';
import type { Progress } from './register-row.js';
import { beginCodes, beginNames, beginParents, beginServing, closePlaces, reopenPlaces } from './place-periods.js';
import {
  deedsOf,
  type PlaceDeed,
  type PlaceState,
  type RegisterState,
  type RegisterSteps,
  type SiteState,
  type Step,
  type SystemState,
} from './register-state.js';

/** Any number; one register import at a time. */
const importLock = 5_000_001;

/** Holds other imports until this transaction ends. */
export const lockRegister = (em: EntityManager): Promise<unknown> =>
  em.execute(`select pg_advisory_xact_lock(${importLock})`);

/**
 * All places as the register has them; open means not closed, whatever the day. Plain queries put together here: one with
 * joins comes near the time limit of statements where a country is in the register.
 */
export async function readState(em: EntityManager): Promise<RegisterState> {
  const systems = await em.execute<SystemState[]>(
    `select code, name, kind, closed_on is null as open from school_system`,
  );
  const sites = await em.execute<Omit<SiteState, 'systemCode'>[]>(
    `select code, name, kind, closed_on is null as open from site`,
  );
  const valueOf = async (sql: string): Promise<Map<string, string>> =>
    new Map((await em.execute<{ code: string; value: string }[]>(sql)).map(({ code, value }) => [code, value]));
  const codes = await valueOf(
    `select code, value from place_code where level = 'site' and scheme = 'federal' and to_day is null`,
  );
  const serving = await valueOf(
    `select site_code as code, system_code as value from site_serving where to_day is null`,
  );
  const parents = await valueOf(`select site_code as code, system_code as value from site_parent where to_day is null`);
  const lastParents = await valueOf(
    `select distinct on (site_code) site_code as code, system_code as value from site_parent
     where site_code in (select code from site where closed_on is not null) order by site_code, to_day desc nulls first, from_day desc`,
  );
  return {
    systems: new Map(systems.map((system) => [system.code, system])),
    sites: new Map(
      sites.map(({ code, name, kind, open }) => [
        code,
        {
          code,
          name,
          kind,
          federalCode: codes.get(code),
          systemCode: (parents.get(code) ?? lastParents.get(code))!,
          serving: serving.get(code),
          open,
        },
      ]),
    ),
  };
}

/** The latest day, up to today, on which anything in the register changed. */
export async function lastChange(em: EntityManager, today: string): Promise<string | undefined> {
  const latest = ['place_name', 'site_parent', 'site_serving', 'place_code'].map(
    (table) =>
      `(select max(day) from ${table}, lateral (values (from_day), (to_day)) as one (day) where day <= ?::date)`,
  );
  const [row] = await em.execute<{ day: string | null }[]>(
    `select greatest(${latest.join(', ')})::text as day`,
    latest.map(() => today),
  );
  return row?.day ?? undefined;
}

/** Writes a plan: places as they are now, and the history of what changes about them up to and from `day`. */
export async function writePlan(
  em: EntityManager,
  { systems, sites }: RegisterSteps,
  day: string,
  progress?: Progress,
): Promise<void> {
  for (const [level, steps] of levels({ systems, sites })) {
    const codes = (deed: PlaceDeed): string[] => after(steps.filter(does(deed))).map(({ code }) => code);
    await reopenPlaces(em, level, codes('reopened'), day);
    await closePlaces(em, level, codes('gone'), day);
  }
  const work = [
    ...levels({ systems, sites }).flatMap(([level, steps]) => [
      portion(after(steps), (places) => writePlaces(em, level, places, day)),
      portion(after(steps.filter(does('new', 'reopened', 'renamed'))), (places) => beginNames(em, level, places, day)),
    ]),
    portion(after(sites.filter(does('new', 'reopened', 'moved'))), (places) => beginParents(em, places, day)),
    portion(after(sites.filter(isServedAnew)), (places) =>
      beginServing(
        em,
        places.map(({ code, serving }) => ({ code, systemCode: serving ?? null })),
        day,
      ),
    ),
    portion(after(sites.filter(isCodedAnew)), (places) =>
      beginCodes(
        em,
        { level: 'site', scheme: 'federal' },
        places.map(({ code, federalCode }) => ({ code, value: federalCode ?? null })),
        day,
      ),
    ),
  ];
  const total = work.reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  for (const { pieces } of work) {
    for (const piece of pieces) {
      done += await piece();
      progress?.('written', done, total);
    }
  }
}

const levels = ({ systems, sites }: RegisterSteps): [Location['level'], Step[]][] => [
  ['system', systems],
  ['site', sites],
];

/** One kind of rows to write, a batch at a time; each piece answers how many it wrote. */
function portion<Place>(places: Place[], write: (batch: Place[]) => Promise<void>) {
  return {
    count: places.length,
    pieces: batches(places).map((batch) => () => write(batch).then(() => batch.length)),
  };
}

const isServedAnew = ({ before, after }: Step<SiteState>): boolean => after.open && before?.serving !== after.serving;
const isCodedAnew = ({ before, after }: Step<SiteState>): boolean => before?.federalCode !== after.federalCode;

async function writePlaces(
  em: EntityManager,
  level: Location['level'],
  places: PlaceState[],
  day: string,
): Promise<void> {
  await em.execute(
    `insert into ${level === 'system' ? 'school_system' : 'site'} (code, name, name_key, kind, opened_on)
     select code, name, words, kind, ?::date from json_to_recordset(?::json) as row (code text, name text, words text, kind text)
     on conflict (code) do update set name = excluded.name, name_key = excluded.name_key, kind = excluded.kind`,
    [day, JSON.stringify(places.map(({ code, name, kind }) => ({ code, name, kind, words: foldedText(name) })))],
  );
}

const does =
  (...wanted: PlaceDeed[]) =>
  (step: Step): boolean =>
    deedsOf(step).some((deed) => wanted.includes(deed));

const after = <Place extends PlaceState>(steps: Step<Place>[]): Place[] => steps.map((step) => step.after);
