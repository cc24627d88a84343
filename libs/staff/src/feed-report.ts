import type { StaffFeed } from './feed-file.js';
import { type RowFate, type FatedRow, fates } from './feed-plan.js';

/** What a staff import would do, or did. */
export interface FeedReport {
  /** SHA-256 of the file: what was previewed and what is applied can be compared. */
  sha256: string;
  format: StaffFeed['format'];
  transmissionId?: string;
  /** Every row of the file, once. */
  rows: FatedRow[];
  /** Rows by fate; they add up to the number of rows. */
  counts: Record<RowFate, number>;
  /** What is written besides people: employments begun and employments whose end changed. */
  employments: { begun: number; changed: number };
  /** People employed today who are employed nowhere any more, or sooner than is on record. */
  leavers: number;
  /** So many that a second person has to say so. */
  needsSecond: boolean;
  /** It waits for a second person; nothing was written. */
  held?: true;
}

export const countFates = (rows: FatedRow[]): Record<RowFate, number> => {
  const counts = Object.fromEntries(fates.map((fate) => [fate, 0])) as Record<RowFate, number>;
  for (const { fate } of rows) counts[fate]++;
  return counts;
};

const words: Record<RowFate, string> = {
  'new-person': 'new people',
  changed: 'known, with something new',
  unchanged: 'known, nothing new',
  repeated: 'say again what an earlier row says',
  'needs-person': 'need somebody to look at them',
  contract: 'contract staff without an id (SSN 998)',
  vacancy: 'vacancies (SSN 999)',
  refused: 'refused',
};

/** Lines of one kind that are shown; the rest is counted. */
const most = 20;

/** A report as lines for a terminal; names no person. */
export function feedLines(report: FeedReport): string[] {
  const { rows, counts, employments, leavers, needsSecond } = report;
  const format =
    report.format === 'unique-id'
      ? `Unique Id file, transmission ${JSON.stringify(report.transmissionId)}`
      : 'Staff list';
  const told = rows.filter(({ reason }) => reason);
  return [
    `${format}, ${report.sha256.slice(0, 16)}`,
    ...fates.map(
      (fate) =>
        `${String(counts[fate]).padStart(8)} ${words[fate]}${fate === 'new-person' && report.format === 'unique-id' ? ', each gets a new Staff ID' : ''}`,
    ),
    `${String(rows.length).padStart(8)} rows in all; ${employments.begun} employments begin, ${employments.changed} get another end`,
    ...(leavers ? [`${String(leavers).padStart(8)} people lose their last employment; their access ends with it`] : []),
    ...(needsSecond ? ['So many are for two persons to say: the state office confirms the file in the portal.'] : []),
    ...(told.length ? ['', `Rows to look at (${told.length})`] : []),
    ...told
      .slice(0, most)
      .map(({ row, fate, reason }) => `  line ${row}: ${fate === 'refused' ? '' : `${words[fate]}: `}${reason}`),
    ...(told.length > most ? [`  ... and ${told.length - most} more`] : []),
  ];
}
