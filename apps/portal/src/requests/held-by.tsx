import type { VNode } from 'preact';
import { localDay, readableWeekday } from '#kernel';
import type { LineSummary, LineTime } from '#requests';
import { readableDay } from '../parts/days.js';
import { isSimple, thingsInWords } from './line-words.js';

/** A permission as far as its time is told. */
export type TimedLine = Pick<LineSummary, 'application' | 'permission' | 'place'> & { time?: LineTime };

/**
 * Since when open permissions are with those who decide, and until when they are decided; what has the same time is told once.
 * @param own whoever looks asked for them
 */
export function HeldBy({ lines, own }: { lines: TimedLine[]; own?: boolean }): VNode {
  const told = new Map<string, TimedLine[]>();
  for (const line of lines) {
    if (!line.time) continue;
    const key = JSON.stringify(line.time);
    told.set(key, [...(told.get(key) ?? []), line]);
  }
  return (
    <>
      {[...told.values()].map((same) => (
        <Held
          time={same[0]!.time!}
          of={told.size > 1 ? thingsInWords(same, !isSimple(lines)).join('; ') : undefined}
          own={own}
        />
      ))}
    </>
  );
}

const Held = ({ time, of, own }: { time: LineTime; of?: string; own?: boolean }): VNode => (
  <p>
    {of && `${of}: `}
    Since {readableDay(localDay(time.heldSince))},{' '}
    {time.asked ? (
      <>
        <strong>waiting for {own ? 'your answer' : 'an answer of the person who asked'}</strong>.{' '}
        <span class="edlink-quiet">Without one it is closed on {readableDay(time.expiryDay)}.</span>
      </>
    ) : (
      <>
        <strong>{dueWords(time.dueDay, time.overdue)}</strong>.{' '}
        <span class="edlink-quiet">What nobody decides before {readableDay(time.expiryDay)} is closed then.</span>
      </>
    )}
  </p>
);

/** "due Thursday, August 20". @param dueDay 'YYYY-MM-DD' */
export const dueWords = (dueDay: string, overdue: boolean): string =>
  `${overdue ? 'was due' : 'due'} ${readableWeekday(dueDay)}`;
