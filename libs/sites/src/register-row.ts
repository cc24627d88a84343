import type { SiteKind, SystemKind } from './kinds.js';
import type { Location } from './location.js';
import type { RegisterFormat } from './register-sources.js';

/** One row of a register: a site and its system, or a system alone. What a file has no column for stays undefined. */
export interface RegisterRow {
  row: number;
  system: { code: string; name: string; kind?: SystemKind };
  site?: {
    code: string;
    name: string;
    kind?: SiteKind;
    federalCode?: string;
    /** The public system that serves it beside its owner; null: none does. */
    serving?: string | null;
  };
}

/** Why a row cannot be taken, in the words of the person who mends the file. */
export interface RowProblem {
  row: number;
  message: string;
}

/** What a register file says, whatever it is written in. */
export interface RegisterContent {
  format: RegisterFormat;
  rows: RegisterRow[];
  problems: RowProblem[];
  /** Places it says are no longer there. */
  gone: (Location & { row: number })[];
  /** What it leaves out is gone; false where it tells only what changed. */
  complete: boolean;
}

/** Tells how far a long piece of work is: 'writing', 5000, 121528. */
export type Progress = (what: string, done: number, total: number) => void;

/** Letters, marks, digits, punctuation and symbols of any script; no control, bidi or invisible characters. */
const placeName = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,120}$/u;

/** What is wrong with the name of a place. @param what 'system' or 'site' */
export const nameFaults = (what: string, name: string): string[] =>
  placeName.test(name) ? [] : [`the ${what} name is missing, longer than 120 characters or holds invisible characters`];

/** Rows that do not fit each other: a site twice, a system with two names or two kinds. */
export function contradictions(rows: RegisterRow[]): RowProblem[] {
  const systems = new Map<string, RegisterRow>();
  const sites = new Map<string, number>();
  const faults: RowProblem[] = [];
  for (const { row, system, site } of rows) {
    const first = systems.get(system.code);
    if (!first) systems.set(system.code, { row, system });
    else if (first.system.name !== system.name)
      faults.push({ row, message: `system ${system.code} has another name in line ${first.row}` });
    else if (first.system.kind !== system.kind)
      faults.push({ row, message: `system ${system.code} has another kind in line ${first.row}` });
    if (!site) continue;
    const line = sites.get(site.code);
    if (line === undefined) sites.set(site.code, row);
    else faults.push({ row, message: `site ${site.code} is in line ${line} already` });
  }
  return faults;
}
