import type { VNode } from 'preact';
import { localDay, readableWeekday } from '#kernel';
import type { LineView } from '#requests';
import { PersonName } from '#web';
import { readableDay } from '../parts/days.js';

/** With whom open permissions are now, since when, and until when they are decided; those that go together are told once. */
export function HeldBy({ lines, own }: { lines: LineView[]; own?: boolean }): VNode {
  const told = new Map<string, LineView[]>();
  for (const line of lines) {
    const key = JSON.stringify([line.deciders, line.time]);
    told.set(key, [...(told.get(key) ?? []), line]);
  }
  return (
    <>
      {[...told.values()].map(([first, ...more]) => (
        <Held
          line={first!}
          own={own}
          names={told.size > 1 ? [first!, ...more].map((line) => line.permission.name) : []}
        />
      ))}
    </>
  );
}

function Held({
  line: { deciders, time },
  names,
  own,
}: {
  line: LineView;
  names: string[];
  own?: boolean;
}): VNode | null {
  if (!time) return null;
  const holders = deciders.filter(({ passed }) => !passed);
  const { dueDay, overdue, heldSince, expiryDay, asked } = time;
  return (
    <p>
      {names.length > 0 && `${names.join(', ')}: `}
      With{' '}
      {holders.map(({ name }, index) => (
        <>
          {index > 0 && (index === holders.length - 1 ? ' or ' : ', ')}
          <strong>
            <PersonName>{name}</PersonName>
          </strong>
        </>
      ))}
      {holders.length === 0 && <strong>the state office</strong>} since {readableDay(localDay(heldSince))},{' '}
      {asked ? (
        <>
          <strong>waiting for {own ? 'your answer' : 'an answer of the person who asked'}</strong>.{' '}
          <span class="edlink-quiet">Without one it is closed on {readableDay(expiryDay)}.</span>
        </>
      ) : (
        <>
          <strong>{dueWords(dueDay, overdue)}</strong>.{' '}
          <span class="edlink-quiet">What nobody decides before {readableDay(expiryDay)} is closed then.</span>
        </>
      )}
    </p>
  );
}

/** "due Thursday, August 20". @param dueDay 'YYYY-MM-DD' */
export const dueWords = (dueDay: string, overdue: boolean): string =>
  `${overdue ? 'was due' : 'due'} ${readableWeekday(dueDay)}`;
