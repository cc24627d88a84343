import { days, readableDate } from '#kernel';
import type { Reach } from './coordinator.js';

/** What a scope is told with; names, not codes. */
export interface NamedScope {
  reach: Reach;
  system?: string;
  /** Names of its sites; the first few are enough where `siteCount` says how many there are. */
  sites: string[];
  siteCount?: number;
  application?: string;
}

/** A scope in words that follow "coordinator": "for Acadia Parish", "for 3 sites of Acadia Parish, for SER only". */
export function scopeInWords({ reach, system, sites, siteCount = sites.length, application }: NamedScope): string {
  const places = {
    state: 'at the state desk',
    system: `for ${system}`,
    group: `for ${siteCount === 1 ? (sites[0] ?? 'one site') : `${siteCount} sites`} of ${system}`,
    site: `for ${sites[0] ?? 'one site'} in ${system}`,
  };
  return `${places[reach]}${application ? `, for ${application} only` : ''}`;
}

/** The day before: something that ends before Saturday holds until Friday, and people are told Friday. @param day 'YYYY-MM-DD' */
export const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) - days(1)).toISOString().slice(0, 10);

/** A day as people read it: June 1, 2027. @param day 'YYYY-MM-DD' */
export const dayInWords = (day: string): string => readableDate(new Date(`${day}T12:00:00Z`));
