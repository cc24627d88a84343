import type { Location, PlacedLocation } from './location.js';
import { sectorOf, type SiteKind, type SystemKind } from './kinds.js';

/* Places as they were on a day, as SQL. `asked.day` is the day; a period that ends on its first day never held. */

/** Whether a period holds on the day. */
export const heldOn = (alias: string): string =>
  `${alias}.from_day <= asked.day and coalesce(${alias}.to_day > asked.day, true)`;

/** The period nearest to the day: the one that holds, else the one before it, else the first one after it. */
const nearest = (alias: string): string =>
  `order by ${alias}.to_day is distinct from ${alias}.from_day desc, ${alias}.from_day <= asked.day desc, abs(${alias}.from_day - asked.day) limit 1`;

const nameOf = (level: Location['level'], alias: string): string =>
  `coalesce((select n.name from place_name n where n.level = '${level}' and n.code = ${alias}.code ${nearest('n')}), ${alias}.name)`;

const openOn = (level: Location['level'], alias: string): string =>
  `((coalesce(${alias}.opened_on <= asked.day, true) and coalesce(${alias}.closed_on > asked.day, true)) or exists (
    select from place_life l where l.level = '${level}' and l.code = ${alias}.code
      and coalesce(l.from_day <= asked.day, true) and l.to_day > asked.day))`;

/**
 * The places wanted; closed sites keep the last system they belonged to.
 * Parameters: the day, and JSON `[{level, code}]`. Rows: PlaceRow.
 */
export const placesOnDay = `
  with asked as (select ?::date as day),
    wanted as (select distinct level, code from json_to_recordset(?::json) as place (level text, code text))
  select 'system' as level, s.code, ${nameOf('system', 's')} as name, s.kind, s.kind as system_kind, s.code as system_code,
    null as system_name, null as serving_code, null as serving_name, ${openOn('system', 's')} as open
  from asked, wanted join school_system s on wanted.level = 'system' and s.code = wanted.code
  union all
  select 'site', t.code, ${nameOf('site', 't')}, t.kind, s.kind, s.code,
    ${nameOf('system', 's')}, v.code, ${nameOf('system', 'v')}, ${openOn('site', 't')}
  from asked cross join wanted join site t on wanted.level = 'site' and t.code = wanted.code
  join lateral (select p.system_code from site_parent p where p.site_code = t.code ${nearest('p')}) parent on true
  join school_system s on s.code = parent.system_code
  left join site_serving serving on serving.site_code = t.code and ${heldOn('serving')}
  left join school_system v on v.code = serving.system_code`;

/**
 * Level and code of open places that hold every word, under their present names; systems first.
 * Parameters: the day, for each word two patterns, how many.
 */
export const searchPlaces = (words: number): string => `
  with asked as (select ?::date as day)
  select level, code from (
    select 'system' as level, s.code, s.name, s.name_key as words from asked, school_system s
    where coalesce(s.opened_on <= asked.day, true) and coalesce(s.closed_on > asked.day, true)
    union all
    select 'site', t.code, t.name, t.name_key || ' ' || s.name_key
    from asked cross join site t join site_parent p on p.site_code = t.code and ${heldOn('p')} join school_system s on s.code = p.system_code
    where coalesce(t.opened_on <= asked.day, true) and coalesce(t.closed_on > asked.day, true)
  ) place
  where ${Array.from({ length: words }, () => `(words like ? or lower(code) like ?)`).join(' and ')}
  order by level desc, name, code limit ?`;

const turned = (table: string): string =>
  `select site_code, system_code from ${table}, asked where to_day is distinct from from_day
     and (from_day > asked.after and from_day <= asked.day or to_day > asked.after and to_day <= asked.day)`;

/**
 * Systems whose links with sites begin or end after one day, up to and with another, and sites that close.
 * Parameters: the two days. Rows: code, and whether it is a site that closes.
 */
export const boundariesBetween = `
  with asked as (select ?::date as after, ?::date as day), turned as (${turned('site_parent')} union ${turned('site_serving')})
  select system_code as code, false as closed from turned
  union select p.system_code, false from asked, turned join site_parent p using (site_code) where ${heldOn('p')}
  union select code, true from asked, site where closed_on > asked.after and closed_on <= asked.day
  order by code`;

/** The site a closed one was merged into. Parameter: the code of the closed one. Rows: code, name. */
export const heirOfSite = `
  select heir.code, heir.name from site_merger m join site t on t.code = m.site_code and t.closed_on = m.on_day
  join site heir on heir.code = m.into_code where m.site_code = ?`;

export interface PlaceRow {
  level: Location['level'];
  code: string;
  name: string;
  kind: SystemKind | SiteKind;
  system_kind: SystemKind;
  system_code: string;
  system_name: string | null;
  serving_code: string | null;
  serving_name: string | null;
  open: boolean;
}

export const placedOf = (row: PlaceRow): PlacedLocation => ({
  level: row.level,
  code: row.code,
  name: row.name,
  kind: row.kind,
  sector: sectorOf(row.kind, row.system_kind),
  system: { code: row.system_code, name: row.system_name ?? row.name },
  ...(row.serving_code && { serving: { code: row.serving_code, name: row.serving_name! } }),
  open: row.open,
});
