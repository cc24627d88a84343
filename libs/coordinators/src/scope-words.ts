import { days, readableDate } from '#kernel';
import type { PlacedLocation } from '#sites';
import type { Reach } from './coordinator.js';

/** What a scope is told with; names, not codes. */
export interface NamedScope {
  reach: Reach;
  system?: string;
  /** Names of its sites; the first few are enough where `siteCount` says how many there are. */
  sites: string[];
  siteCount?: number;
  /** How many of its sites the system serves and does not own. */
  served?: number;
  application?: string;
}

/** A scope in words that follow "coordinator": "for Acadia Parish", "for 3 sites of Acadia Parish, for SER only". */
export function scopeInWords(scope: NamedScope): string {
  const places = {
    state: () => 'at the state office',
    system: () => `for ${scope.system}`,
    group: () => `for ${sitesInWords(scope)}`,
    site: () => `for ${sitesInWords(scope)}`,
  };
  return `${places[scope.reach]()}${scope.application ? `, for ${scope.application} only` : ''}`;
}

/** A system is said to serve what belongs to another one. */
function sitesInWords({ system, sites, siteCount = sites.length, served = 0 }: NamedScope): string {
  if (siteCount <= 1) return `${sites[0] ?? 'one site'}${served ? ', served by' : ' in'} ${system}`;
  if (served === 0) return `${siteCount} sites of ${system}`;
  return served < siteCount ? `${siteCount} sites in and served by ${system}` : `${siteCount} sites ${system} serves`;
}

/** How many of these places a system does not own: it serves them. */
export const servedCount = (systemCode: string | null | undefined, places: Iterable<PlacedLocation>): number =>
  [...places].filter(({ level, system }) => level === 'site' && system.code !== systemCode).length;

/** The day before: something that ends before Saturday holds until Friday, and people are told Friday. @param day 'YYYY-MM-DD' */
export const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) - days(1)).toISOString().slice(0, 10);

/** A day as people read it: June 1, 2027. @param day 'YYYY-MM-DD' */
export const dayInWords = (day: string): string => readableDate(new Date(`${day}T12:00:00Z`));
