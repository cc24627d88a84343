import type { SiteKind, SystemKind } from './kinds.js';
import type { Location } from './location.js';

export interface SystemState {
  code: string;
  name: string;
  kind: SystemKind;
  open: boolean;
}

export interface SiteState {
  code: string;
  name: string;
  kind: SiteKind;
  federalCode?: string;
  /** The system it belongs to, or belonged to when it closed. */
  systemCode: string;
  /** The public system that serves it beside its owner. */
  serving?: string;
  open: boolean;
}

export type PlaceState = SystemState | SiteState;

/** All places by code, closed ones too. */
export interface RegisterState {
  systems: Map<string, SystemState>;
  sites: Map<string, SiteState>;
}

/** What changes about one place; `before` is absent when it is new. */
export interface Step<Place extends PlaceState = PlaceState> {
  before?: Place;
  after: Place;
}

/** What changes about places. */
export interface RegisterSteps {
  systems: Step<SystemState>[];
  sites: Step<SiteState>[];
}

/** What happens to a place, in the words of the preview. One step may do several. */
export const deeds = ['new', 'reopened', 'renamed', 'moved', 'served', 'changed', 'gone'] as const;
export type PlaceDeed = (typeof deeds)[number];

export function deedsOf({ before, after }: Step): PlaceDeed[] {
  if (!before) return ['new'];
  const differs = (field: keyof SiteState): boolean =>
    (before as Partial<SiteState>)[field] !== (after as Partial<SiteState>)[field];
  const found: Record<PlaceDeed, boolean> = {
    new: false,
    reopened: !before.open && after.open,
    renamed: differs('name'),
    moved: differs('systemCode'),
    served: after.open && differs('serving'),
    changed: differs('kind') || differs('federalCode'),
    gone: before.open && !after.open,
  };
  return deeds.filter((deed) => found[deed]);
}

/** How many places each deed touches. */
export function countDeeds(steps: Step[]): Record<PlaceDeed, number> {
  const counts = Object.fromEntries(deeds.map((deed) => [deed, 0])) as Record<PlaceDeed, number>;
  for (const step of steps) for (const deed of deedsOf(step)) counts[deed]++;
  return counts;
}

/** The register after a plan; what the database holds once the plan is applied. */
export function registerAfter(current: RegisterState, { systems, sites }: RegisterSteps): RegisterState {
  return {
    systems: new Map([...current.systems, ...systems.map(({ after }) => [after.code, after] as const)]),
    sites: new Map([...current.sites, ...sites.map(({ after }) => [after.code, after] as const)]),
  };
}

/** A place that could not be as it would be after a plan, and the place that would have to change with it. */
export interface BrokenPlace extends Location {
  needs: Location;
  /** 'belongs to', 'is served by', 'is still open in' */
  how: string;
}

/** Open sites belong to an open system, and are served by one: where that would not be so after a plan. */
export function brokenAfter({ systems, sites }: RegisterState): BrokenPlace[] {
  return [...sites.values()].flatMap((site): BrokenPlace[] => {
    if (!site.open) return [];
    const at = { level: 'site' as const, code: site.code };
    const missing = (code: string, how: string): BrokenPlace[] =>
      systems.get(code)?.open ? [] : [{ ...at, how, needs: { level: 'system', code } }];
    return [...missing(site.systemCode, 'belongs to'), ...(site.serving ? missing(site.serving, 'is served by') : [])];
  });
}
