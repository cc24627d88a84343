import type { EntityManager } from '@mikro-orm/postgresql';
import { isPlaceCode, type Location } from './location.js';
import { sitesProblems } from './problems.js';

/** Holds systems for reading, sites for changing. Systems are taken before sites, each in the order of their codes. */
export async function holdPlaces(em: EntityManager, level: Location['level'], codes: string[]): Promise<void> {
  const table = level === 'site' ? 'site' : 'school_system';
  const how = level === 'site' ? 'update' : 'share';
  await em.execute(
    `select code from ${table} where code in (select value from json_array_elements_text(?::json)) order by code for ${how}`,
    [JSON.stringify(codes.filter(isPlaceCode))],
  );
}

/**
 * History is written forward only: refuses a day before the latest day, up to today, on which a link of the site began or
 * ended.
 * @returns whether a link is to begin or end after the day
 * @throws sites.wrong-day (422)
 */
export async function checkForward(
  em: EntityManager,
  table: 'site_parent' | 'site_serving',
  siteCode: string,
  { day, today }: { day: string; today: string },
): Promise<boolean> {
  const [row] = await em.execute<{ last: string | null; planned: boolean }[]>(
    `select greatest(max(from_day) filter (where from_day <= ?::date), max(to_day) filter (where to_day <= ?::date))::text as last,
       coalesce(bool_or(from_day > ?::date or to_day > ?::date), false) as planned
     from ${table} where site_code = ? and to_day is distinct from from_day`,
    [today, today, day, day, siteCode],
  );
  if (row!.last && day < row!.last)
    throw sitesProblems.wrongDay(
      `A change of ${row!.last} is on record already; choose that day or a later one. Nothing was changed.`,
    );
  return row!.planned;
}
