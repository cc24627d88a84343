import { likelySiteKind, likelySystemKind, type SiteKind, type SystemKind } from './kinds.js';
import type { RegisterRow } from './register-file.js';

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
  open: boolean;
}

export type PlaceState = SystemState | SiteState;

/** All places by code, closed ones too. */
export interface RegisterState {
  systems: Map<string, SystemState>;
  sites: Map<string, SiteState>;
}

/** What changes about one place; `before` is absent when it is new. */
export interface Step<Place> {
  before?: Place;
  after: Place;
}

export interface RegisterPlan {
  systems: Step<SystemState>[];
  sites: Step<SiteState>[];
  /** Sites open before, in the sectors this file speaks for: what the number of gone ones is held against. */
  covered: number;
}

type Sector = 'public' | 'nonpublic' | 'early-childhood';
const sectorOf = (kind: SystemKind | SiteKind): Sector =>
  kind === 'nonpublic' || kind === 'early-childhood' ? kind : 'public';

/** A site's own kind decides before its system's: a diocese's central office is nonpublic all the same. */
const sectorOfSite = (site: SiteState, system: SystemState | undefined): Sector =>
  sectorOf(site.kind) === 'public' && system ? sectorOf(system.kind) : sectorOf(site.kind);

/**
 * What a register file changes. Pure, and applied twice it changes nothing.
 * A file speaks only for the fields it has columns for, and only for the sectors it lists: a public register closes no
 * nonpublic or early-childhood place. In its sectors it is complete: an open place it leaves out is gone.
 */
export function planRegister(current: RegisterState, rows: RegisterRow[]): RegisterPlan {
  const systems = new Map<string, SystemState>();
  const sites = new Map<string, SiteState>();
  for (const { system, site } of rows) {
    const known = current.systems.get(system.code);
    const after = {
      code: system.code,
      name: system.name,
      kind: system.kind ?? known?.kind ?? likelySystemKind(system.code),
      open: true,
    };
    systems.set(system.code, after);
    if (site) sites.set(site.code, siteAfter(site, after, current.sites.get(site.code)));
  }

  const sectors = new Set([
    ...[...systems.values()].map((system) => sectorOf(system.kind)),
    ...rows.flatMap(({ site }) => (site?.kind && sectorOf(site.kind) !== 'public' ? [sectorOf(site.kind)] : [])),
  ]);
  const openBefore = [...current.sites.values()].filter(
    (site) => site.open && sectors.has(sectorOfSite(site, current.systems.get(site.systemCode))),
  );
  for (const site of openBefore) if (!sites.has(site.code)) sites.set(site.code, { ...site, open: false });

  const inUse = new Set(
    [...new Map([...current.sites, ...sites]).values()].filter((site) => site.open).map((site) => site.systemCode),
  );
  for (const system of current.systems.values()) {
    if (system.open && !systems.has(system.code) && sectors.has(sectorOf(system.kind)) && !inUse.has(system.code)) {
      systems.set(system.code, { ...system, open: false });
    }
  }
  return { systems: steps(current.systems, systems), sites: steps(current.sites, sites), covered: openBefore.length };
}

function siteAfter(
  site: NonNullable<RegisterRow['site']>,
  system: SystemState,
  known: SiteState | undefined,
): SiteState {
  const kind = site.kind ?? known?.kind ?? likelySiteKind(site.code, system.kind);
  return {
    code: site.code,
    name: site.name,
    kind,
    federalCode: site.federalCode ?? known?.federalCode,
    systemCode: system.code,
    open: true,
  };
}

function steps<Place extends PlaceState>(before: Map<string, Place>, after: Map<string, Place>): Step<Place>[] {
  return [...after.values()]
    .map((place) => ({ before: before.get(place.code), after: place }))
    .filter((step) => deedsOf(step).length > 0);
}

/** What happens to a place, in the words of the preview. One step may do several. */
export const deeds = ['new', 'reopened', 'renamed', 'moved', 'changed', 'gone'] as const;
export type PlaceDeed = (typeof deeds)[number];

export function deedsOf({ before, after }: Step<PlaceState>): PlaceDeed[] {
  if (!before) return ['new'];
  const differs = (field: string): boolean =>
    (before as unknown as Record<string, unknown>)[field] !== (after as unknown as Record<string, unknown>)[field];
  const found: Record<PlaceDeed, boolean> = {
    new: false,
    reopened: !before.open && after.open,
    renamed: differs('name'),
    moved: differs('systemCode'),
    changed: differs('kind') || differs('federalCode'),
    gone: before.open && !after.open,
  };
  return deeds.filter((deed) => found[deed]);
}

/** The register after a plan; what the database holds once the plan is applied. */
export function registerAfter(current: RegisterState, plan: RegisterPlan): RegisterState {
  return {
    systems: new Map([...current.systems, ...plan.systems.map(({ after }) => [after.code, after] as const)]),
    sites: new Map([...current.sites, ...plan.sites.map(({ after }) => [after.code, after] as const)]),
  };
}
