import type { RowProblem } from './register-file.js';
import {
  type PlaceDeed,
  deeds,
  deedsOf,
  registerAfter,
  type RegisterPlan,
  type PlaceState,
  type RegisterState,
  type SiteState,
  type Step,
} from './register-plan.js';

/** What an import would do, or did. */
export interface RegisterReport {
  /** SHA-256 of the file: what was previewed and what is applied can be compared. */
  sha256: string;
  /** 'YYYY-MM-DD': the first day the changes hold. */
  effectiveDay: string;
  rows: number;
  plan: RegisterPlan;
  problems: RowProblem[];
  /** More sites are gone than a whole file would leave out: to apply it, this number has to be given. */
  manyGone?: number;
  /** Open places after the import. */
  open: { systems: number; sites: number };
}

export const openAfter = (current: RegisterState, plan: RegisterPlan): RegisterReport['open'] => {
  const after = registerAfter(current, plan);
  const open = (places: Map<string, { open: boolean }>): number =>
    [...places.values()].filter((place) => place.open).length;
  return { systems: open(after.systems), sites: open(after.sites) };
};

/** How many places each deed touches. */
export function countDeeds(steps: Step<PlaceState>[]): Record<PlaceDeed, number> {
  const counts = Object.fromEntries(deeds.map((deed) => [deed, 0])) as Record<PlaceDeed, number>;
  for (const step of steps) for (const deed of deedsOf(step)) counts[deed]++;
  return counts;
}

/** Lines of one kind that are shown; the rest is counted. */
const most = 20;

/** A report as lines for a terminal. Cells of the file are quoted, so that nothing in them can steer the terminal. */
export function registerLines(report: RegisterReport): string[] {
  const { plan, problems } = report;
  const listed = (title: string, lines: string[]): string[] =>
    lines.length
      ? [
          '',
          `${title} (${lines.length})`,
          ...lines.slice(0, most).map((line) => `  ${line}`),
          ...(lines.length > most ? [`  ... and ${lines.length - most} more`] : []),
        ]
      : [];
  const of = (deed: PlaceDeed): string[] =>
    [...plan.systems, ...plan.sites].filter((step) => deedsOf(step).includes(deed)).map((step) => describe(deed, step));
  return [
    `File ${report.sha256.slice(0, 16)}, ${report.rows} rows, effective ${report.effectiveDay}`,
    `Systems: ${counted(plan.systems)}`,
    `Sites:   ${counted(plan.sites)}`,
    ...listed('New', of('new')),
    ...listed('Renamed', of('renamed')),
    ...listed('Moved', of('moved')),
    ...listed('Reopened', of('reopened')),
    ...listed('Changed', of('changed')),
    ...listed('Gone', of('gone')),
    ...listed(
      'Problems',
      problems.map(({ row, message }) => `line ${row}: ${message}`),
    ),
    '',
    ...(report.manyGone
      ? [
          `The file leaves out ${report.manyGone} of ${plan.covered} open sites: is it whole? --apply needs --gone ${report.manyGone}.`,
        ]
      : []),
    `Open afterwards: ${report.open.systems} systems, ${report.open.sites} sites`,
  ];
}

const counted = (steps: Step<PlaceState>[]): string =>
  Object.entries(countDeeds(steps))
    .map(([deed, count]) => `${count} ${deed}`)
    .join(', ');

function describe(deed: PlaceDeed, { before, after }: Step<PlaceState>): string {
  const name = JSON.stringify(after.name);
  if (deed === 'renamed') return `${after.code} ${JSON.stringify(before!.name)} is now ${name}`;
  if (deed === 'moved')
    return `${after.code} ${name} from ${(before as SiteState).systemCode} to ${(after as SiteState).systemCode}`;
  return `${after.code} ${name}`;
}
