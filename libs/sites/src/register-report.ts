import type { RegisterPlan } from './register-plan.js';
import type { RowProblem } from './register-row.js';
import type { RegisterSource } from './register-sources.js';
import { countDeeds, deedsOf, type PlaceDeed, type Step } from './register-state.js';
import { placedSteps, type PlacedStep, stepWords } from './register-words.js';

/** What an import would do, or did. */
export interface RegisterReport {
  /** SHA-256 of the file: what was previewed and what is applied can be compared. */
  sha256: string;
  source: RegisterSource;
  /** 'YYYY-MM-DD': the first day the changes hold. */
  effectiveDay: string;
  /** Rows that were read. */
  rows: number;
  plan: RegisterPlan;
  problems: RowProblem[];
  /** The change it is kept as; absent when there is nothing to apply, or faults forbid it. */
  changeId?: string;
  /** More sites close than one person may say. */
  needsSecond: boolean;
  /** Open places after the import. */
  open: { systems: number; sites: number };
}

/** Lines of one kind that are shown; the rest is counted. */
const most = 20;

/** A report as lines for a terminal. Cells of the file are quoted, so that nothing in them can steer the terminal. */
export function registerLines({ plan, problems, ...report }: RegisterReport): string[] {
  const steps = placedSteps(plan);
  const of = (deed: PlaceDeed): string[] =>
    steps.filter(({ step }) => deedsOf(step).includes(deed)).map((one) => describe(deed, one));
  const closing = countDeeds(plan.sites).gone;
  return [
    `File ${report.sha256.slice(0, 16)} of ${report.source.name}, ${report.rows} rows, effective ${report.effectiveDay}`,
    `Systems: ${counted(plan.systems)}`,
    `Sites:   ${counted(plan.sites)}`,
    ...listed('New', of('new')),
    ...listed('Renamed', of('renamed')),
    ...listed('Moved', of('moved')),
    ...listed('Served by another system', of('served')),
    ...listed('Reopened', of('reopened')),
    ...listed('Changed', of('changed')),
    ...listed('Gone', of('gone')),
    ...listed(
      'Said otherwise, to be settled by the state office',
      plan.disagreements.map(
        ({ level, code, field, registerValue, sourceValue }) =>
          `${level} ${code} ${field}: ${JSON.stringify(registerValue ?? '')} here, ${JSON.stringify(sourceValue ?? '')} there`,
      ),
    ),
    ...listed(
      'Problems',
      problems.map(({ row, message }) => (row ? `line ${row}: ${message}` : message)),
    ),
    '',
    ...(report.needsSecond
      ? [`The file leaves out ${closing} of ${plan.covered} open sites: is it whole? Two persons have to say so.`]
      : []),
    `Open afterwards: ${report.open.systems} systems, ${report.open.sites} sites`,
  ];
}

function listed(title: string, lines: string[]): string[] {
  if (!lines.length) return [];
  const more = lines.length > most ? [`  ... and ${lines.length - most} more`] : [];
  return ['', `${title} (${lines.length})`, ...lines.slice(0, most).map((line) => `  ${line}`), ...more];
}

const counted = (steps: Step[]): string =>
  Object.entries(countDeeds(steps))
    .map(([deed, count]) => `${count} ${deed}`)
    .join(', ');

/** Deeds that need more words than the list's title. */
const telling: PlaceDeed[] = ['renamed', 'moved', 'served', 'changed'];

function describe(deed: PlaceDeed, { code, step }: PlacedStep): string {
  const line = `${code} ${JSON.stringify(step.after.name)}`;
  const words = stepWords(step, (system) => system)[deedsOf(step).indexOf(deed)]!;
  return telling.includes(deed) ? `${line} ${words}` : line;
}
