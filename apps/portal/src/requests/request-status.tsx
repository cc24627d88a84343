import type { VNode } from 'preact';
import { readableDate } from '#kernel';
import type { LineStatus, LineSummary } from '#requests';
import { Tag } from '#web';

const words: Record<LineStatus | 'asked', { text: string; tone: 'good' | 'bad' | 'waiting' | 'quiet' }> = {
  pending: { text: 'Waiting for a decision', tone: 'waiting' },
  asked: { text: 'Waits for an answer', tone: 'waiting' },
  approved: { text: 'Approved', tone: 'good' },
  rejected: { text: 'Not approved', tone: 'bad' },
  withdrawn: { text: 'Withdrawn', tone: 'quiet' },
  expired: { text: 'Not decided in time', tone: 'bad' },
};

type Status = Pick<LineSummary, 'status'> & { asked?: boolean };

const statusOf = ({ status, asked }: Status): keyof typeof words => (status === 'pending' && asked ? 'asked' : status);

/** The status of one permission in people's words, with the day it was reached. */
export const StatusOf = ({ line }: { line: Status & Pick<LineSummary, 'decidedAt'> }): VNode => (
  <>
    <Tag tone={words[statusOf(line)].tone}>{words[statusOf(line)].text}</Tag>
    {line.decidedAt && <span class="edlink-quiet"> {readableDate(line.decidedAt)}</span>}
  </>
);

/** How several permissions stand together: each status once, with how many have it where not all do. */
export const StatusCounts = ({ lines }: { lines: Status[] }): VNode => (
  <>
    {(Object.keys(words) as (keyof typeof words)[]).map((status) => {
      const count = lines.filter((line) => statusOf(line) === status).length;
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
