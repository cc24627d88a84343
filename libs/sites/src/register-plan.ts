import { type Sector, sectorOf } from './kinds.js';
import { findDisagreements, type FoundDisagreement, type Settled } from './register-differences.js';
import type { RegisterContent, RegisterRow, RowProblem } from './register-row.js';
import type { RegisterSource } from './register-sources.js';
import {
  brokenAfter,
  deedsOf,
  type PlaceState,
  registerAfter,
  type RegisterState,
  type RegisterSteps,
  type Step,
} from './register-state.js';
import { mayBeServed, TakenRows } from './register-taken.js';

export interface RegisterPlan extends RegisterSteps {
  /** Sites open before, in the sectors this file speaks for: what the number of gone ones is held against. */
  covered: number;
  /** What the file says otherwise where its word does not count. */
  disagreements: FoundDisagreement[];
  /** Why the plan cannot be applied, by row. */
  problems: RowProblem[];
}

/** What a plan is made from. */
export type RegisterInput = Pick<RegisterContent, 'rows' | 'gone' | 'complete'> & {
  source: Pick<RegisterSource, 'decides' | 'questions'>;
};

/**
 * What a register file changes. Pure, and applied twice it changes nothing.
 * A file speaks only for the fields its source decides and it has columns for, and only for the sectors it lists: a
 * public register closes no nonpublic or early-childhood place. In its sectors a complete file is complete: an open
 * place it leaves out is gone. What was settled against a source's word stays until the source says something new.
 */
export function planRegister(current: RegisterState, file: RegisterInput, settled: Settled = new Map()): RegisterPlan {
  const decides = new Set(file.source.decides);
  const taken = new TakenRows(current, decides, settled);
  for (const row of file.rows) taken.take(row);
  const { systems, sites } = taken;

  const sectors = new Set<Sector>(
    file.rows.flatMap(({ system: { code }, site }) => {
      const system = systems.get(code) ?? current.systems.get(code);
      const own = system ? [sectorOf(system.kind)] : [];
      return site?.kind && sectorOf(site.kind) !== 'public' ? [...own, sectorOf(site.kind)] : own;
    }),
  );
  const covered = [...current.sites.values()].filter(
    (site) => site.open && sectors.has(sectorOf(site.kind, current.systems.get(site.systemCode)?.kind)),
  );
  if (decides.has('opening')) {
    const left = file.complete ? covered.map(({ code }) => code).filter((code) => !taken.listed.has(code)) : [];
    const named = file.gone.filter(({ level }) => level === 'site').map(({ code }) => code);
    for (const code of [...left, ...named]) close(code, current.sites, sites);
    closeSystems(current, file, { systems, sites, sectors });
  }
  const steps = { systems: stepsOf(current.systems, systems), sites: stepsOf(current.sites, sites) };
  const disagreements = findDisagreements(current, file, settled);
  return { ...steps, covered: covered.length, disagreements, problems: problemsOf(current, steps, file.rows) };
}

function close<Place extends PlaceState>(code: string, current: Map<string, Place>, after: Map<string, Place>): void {
  const known = current.get(code);
  if (known?.open) after.set(code, { ...known, ...('serving' in known && { serving: undefined }), open: false });
}

/** Systems that the file leaves out or names as gone, once no open site belongs to them; they serve nobody from then on. */
function closeSystems(
  current: RegisterState,
  { complete, gone }: RegisterInput,
  { systems, sites, sectors }: Pick<TakenRows, 'systems' | 'sites'> & { sectors: Set<Sector> },
): void {
  const after = new Map([...current.sites, ...sites]);
  const inUse = new Set([...after.values()].filter((site) => site.open).map((site) => site.systemCode));
  const named = new Set(gone.filter(({ level }) => level === 'system').map(({ code }) => code));
  for (const system of current.systems.values()) {
    const left = complete && !systems.has(system.code) && sectors.has(sectorOf(system.kind));
    if ((left || named.has(system.code)) && !inUse.has(system.code)) close(system.code, current.systems, systems);
  }
  for (const site of after.values())
    if (site.open && site.serving && systems.get(site.serving)?.open === false)
      sites.set(site.code, { ...site, serving: undefined });
}

function stepsOf<Place extends PlaceState>(before: Map<string, Place>, after: Map<string, Place>): Step<Place>[] {
  return [...after.values()]
    .map((place) => ({ before: before.get(place.code), after: place }))
    .filter((step) => deedsOf(step).length > 0);
}

function problemsOf(current: RegisterState, steps: RegisterSteps, rows: RegisterRow[]): RowProblem[] {
  const lines = new Map(rows.flatMap(({ row, site }) => (site ? [[site.code, row] as const] : [])));
  const touched = new Set(steps.sites.map(({ after }) => after.code));
  const after = registerAfter(current, steps);
  const broken = brokenAfter(after).filter(({ code }) => touched.has(code));
  const served = steps.sites.flatMap(({ after: site }) => {
    const system = site.open && site.serving ? after.systems.get(site.serving) : undefined;
    if (!system) return [];
    if (!mayBeServed(site.kind, after.systems.get(site.systemCode)?.kind))
      return [{ code: site.code, message: `site ${site.code} is public: the system it belongs to serves it` }];
    return sectorOf(system.kind) === 'public'
      ? []
      : [{ code: site.code, message: `system ${system.code} is not public, so it serves no other sites` }];
  });
  return [
    ...broken.map(({ code, how, needs }) => ({
      code,
      message: `site ${code} ${how} system ${needs.code}, which is not open in the register`,
    })),
    ...served,
  ].map(({ code, message }) => ({ row: lines.get(code) ?? 0, message }));
}
