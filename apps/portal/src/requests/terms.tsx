import type { VNode } from 'preact';
import { localDay } from '#kernel';
import type { LineView } from '#requests';
import { PersonName } from '#web';
import { readableDay, readableLastDay } from '../parts/days.js';

type Period = Pick<LineView, 'fromDay' | 'toDay'>;

/** "from August 15, 2026 until June 30, 2027"; nothing where it begins with the approval and has no end. */
const periodInWords = ({ fromDay, toDay }: Period): string =>
  [fromDay && `from ${readableDay(fromDay)}`, toDay && `until ${readableLastDay(toDay)}`].filter(Boolean).join(' ');

/** What belongs to a permission besides its name: how long, what was given of it, which steps it takes. */
export function TermsOf({ line }: { line: LineView }): VNode | null {
  const words = aboutLine(line);
  if (!words.length && !line.steps?.length) return null;
  return (
    <>
      {words.map((one) => (
        <div class="edlink-quiet">{one}</div>
      ))}
      <StepsOf line={line} />
    </>
  );
}

/** "SER Data Reader until June 30, 2027" */
export const givenInWords = ({ permission, toDay }: NonNullable<LineView['given']>): string =>
  [permission.name, toDay && `until ${readableLastDay(toDay)}`].filter(Boolean).join(' ');

function aboutLine({ status, extends: longer, given, ends, ...line }: LineView): string[] {
  const period = periodInWords(line);
  const words: string[] = [];
  if (longer)
    words.push(`To keep it ${period}${longer.toDay ? `; now it ends on ${readableLastDay(longer.toDay)}` : ''}`);
  else if (period) words.push(`Asked for ${period}`);
  if (given) words.push(`${status === 'approved' ? 'Given' : 'To be given'}: ${givenInWords(given)}`);
  if (status === 'pending' && ends.length)
    words.push(`When it is given, the role ${[...new Set(ends.map(({ role }) => role.name))].join(', ')} there ends`);
  return words;
}

/** Where several approve one after the other: who did, and whose turn it is. */
const StepsOf = ({ line: { steps = [], status } }: { line: LineView }): VNode | null =>
  steps.length < 2 ? null : (
    <div class="edlink-quiet">
      {steps.map(({ step, by, state, decidedBy, decidedAt }, at) => (
        <>
          {at > 0 && '; '}
          {step} of {steps.length}, {by}:{' '}
          {state === 'approved' ? (
            <>
              approved
              {decidedBy && (
                <>
                  {' '}
                  by <PersonName>{decidedBy}</PersonName>
                </>
              )}
              {decidedAt && ` on ${readableDay(localDay(decidedAt))}`}
            </>
          ) : state === 'waits' ? (
            'decides now'
          ) : state === 'rejected' ? (
            'did not approve'
          ) : status === 'pending' ? (
            'decides after that'
          ) : (
            'was not asked'
          )}
        </>
      ))}
    </div>
  );
