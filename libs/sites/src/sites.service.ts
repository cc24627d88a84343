import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, foldedText, localDay } from '#kernel';
import type { CodeScheme } from './kinds.js';
import { isPlaceCode, type Location, locationKey, type PlacedLocation } from './location.js';
import { type PlaceEvent, placeEvents } from './place-events.js';
import {
  boundariesBetween,
  heirOfSite,
  heldOn,
  placedOf,
  type PlaceRow,
  placesOnDay,
  searchPlaces,
} from './place-queries.js';
import { sitesProblems } from './problems.js';

/** Looks up where things are, and were; changes nothing. `at` is now unless another moment is named; its local day counts. */
@Injectable()
export class SitesService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
  ) {}

  /**
   * One location as it was on that day: name, system, serving system, open or not.
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
    if (placed.open) return placed;
    const heirs = await this.em.execute<{ code: string; name: string }[]>(heirOfSite, [placed.code]);
    const heir = location.level === 'site' ? heirs[0] : undefined;
    throw sitesProblems.closed(
      heir
        ? `${placed.name} (${placed.code}) is closed; ${heir.name} (${heir.code}) took over from it. Choose that one.`
        : `${placed.name} (${placed.code}) is closed. Choose the place where the work is done now.`,
    );
  }

  /** Many locations in one query, by `locationKey`; unknown ones are left out. */
  async placeMany(locations: Location[], at = this.clock.now()): Promise<Map<string, PlacedLocation>> {
    const known = locations.filter(({ code }) => isPlaceCode(code));
    if (!known.length) return new Map();
    const wanted = JSON.stringify(known.map(({ level, code }) => ({ level, code })));
    const rows = await this.em.execute<PlaceRow[]>(placesOnDay, [localDay(at), wanted]);
    return new Map(rows.map((row) => [locationKey(row), placedOf(row)]));
  }

  /** Systems open on that day, by name. */
  async systems(at = this.clock.now()): Promise<PlacedLocation[]> {
    const all = await this.em.execute<Location[]>(`select 'system' as level, code from school_system`);
    return (await this.placed(all, at)).filter(({ open }) => open).sort(byName);
  }

  /** Open sites a system owns on that day, by name. */
  sitesOf(systemCode: string, at = this.clock.now()): Promise<PlacedLocation[]> {
    return this.linked('site_parent', systemCode, at);
  }

  /** Open sites a system serves on that day, by name. */
  servedBy(systemCode: string, at = this.clock.now()): Promise<PlacedLocation[]> {
    return this.linked('site_serving', systemCode, at);
  }

  /** Codes other offices know a place by on that day. */
  async codes({ level, code }: Location, at = this.clock.now()): Promise<Partial<Record<CodeScheme, string>>> {
    const rows = await this.em.execute<{ scheme: CodeScheme; value: string }[]>(
      `with asked as (select ?::date as day)
       select scheme, value from asked, place_code c where level = ? and code = ? and ${heldOn('c')} order by scheme`,
      [localDay(at), level, code],
    );
    return Object.fromEntries(rows.map(({ scheme, value }) => [scheme, value]));
  }

  /**
   * What happened to a place, oldest first.
   * @throws sites.unknown-code (422)
   */
  async history(location: Location): Promise<PlaceEvent[]> {
    await this.place(location);
    return placeEvents(this.em, location);
  }

  /**
   * What begins or ends by itself after one day, up to and with another ('YYYY-MM-DD'): codes of systems whose sites or
   * served sites change, and of sites that close.
   */
  async boundaries(afterDay: string, toDay: string): Promise<{ systems: string[]; closedSites: string[] }> {
    const rows = await this.em.execute<{ code: string; closed: boolean }[]>(boundariesBetween, [afterDay, toDay]);
    const codes = (closed: boolean): string[] => rows.filter((row) => row.closed === closed).map(({ code }) => code);
    return { systems: codes(false), closedSites: codes(true) };
  }

  /**
   * Open places whose name, system or code holds every word typed; systems first.
   * @param text as typed; case and accents do not matter
   */
  async search(text: string, limit = 20): Promise<PlacedLocation[]> {
    const words = foldedText(text.slice(0, 100)).split(' ').filter(Boolean).slice(0, 8);
    if (!words.length) return [];
    const now = this.clock.now();
    const likes = words.flatMap((word) => [`%${escaped(word)}%`, `${escaped(word)}%`]);
    const found = await this.em.execute<Location[]>(searchPlaces(words.length), [
      localDay(now),
      ...likes,
      Math.min(limit, 100),
    ]);
    return this.placed(found, now);
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

  /** In the order given. */
  private async placed(locations: Location[], at: Date): Promise<PlacedLocation[]> {
    const places = await this.placeMany(locations, at);
    return locations.flatMap((location) => places.get(locationKey(location)) ?? []);
  }

  private async linked(table: 'site_parent' | 'site_serving', system: string, at: Date): Promise<PlacedLocation[]> {
    const sites = await this.em.execute<Location[]>(
      `with asked as (select ?::date as day)
       select 'site' as level, site_code as code from asked, ${table} link where system_code = ? and ${heldOn('link')}`,
      [localDay(at), system],
    );
    return (await this.placed(sites, at)).filter(({ open }) => open).sort(byName);
  }
}

const escaped = (word: string): string => word.replace(/[\\%_]/g, '\\$&');

const byName = (one: PlacedLocation, other: PlacedLocation): number =>
  one.name.localeCompare(other.name) || (one.code < other.code ? -1 : 1);
