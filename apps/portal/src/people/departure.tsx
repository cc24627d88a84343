import type { VNode } from 'preact';
import type { DepartureView, EndedThing } from '#compliance';
import { readableTime } from '#kernel';
import { PersonName, TypedText } from '#web';
import { readableDay } from '../parts/days.js';
import { Told } from './told.js';

const kinds: [kind: EndedThing['kind'], heading: string][] = [
  ['employment', 'Employments'],
  ['grant', 'Access'],
  ['request', 'Open requests, withdrawn'],
  ['coordinator', 'Duties as a coordinator'],
  ['cover', 'Covers'],
  ['head', 'Head of a school system'],
  ['designation', 'Designations on their way'],
  ['duty', 'Duties in approval'],
  ['sessions', 'Signed out'],
];

/** Somebody left: exactly what ended, when, and which applications have confirmed it. */
export const DepartureBox = ({ departure }: { departure: DepartureView }): VNode => {
  const { day, leftAt, reason, by, ended, partial, told } = departure;
  return (
    <section class="edlink-box" aria-labelledby={`left-${departure.id}`}>
      <h2 id={`left-${departure.id}`}>Left as of {readableDay(day)}</h2>
      <p>
        All of this ended {readableTime(leftAt)}
        {by && (
          <>
            , by <PersonName>{by}</PersonName>
          </>
        )}
        .
      </p>
      <TypedText>{reason}</TypedText>
      {kinds.map(([kind, heading]) => {
        const things = ended.filter((one) => one.kind === kind);
        return (
          things.length > 0 && (
            <>
              <h3>{heading}</h3>
              <ul class="usa-list">
                {things.map(({ words }) => (
                  <li>{words}</li>
                ))}
              </ul>
            </>
          )
        );
      })}
      {partial && <p>Only what you decide is shown; there may be more where others decide.</p>}
      <Told told={told} heading={3} />
    </section>
  );
};
