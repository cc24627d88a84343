import type { VNode } from 'preact';
import { readableDate } from '#kernel';
import type { LineStatus, LineSummary } from '#requests';
import { Tag } from '#web';

const words: Record<LineStatus, { text: string; tone: 'good' | 'bad' | 'waiting' | 'quiet' }> = {
  pending: { text: 'Waiting for a decision', tone: 'waiting' },
  approved: { text: 'Approved', tone: 'good' },
  rejected: { text: 'Not approved', tone: 'bad' },
  withdrawn: { text: 'Withdrawn', tone: 'quiet' },
  expired: { text: 'Not decided in time', tone: 'bad' },
};

/** The status of one permission in people's words, with the day it was reached. */
export const StatusOf = ({ line }: { line: Pick<LineSummary, 'status' | 'decidedAt'> }): VNode => (
  <>
    <Tag tone={words[line.status].tone}>{words[line.status].text}</Tag>
    {line.decidedAt && <span class="edlink-quiet"> {readableDate(line.decidedAt)}</span>}
  </>
);

/** How several permissions stand together: each status once, with how many have it where not all do. */
export const StatusCounts = ({ lines }: { lines: Pick<LineSummary, 'status'>[] }): VNode => (
  <>
    {(Object.keys(words) as LineStatus[]).map((status) => {
      const count = lines.filter((line) => line.status === status).length;
      return count > 0 ? (
        <>
          <Tag tone={words[status].tone}>
            {words[status].text}
            {count < lines.length && `: ${count}`}
          </Tag>{' '}
        </>
      ) : null;
    })}
  </>
);
