/** Where a permission holds: a whole school system, or one site. */
export interface Location {
  level: 'system' | 'site';
  /** 3 characters for a system, 6 for a site. */
  code: string;
}

/** A location with what pages show of it. For a system, `system` is the system itself. */
export interface PlacedLocation extends Location {
  name: string;
  kind: string;
  system: { code: string; name: string };
  open: boolean;
}

/** The key of a location in maps: `site:001005`. */
export const locationKey = (location: Location): string => `${location.level}:${location.code}`;
