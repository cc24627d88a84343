import { isDay, isPlainText } from '#kernel';
import type { Location, PlacedLocation, SitesService } from '#sites';
import { locationKey, sitesProblems } from '#sites';
import { type Reach, reaches } from './coordinator.js';
import { coordinatorsProblems } from './problems.js';

/** Makes a person a coordinator. */
export interface Designation {
  staffMemberId: string;
  reach: Reach;
  /** For `system`; for `group` and `site` it is found from the sites, and must fit when given. */
  systemCode?: string;
  /** One for `site`, one or more of one system for `group`. */
  siteCodes?: string[];
  /** Limit to one application. */
  application?: string;
  /** 'YYYY-MM-DD'; today when absent. */
  fromDay?: string;
  /** First day no longer a coordinator. */
  toDay?: string;
}

/** A scope that holds together: what is stored. */
export interface Scope {
  systemCode: string | null;
  siteCodes: string[];
}

const wrong = (detail: string): Error => coordinatorsProblems.wrongScope(detail);

/**
 * Turns the places of a designation into a scope.
 * @throws Problem 422 when places are unknown, closed, of several systems, or do not fit the reach
 */
export async function scopeOf(sites: SitesService, { reach, systemCode, siteCodes = [] }: Designation): Promise<Scope> {
  if (!reaches.includes(reach)) throw wrong('Choose the state, a school system, a group of sites or one site.');
  if (reach === 'state') {
    if (systemCode || siteCodes.length) throw wrong('The state desk has no system and no sites. Leave both out.');
    return { systemCode: null, siteCodes: [] };
  }
  if (reach === 'system') {
    if (!systemCode || siteCodes.length)
      throw wrong('Name the school system, and no sites: all of its sites come with it.');
    return { systemCode: (await sites.placeOpen({ level: 'system', code: systemCode })).code, siteCodes: [] };
  }
  const codes = [...new Set(siteCodes)].sort();
  if (!codes.length || (reach === 'site' && codes.length > 1))
    throw wrong(reach === 'site' ? 'Name one site.' : 'Name the sites of the group.');
  const systems = new Set((await openSites(sites, codes)).map((place) => place.system.code));
  if (systems.size > 1) throw wrong('The sites belong to several school systems. Make one assignment for each system.');
  const [system] = [...systems];
  if (systemCode && systemCode !== system) throw wrong('The sites do not belong to that school system today.');
  return { systemCode: system!, siteCodes: codes };
}

async function openSites(sites: SitesService, codes: string[]): Promise<PlacedLocation[]> {
  const locations = codes.map((code): Location => ({ level: 'site', code }));
  const placed = await sites.placeMany(locations);
  return locations.map((location) => {
    const place = placed.get(locationKey(location));
    if (!place)
      throw sitesProblems.unknownCode(
        `There is no site with the code ${location.code.slice(0, 20)}. Search for it by name.`,
      );
    if (!place.open) throw sitesProblems.closed(`${place.name} (${place.code}) is closed. Choose another site.`);
    return place;
  });
}

/** @throws Problem 422 when the days are no days or cross */
export function checkedDays(from: string, to: string | undefined): void {
  if (!isDay(from) || (to !== undefined && !isDay(to)))
    throw wrong('Write days as year-month-day, such as 2026-08-15.');
  if (to !== undefined && to <= from) throw wrong('The last day comes before the first. Check both days.');
}

/** @throws Problem 422 when the reason for an end is empty, too long or holds invisible characters */
export function checkedReason(reason: string): string {
  if (!reason.trim() || reason.length > 2000 || !isPlainText(reason))
    throw wrong('Say why in 1 to 2,000 characters of plain text.');
  return reason;
}
