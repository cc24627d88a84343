import type { EntityManager } from '@mikro-orm/postgresql';
import { batches, newId } from '#kernel';
import type { CodeScheme } from './kinds.js';
import type { Location } from './location.js';

/*
 * Writes the dated facts about places, thousands at once. Every function ends what held before on `day`, lets go of what
 * was to begin later, and begins the new period on `day`. Callers hold the places and have checked that the day is not
 * before what is known; the database refuses what would overlap.
 */

/** New names. The place's own row, which carries the latest name, is the caller's. */
export const beginNames = (
  em: EntityManager,
  level: Location['level'],
  names: { code: string; name: string }[],
  day: string,
): Promise<void> =>
  begin(
    em,
    { table: 'place_name', place: 'code', value: 'name', fixed: { level } },
    names.map(({ code, name }) => ({ code, value: name })),
    day,
  );

/** Moves sites to the systems named. */
export const beginParents = (
  em: EntityManager,
  parents: { code: string; systemCode: string }[],
  day: string,
): Promise<void> =>
  begin(
    em,
    { table: 'site_parent', place: 'site_code', value: 'system_code', fixed: {} },
    parents.map(({ code, systemCode }) => ({ code, value: systemCode })),
    day,
  );

/** Sites are served by the systems named; null: by nobody. */
export const beginServing = (
  em: EntityManager,
  serving: { code: string; systemCode: string | null }[],
  day: string,
): Promise<void> =>
  begin(
    em,
    { table: 'site_serving', place: 'site_code', value: 'system_code', fixed: {} },
    serving.map(({ code, systemCode }) => ({ code, value: systemCode })),
    day,
  );

/** New codes of one scheme; null: it has none any more. */
export const beginCodes = (
  em: EntityManager,
  { level, scheme }: { level: Location['level']; scheme: CodeScheme },
  codes: { code: string; value: string | null }[],
  day: string,
): Promise<void> =>
  begin(em, { table: 'place_code', place: 'code', value: 'value', fixed: { level, scheme } }, codes, day);

interface Dated {
  table: 'place_name' | 'site_parent' | 'site_serving' | 'place_code';
  /** Column with the place's code. */
  place: string;
  value: string;
  /** Columns with the same value in all rows. */
  fixed: Record<string, string>;
}

async function begin(
  em: EntityManager,
  { table, place, value, fixed }: Dated,
  rows: { code: string; value: string | null }[],
  day: string,
): Promise<void> {
  const columns = Object.keys(fixed);
  const values = Object.values(fixed);
  for (const batch of batches(rows)) {
    const where = columns.map((column) => `and ${column} = ? `).join('');
    await em.execute(
      `update ${table} set to_day = greatest(from_day, ?::date)
       where ${place} in (select value from json_array_elements_text(?::json)) and coalesce(to_day > ?::date, true) ${where}`,
      [day, JSON.stringify(batch.map(({ code }) => code)), day, ...values],
    );
    const begun = batch.filter((row) => row.value !== null).map((row) => ({ id: newId(), ...row }));
    if (!begun.length) continue;
    await em.execute(
      `insert into ${table} (id, ${place}, ${value}, from_day${columns.map((column) => `, ${column}`).join('')})
       select id::uuid, code, value, ?::date${columns.map(() => ', ?').join('')} from json_to_recordset(?::json) as row (id text, code text, value text)`,
      [day, ...values, JSON.stringify(begun)],
    );
  }
}

const tableOf = { system: 'school_system', site: 'site' };

/** Closes places: from `day` on a site belongs to nobody and is served by nobody, a system serves nobody. */
export async function closePlaces(
  em: EntityManager,
  level: Location['level'],
  codes: string[],
  day: string,
): Promise<void> {
  for (const batch of batches(codes)) {
    const list = JSON.stringify(batch);
    const theirs = `in (select value from json_array_elements_text(?::json))`;
    await em.execute(`update ${tableOf[level]} set closed_on = ? where closed_on is null and code ${theirs}`, [
      day,
      list,
    ]);
    const open = `${level}_code ${theirs} and coalesce(to_day > ?::date, true)`;
    await em.execute(`update site_serving set to_day = greatest(from_day, ?::date) where ${open}`, [day, list, day]);
    // A site that moved and closed on one day moved all the same.
    if (level === 'site')
      await em.execute(`update site_parent set to_day = greatest(from_day + 1, ?::date) where ${open}`, [
        day,
        list,
        day,
      ]);
  }
}

/** Opens closed places again and keeps the life they had. Parents and serving links begin apart. */
export async function reopenPlaces(
  em: EntityManager,
  level: Location['level'],
  codes: string[],
  day: string,
): Promise<void> {
  for (const batch of batches(codes)) {
    const closed = `closed_on is not null and code in (select value from json_array_elements_text(?::json))`;
    const rows = await em.execute<{ code: string }[]>(`select code from ${tableOf[level]} where ${closed}`, [
      JSON.stringify(batch),
    ]);
    const list = JSON.stringify(rows.map(({ code }) => ({ id: newId(), code })));
    await em.execute(
      `insert into place_life (id, level, code, from_day, to_day) select row.id::uuid, ?, code, opened_on, closed_on
       from json_to_recordset(?::json) as row (id text, code text) join ${tableOf[level]} using (code)`,
      [level, list],
    );
    await em.execute(`update ${tableOf[level]} set opened_on = ?, closed_on = null where ${closed}`, [
      day,
      JSON.stringify(batch),
    ]);
  }
}
