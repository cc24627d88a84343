import type { CatalogService } from '#catalog';
import { isDay, isPlainText } from '#kernel';
import {
  answeringSystem,
  type Location,
  locationKey,
  type PlacedLocation,
  type SitesService,
  sitesProblems,
} from '#sites';
import { type Reach, reaches } from './coordinator.js';
import { coordinatorsProblems } from './problems.js';

/** Makes a person a coordinator. */
export interface Designation {
  staffMemberId: string;
  reach: Reach;
  /** For `system`; for `group` and `site` it is found from the sites when absent. */
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

/** How many sites one assignment may name; who needs more is a coordinator of the system (CO-2). */
const mostSites = 2000;

const wrong = (detail: string): Error => coordinatorsProblems.wrongScope(detail);

/**
 * Turns the places of a designation into a scope. Sites belong to a system when it owns them today; those it only serves
 * belong to it for an application that is decided there by the serving system.
 * @throws Problem 422 when places are unknown, closed, too many, of several systems, or do not fit the reach
 */
export async function scopeOf(
  { sites, catalog }: { sites: SitesService; catalog: CatalogService },
  { reach, systemCode, siteCodes = [], application }: Omit<Designation, 'staffMemberId'>,
): Promise<Scope> {
  if (!reaches.includes(reach)) throw wrong('Choose the state, a school system, a group of sites or one site.');
  const servedSites = application !== undefined && catalog.application(application).servedSites;
  if (reach === 'state') {
    if (systemCode || siteCodes.length) throw wrong('The state desk has no system and no sites. Leave both out.');
    return { systemCode: null, siteCodes: [] };
  }
  if (reach === 'system') {
    if (!systemCode || siteCodes.length)
      throw wrong('Name the school system, and no sites: all of its sites come with it.');
    return { systemCode: (await sites.placeOpen({ level: 'system', code: systemCode })).code, siteCodes: [] };
  }
  const codes = checkedCodes(reach, siteCodes);
  const places = await openSites(sites, codes);
  const system = systemCode ?? answeringSystem(places[0]!, servedSites)?.code ?? places[0]!.system.code;
  const foreign = places.filter((place) => !belongs(place, system, servedSites));
  if (foreign.length) throw wrong(foreignWords(foreign, system));
  return { systemCode: system, siteCodes: codes };
}

function checkedCodes(reach: Reach, siteCodes: string[]): string[] {
  if (siteCodes.length > mostSites)
    throw wrong(
      `One assignment holds at most ${mostSites.toLocaleString('en-US')} sites. Name the school system instead: all of its sites come with it.`,
    );
  const codes = [...new Set(siteCodes)].sort();
  if (!codes.length || (reach === 'site' && codes.length > 1))
    throw wrong(reach === 'site' ? 'Name one site.' : 'Name the sites of the group.');
  return codes;
}

const belongs = (place: PlacedLocation, system: string, servedSites: boolean): boolean =>
  place.system.code === system || (servedSites && place.serving?.code === system);

const foreignWords = (foreign: PlacedLocation[], system: string): string =>
  `${foreign
    .slice(0, 5)
    .map(({ name, code }) => `${name} (${code})`)
    .join(', ')}${foreign.length > 5 ? ` and ${foreign.length - 5} more` : ''} ${
    foreign.length === 1 ? 'does' : 'do'
  } not belong to the school system ${system} today. Leave ${foreign.length === 1 ? 'it' : 'them'} out, or make one assignment for each school system.`;

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

/**
 * The days of an assignment. It never begins in the past: who decided when stays as it was.
 * @throws Problem 422 when the days are no days, lie before today or cross
 */
export function checkedDays(from: string, to: string | undefined, today: string): void {
  if (!isDay(from) || (to !== undefined && !isDay(to)))
    throw wrong('Write days as year-month-day, such as 2026-08-15.');
  if (from < today) throw wrong('The first day has passed. An assignment begins today or later.');
  if (to !== undefined && to <= from) throw wrong('The last day comes before the first. Check both days.');
}

/** @throws Problem 422 when a reason is empty, too long or holds invisible characters */
export function checkedReason(reason: string): string {
  if (!reason.trim() || reason.length > 2000 || !isPlainText(reason))
    throw wrong('Say why in 1 to 2,000 characters of plain text.');
  return reason.trim();
}
