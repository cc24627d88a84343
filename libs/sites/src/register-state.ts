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

/** Asked of every place of a country, so nothing is made where nothing happens. */
export function deedsOf({ before, after }: Step): PlaceDeed[] {
  if (!before) return ['new'];
  const [was, is] = [before as SiteState, after as SiteState];
  const found: PlaceDeed[] = [];
  if (!was.open && is.open) found.push('reopened');
  if (was.name !== is.name) found.push('renamed');
  if (was.systemCode !== is.systemCode) found.push('moved');
  if (is.open && was.serving !== is.serving) found.push('served');
  if (was.kind !== is.kind || was.federalCode !== is.federalCode) found.push('changed');
  if (was.open && !is.open) found.push('gone');
  return found;
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
  /** 'belongs to', 'is served by' */
  how: string;
}

/** Open sites belong to an open system, and are served by one: where that would not be so after a plan. */
export function brokenAfter({ systems, sites }: RegisterState): BrokenPlace[] {
  const broken: BrokenPlace[] = [];
  for (const { code, open, systemCode, serving } of sites.values()) {
    const check = (needed: string, how: string): void => {
      if (!systems.get(needed)?.open)
        broken.push({ level: 'site', code, how, needs: { level: 'system', code: needed } });
    };
    if (open) check(systemCode, 'belongs to');
    if (open && serving) check(serving, 'is served by');
  }
  return broken;
}
