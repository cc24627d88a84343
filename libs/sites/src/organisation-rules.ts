import type { PlacedLocation } from './location.js';
import { sitesProblems } from './problems.js';

/** A site is served by a public system from a day on, or by nobody any more. */
export interface Serve {
  siteCode: string;
  systemCode: string | null;
  /** 'YYYY-MM-DD', also one to come; today when absent. */
  fromDay?: string;
}

/** A site belongs to another system from a day on. */
export interface Move {
  siteCode: string;
  systemCode: string;
  /** 'YYYY-MM-DD', not one to come; today when absent. */
  fromDay?: string;
}

/** @throws sites.wrong-serving (422) */
export function checkServing(system: PlacedLocation, site: PlacedLocation): void {
  if (system.sector !== 'public')
    throw sitesProblems.wrongServing(
      `${system.name} is not a public school system. Choose the public one that serves the site. Nothing was changed.`,
    );
  if (!isServable(site))
    throw sitesProblems.wrongServing(
      `${site.name} is a public site: ${site.system.name}, which it belongs to, answers for it. Nothing was changed.`,
    );
}

/** Whether another system than the owner may serve a site: public schools and offices have an owner that does. */
export const isServable = (site: PlacedLocation): boolean => site.sector !== 'public' || site.kind === 'support';

/** Their codes, each once. */
export const codesOf = (...systems: (PlacedLocation['system'] | undefined)[]): string[] => [
  ...new Set(systems.flatMap((system) => system?.code ?? [])),
];
