import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, foldedText, localDay } from '#kernel';
import { type Location, locationKey, type PlacedLocation } from './location.js';
import { sitesProblems } from './problems.js';

interface PlaceRow {
  level: Location['level'];
  code: string;
  name: string;
  kind: string;
  system_code: string;
  system_name: string;
  open: boolean;
}

/** Systems and sites in one list; a closed site keeps the last system it belonged to. Bound to one day, see `daysOf`. */
const places = `
  select 'system' as level, s.code, s.name, s.kind, s.code as system_code, s.name as system_name, s.name_key as words,
    coalesce(s.opened_on <= ?::date, true) and coalesce(s.closed_on > ?::date, true) as open
  from school_system s
  union all
  select 'site', t.code, t.name, t.kind, s.code, s.name, t.name_key || ' ' || s.name_key,
    coalesce(t.opened_on <= ?::date, true) and coalesce(t.closed_on > ?::date, true)
  from site t
  join lateral (
    select system_code from site_parent where site_code = t.code
    order by (from_day <= ?::date and coalesce(to_day > ?::date, true)) desc, from_day desc, to_day desc nulls first limit 1
  ) parent on true
  join school_system s on s.code = parent.system_code`;

/** A day for each question mark of `places`. */
const daysOf = (day: string): string[] => Array.from({ length: 6 }, () => day);

/** Looks up where things are; changes nothing. */
@Injectable()
export class SitesService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
  ) {}

  /**
   * One location with its name, system and whether it is open on that day; the name is today's.
   * @throws sites.unknown-code (422)
   */
  async place(location: Location, at = this.clock.now()): Promise<PlacedLocation> {
    const placed = (await this.placeMany([location], at)).get(locationKey(location));
    if (!placed)
      throw sitesProblems.unknownCode(
        `There is no ${location.level === 'system' ? 'school system' : 'site'} with this code. Search for it by name and choose it from the list.`,
      );
    return placed;
  }

  /**
   * As `place`, for acts that need an open place.
   * @throws sites.unknown-code, sites.closed (422)
   */
  async placeOpen(location: Location): Promise<PlacedLocation> {
    const placed = await this.place(location);
    if (!placed.open)
      throw sitesProblems.closed(
        `${placed.name} (${placed.code}) is closed. Choose the place where the work is done now.`,
      );
    return placed;
  }

  /** Many locations in one query, by `locationKey`; unknown ones are left out. */
  async placeMany(locations: Location[], at = this.clock.now()): Promise<Map<string, PlacedLocation>> {
    const known = locations.filter(({ code }) => /^[0-9A-Z]{3}([0-9A-Z]{3})?$/.test(code));
    if (!known.length) return new Map();
    const wanted = JSON.stringify(known.map(({ level, code }) => ({ level, code })));
    const rows = await this.em.execute<PlaceRow[]>(
      `select place.* from (${places}) place join json_to_recordset(?::json) as wanted (level text, code text) using (level, code)`,
      [...daysOf(localDay(at)), wanted],
    );
    return new Map(rows.map((row) => [locationKey(row), placedOf(row)]));
  }

  /**
   * Open places whose name, system or code holds every word typed; systems first.
   * @param text as typed; case and accents do not matter
   */
  async search(text: string, limit = 20): Promise<PlacedLocation[]> {
    const words = foldedText(text.slice(0, 100)).split(' ').filter(Boolean).slice(0, 8);
    if (!words.length) return [];
    const each = words.map(() => `(words like ? or lower(code) like ?)`).join(' and ');
    const likes = words.flatMap((word) => [`%${escaped(word)}%`, `${escaped(word)}%`]);
    const rows = await this.em.execute<PlaceRow[]>(
      `select place.* from (${places}) place where open and ${each} order by level desc, name, code limit ?`,
      [...daysOf(localDay(this.clock.now())), ...likes, Math.min(limit, 100)],
    );
    return rows.map(placedOf);
  }

  /**
   * Whether a text is the name of a system or site, open or not.
   * @param text letters and digits only, in small letters without accents
   */
  async isName(text: string): Promise<boolean> {
    const rows = await this.em.execute<unknown[]>(
      `select code from (select code, name_key from school_system union all select code, name_key from site) place
       where regexp_replace(name_key, '[^[:alnum:]]', '', 'g') = ? limit 1`,
      [text],
    );
    return rows.length > 0;
  }
}

const escaped = (word: string): string => word.replace(/[\\%_]/g, '\\$&');

const placedOf = (row: PlaceRow): PlacedLocation => ({
  level: row.level,
  code: row.code,
  name: row.name,
  kind: row.kind,
  system: { code: row.system_code, name: row.system_name },
  open: row.open,
});
