import type { VNode } from 'preact';
import type { NamedDecider, Routing } from '#coordinators';
import { PersonName } from '#web';
import { readableLastDay } from '../parts/days.js';

type Told = Pick<Routing, 'reasons' | 'stateDesk'> & {
  deciders: Pick<NamedDecider, 'name' | 'coversFor' | 'until' | 'passed'>[];
};

/** Who decides, and why; permissions that go the same way are told together. */
export function WhoDecides({ lines }: { lines: { name: string; routing: Told }[] }): VNode {
  const ways = new Map<string, { names: string[]; routing: Told }>();
  for (const { name, routing } of lines) {
    const key = JSON.stringify([
      routing.deciders.map((each) => [each.name, each.coversFor]),
      routing.stateDesk,
      routing.reasons,
    ]);
    const way = ways.get(key) ?? { names: [], routing };
    way.names.push(name);
    ways.set(key, way);
  }
  return (
    <>
      {[...ways.values()].map(({ names, routing }) => (
        <div class="edlink-box">
          {ways.size > 1 && <p class="edlink-quiet">{names.join(', ')}</p>}
          {routing.deciders.length === 0 ? (
            <p>
              <strong>The state office</strong>
            </p>
          ) : (
            <p>
              {routing.deciders.map((decider, index) => (
                <>
                  {index > 0 && ', '}
                  <strong>
                    <PersonName>{decider.name}</PersonName>
                  </strong>
                  <InPlaceOf decider={decider} />
                  {decider.passed && <span class="edlink-quiet"> (asked before)</span>}
                </>
              ))}
              {routing.stateDesk && ' at the state office'}
              {routing.deciders.length > 1 && <span class="edlink-quiet"> (whoever acts first)</span>}
            </p>
          )}
          {routing.reasons.length > 0 && (
            <ul class="usa-list">
              {routing.reasons.map((reason) => (
                <li>{reason}</li>
              ))}
            </ul>
          )}
        </div>
      ))}
    </>
  );
}

/** For whom somebody stands in, and until when. */
const InPlaceOf = ({ decider: { coversFor, until } }: { decider: Told['deciders'][number] }): VNode | null =>
  coversFor === undefined ? null : (
    <span class="edlink-quiet">
      {' '}
      (in place of <PersonName>{coversFor}</PersonName>
      {until && `, who is away until ${readableLastDay(until)}`})
    </span>
  );
