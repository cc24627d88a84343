import type { VNode } from 'preact';
import type { AsOfRow } from '#compliance';
import { localDay, readableTime, startOfDay } from '#kernel';
import { Empty, PersonName, Tag } from '#web';
import { readableDay, readableLast } from '../parts/days.js';

/** As many rows as a page shows; the file has them all. */
const mostShown = 200;

interface AnswerProps {
  rows: AsOfRow[];
  /** There may be more where others decide. */
  partial: boolean;
  believedDay?: string;
  /** What an empty answer says. */
  nobody: string;
  /** Address of the same as a file. */
  file: string;
  /** The person is known: names are left out. */
  ofOne?: boolean;
}

/** Who had what, with what it was known from. */
export const AsOfTable = ({ rows, partial, believedDay, nobody, file, ofOne }: AnswerProps): VNode => (
  <>
    <p>
      {believedDay
        ? `As it was on record at the end of ${readableDay(believedDay)}. What was recorded later is left out.`
        : 'As it is on record now, with what was recorded later.'}
    </p>
    {rows.length === 0 ? (
      <Empty>
        <p>{nobody}</p>
      </Empty>
    ) : (
      <Rows rows={rows.slice(0, mostShown)} ofOne={ofOne} />
    )}
    {rows.length > mostShown && (
      <p>
        These are the first {mostShown} of {rows.length.toLocaleString('en-US')}. The file has them all.
      </p>
    )}
    {partial && <p>Only what you decide is shown; there may be more where others decide.</p>}
    {rows.length > 0 && (
      <p>
        <a href={file}>Take this answer as a file (CSV)</a>
      </p>
    )}
  </>
);

/** The last day, where it ended with one; the time of the day, where it ended in the middle of it. */
const endOf = (toAt: Date): string =>
  startOfDay(localDay(toAt)).getTime() === toAt.getTime() ? readableLast(toAt) : readableTime(toAt);

const Rows = ({ rows, ofOne }: { rows: AsOfRow[]; ofOne?: boolean }): VNode => (
  <table class="usa-table usa-table--borderless usa-table--stacked">
    <caption class="usa-sr-only">Who had what</caption>
    <thead>
      <tr>
        {!ofOne && <th scope="col">Person</th>}
        <th scope="col">Could do</th>
        <th scope="col">Where</th>
        <th scope="col">From</th>
        <th scope="col">Until</th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <tr>
          {!ofOne && (
            <th scope="row" data-label="Person">
              <a href={`/people/${row.staffMemberId}`}>
                <PersonName>{row.name}</PersonName>
              </a>
              <br />
              <span class="edlink-quiet">{row.staffId}</span>
            </th>
          )}
          <td data-label="Could do">
            {row.permission} in {row.application} {row.state === 'suspended' && <Tag tone="waiting">Rested</Tag>}
          </td>
          <td data-label="Where">
            {row.place} ({row.placeCode}){row.whole && ', the whole school system'}
          </td>
          <td data-label="From">{readableTime(row.fromAt)}</td>
          <td data-label="Until">
            {row.toAt ? endOf(row.toAt) : 'No end set'}
            {row.toAt && row.reason && <span class="edlink-quiet">. Reason: {row.reason}</span>}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
