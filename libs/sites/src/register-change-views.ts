import type { Location } from './location.js';
import type { RegisterChange, RegisterChangeStatus } from './register-change.js';
import type { RegisterSources } from './register-sources.js';
import {
  deedsOf,
  type PlaceDeed,
  type RegisterState,
  type RegisterSteps,
  type SiteState,
  type SystemState,
} from './register-state.js';
import { placedSteps, stepWords } from './register-words.js';

/** One row of a plan: what happens to one place. */
export interface RegisterRowChange extends Location {
  /** `site:001005`: what `only` of `apply` names. */
  key: string;
  name: string;
  deeds: PlaceDeed[];
  /** In plain words: 'was called "Oak School"', 'moves from 395 to R36'. */
  words: string[];
  before?: SystemState | SiteState;
  after: SystemState | SiteState;
}

export interface RegisterChangeSummary {
  id: string;
  fileName: string;
  sha256: string;
  source: { code: string; name: string };
  /** 'YYYY-MM-DD' */
  effectiveDay: string;
  status: RegisterChangeStatus;
  /** Rows of the file. */
  rows: number;
  /** What is left to apply. */
  counts: { systems: Record<PlaceDeed, number>; sites: Record<PlaceDeed, number> };
  madeAt: Date;
  /** Account ids; `operator` for who has the command line. */
  madeBy: string;
  confirmedBy?: string;
  confirmedAt?: Date;
  appliedBy?: string;
  appliedAt?: Date;
  /** Places written so far. */
  appliedRows: number;
}

export interface RegisterChangeView extends RegisterChangeSummary {
  /** What is left to apply, as it was previewed; systems first, then sites, by code. */
  plan: RegisterRowChange[];
  /** What was applied so far, in the same order. */
  done: RegisterRowChange[];
  planHash: string;
  /** Open sites in the sectors the file speaks for. */
  covered: number;
  /** Applying all of it needs a second person. */
  needsSecond: boolean;
  /** What the first person confirmed; absent: the whole plan. */
  confirmedOnly?: string[];
  /** The register changed since the preview: what the plan would be different in; `refresh` takes that over. */
  movedOn: string[];
}

export interface RegisterApplied {
  status: 'applied' | 'partly-applied' | 'waits-for-second';
  /** Places written by this call. */
  rows: number;
  /** Systems in which places changed. */
  systems: string[];
  closedSites: string[];
  movedSites: string[];
}

/** What a list shows of a change. */
export const summaryOf = (change: RegisterChange, sources: RegisterSources): RegisterChangeSummary => ({
  id: change.id,
  fileName: change.fileName,
  sha256: change.sha256,
  source: { code: change.source, name: sources.nameOf(change.source) },
  effectiveDay: change.effectiveDay,
  status: change.status,
  rows: change.rows,
  counts: change.counts,
  madeAt: change.madeAt,
  madeBy: change.madeBy,
  confirmedBy: change.confirmedBy ?? undefined,
  confirmedAt: change.confirmedAt ?? undefined,
  appliedBy: change.appliedBy ?? undefined,
  appliedAt: change.appliedAt ?? undefined,
  appliedRows: change.appliedRows,
});

/** Steps as rows a page shows, with systems called by their names. */
export function rowChanges(current: RegisterState, steps: RegisterSteps): RegisterRowChange[] {
  const names = new Map(
    [...steps.systems.map(({ after }) => after), ...current.systems.values()].map((one) => [one.code, one.name]),
  );
  const systemName = (code: string): string => [code, names.get(code)].filter(Boolean).join(' ');
  return placedSteps(steps).map(({ key, level, code, step }) => ({
    key,
    level,
    code,
    name: step.after.name,
    deeds: deedsOf(step),
    words: stepWords(step, systemName),
    before: step.before,
    after: step.after,
  }));
}
