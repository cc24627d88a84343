import type { EntityManager } from '@mikro-orm/postgresql';
import { type Clock, isDay, localDay } from '#kernel';
import { isPlaceCode, type Location, type PlacedLocation } from './location.js';
import { sitesProblems } from './problems.js';
import type { SitesService } from './sites.service.js';

/** A moment of a day, for questions about that day. */
export const noonOf = (day: string): Date => new Date(`${day}T18:00:00Z`);

/** What verbs on single places begin with: the day is checked, the places are held still. */
export class PlaceHolds {
  constructor(
    protected readonly em: EntityManager,
    protected readonly sites: SitesService,
    private readonly clock: Clock,
  ) {}

  protected today(): string {
    return localDay(this.clock.now());
  }

  /** @throws sites.wrong-day (422) when it is no day */
  protected dayOf(fromDay = this.today()): string {
    if (!isDay(fromDay))
      throw sitesProblems.wrongDay('The day must be a date such as 2026-07-15. Nothing was changed.');
    return fromDay;
  }

  /** Holds systems for reading, sites for changing. Systems are taken before sites, each in the order of their codes. */
  protected async hold(level: Location['level'], codes: string[]): Promise<void> {
    const table = level === 'site' ? 'site' : 'school_system';
    const how = level === 'site' ? 'update' : 'share';
    await this.em.execute(
      `select code from ${table} where code in (select value from json_array_elements_text(?::json)) order by code for ${how}`,
      [JSON.stringify(codes.filter(isPlaceCode))],
    );
  }

  /**
   * A place as it is today; held, and open today and on the day named.
   * @throws sites.unknown-code, sites.closed, sites.wrong-day (422)
   */
  protected async held(location: Location, day = this.today()): Promise<PlacedLocation> {
    await this.hold(location.level, [location.code]);
    const place = await this.sites.placeOpen(location);
    if (day !== this.today() && !(await this.sites.place(location, noonOf(day))).open)
      throw sitesProblems.wrongDay(`${place.name} was not open on ${day}. Choose a day it was. Nothing was changed.`);
    return place;
  }

  /**
   * History is written forward only: refuses a day before the latest one, up to today, on which a link of the site began
   * or ended.
   * @returns whether a link is to begin or end after the day
   * @throws sites.wrong-day (422)
   */
  protected async checkForward(table: 'site_parent' | 'site_serving', siteCode: string, day: string): Promise<boolean> {
    const today = this.today();
    const [row] = await this.em.execute<{ last: string | null; planned: boolean }[]>(
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
}
