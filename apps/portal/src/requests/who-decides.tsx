import type { VNode } from 'preact';
import type { NamedDecider, Routing } from '#coordinators';
import type { LineSummary } from '#requests';
import { PersonName } from '#web';
import { readableLastDay } from '../parts/days.js';
import { HeldBy, type TimedLine } from './held-by.js';
import { isSimple, thingsInWords } from './line-words.js';
import { StatusCounts } from './request-status.js';

type Told = Pick<Routing, 'reasons' | 'stateDesk'> & {
  deciders: Pick<NamedDecider, 'name' | 'coversFor' | 'until' | 'passed'>[];
};
type Line = Told &
  TimedLine & {
    status?: LineSummary['status'];
    asked?: boolean;
  };

/**
 * Who decides and why they; what goes to the same people is told together, in one block.
 * @param statuses tells how what they decide stands
 * @param own whoever looks asked for it
 */
export function WhoDecides({ lines, statuses, own }: { lines: Line[]; statuses?: boolean; own?: boolean }): VNode {
  const ways = new Map<string, Line[]>();
  for (const line of lines) {
    const key = JSON.stringify([line.deciders.map((each) => [each.name, each.coversFor]), line.stateDesk]);
    ways.set(key, [...(ways.get(key) ?? []), line]);
  }
  const named = !isSimple(lines);
  return (
    <>
      {[...ways.values()].map((same) => (
        <div class="edlink-box">
          <Deciders told={same[0]!} />
          {(named || ways.size > 1) && (
            <ul class="usa-list usa-list--unstyled">
              {thingsInWords(same, named).map((thing) => (
                <li>{thing}</li>
              ))}
            </ul>
          )}
          {statuses && (
            <p>
              <StatusCounts lines={same.flatMap(({ status, asked }) => (status ? [{ status, asked }] : []))} />
            </p>
          )}
          <HeldBy lines={same} own={own} />
          <Reasons reasons={[...new Set(same.flatMap(({ reasons }) => reasons))]} />
        </div>
      ))}
    </>
  );
}

const Deciders = ({ told: { deciders, stateDesk } }: { told: Told }): VNode =>
  deciders.length === 0 ? (
    <p>
      <strong>The state office</strong>
    </p>
  ) : (
    <p>
      {deciders.map((decider, index) => (
        <>
          {index > 0 && ', '}
          <strong>
            <PersonName>{decider.name}</PersonName>
          </strong>
          <InPlaceOf decider={decider} />
          {decider.passed && <span class="edlink-quiet"> (asked before)</span>}
        </>
      ))}
      {stateDesk && ' at the state office'}
      {deciders.length > 1 && <span class="edlink-quiet"> (whoever acts first)</span>}
    </p>
  );

const Reasons = ({ reasons }: { reasons: string[] }): VNode | null =>
  reasons.length === 0 ? null : (
    <ul class="usa-list">
      {reasons.map((reason) => (
        <li>{reason}</li>
      ))}
    </ul>
  );

/** For whom somebody stands in, and until when. */
const InPlaceOf = ({ decider: { coversFor, until } }: { decider: Told['deciders'][number] }): VNode | null =>
  coversFor === undefined ? null : (
    <span class="edlink-quiet">
      {' '}
      (in place of <PersonName>{coversFor}</PersonName>
      {until && `, who is away until ${readableLastDay(until)}`})
    </span>
  );
