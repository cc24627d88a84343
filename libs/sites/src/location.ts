import type { Sector, SiteKind, SystemKind } from './kinds.js';

/** Where a permission holds: a whole school system, or one site. */
export interface Location {
  /** Always said, never told from the code: states number their places with codes of any length. */
  level: 'system' | 'site';
  code: string;
}

/** A location with what pages show of it, as it was on the day asked for. For a system, `system` is the system itself. */
export interface PlacedLocation extends Location {
  name: string;
  kind: SystemKind | SiteKind;
  sector: Sector;
  /** The system that owns it. */
  system: { code: string; name: string };
  /** The public system that serves a site beside its owner; absent when nobody is on record. */
  serving?: { code: string; name: string };
  open: boolean;
}

/** The key of a location in maps: `site:001005`. */
export const locationKey = (location: Location): string => `${location.level}:${location.code}`;

/** Whether a text may be the code of a system or a site: capital letters, digits and hyphens, at most 30. */
export const isPlaceCode = (text: string): boolean => /^[0-9A-Z][0-9A-Z-]{0,29}$/.test(text);

/**
 * The school system whose coordinators answer for a place: the one place that says so (AC-5). Undefined: nobody is on
 * record, and the state desk answers.
 * @param servedSites whether the application is one that the serving system decides (`Application.servedSites`)
 */
export function answeringSystem(
  { level, sector, system, serving }: PlacedLocation,
  servedSites: boolean,
): PlacedLocation['system'] | undefined {
  if (level === 'system' || !servedSites) return system;
  return sector === 'public' ? (serving ?? system) : serving;
}
