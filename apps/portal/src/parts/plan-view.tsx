import type { VNode } from 'preact';
import type { Plan, PlannedMove, WaitsFor } from '#oversight';
import { Alert, PersonName } from '#web';
import { readableDay } from './days.js';

/** What a change would do, before anything is saved: who would decide what then, and what would be left without anybody. */
export function PlanView({ plan }: { plan: Plan }): VNode {
  const { moves, toStateDesk, uncoveredSites, systemsWithoutCoordinator } = plan;
  return (
    <section class="edlink-box" aria-labelledby="plan">
      <h2 id="plan">What happens on {readableDay(plan.day)}</h2>
      {moves.length === 0 ? (
        <p>No open request changes hands.</p>
      ) : (
        <>
          <p>{toldOf(moves, toStateDesk)}</p>
          <ul class="usa-list">
            {moves.slice(0, mostListed).map((move) => (
              <li>
                <Move move={move} />
              </li>
            ))}
          </ul>
          <More all={moves.length} />
        </>
      )}
      {systemsWithoutCoordinator.length > 0 && (
        <Alert kind="warning" heading="Nobody left for the whole school system">
          <ul class="usa-list">
            {systemsWithoutCoordinator.slice(0, mostListed).map((system) => (
              <li>{placeWords(system)}: the state office decides there until somebody is named</li>
            ))}
          </ul>
          <More all={systemsWithoutCoordinator.length} />
        </Alert>
      )}
      {uncoveredSites.length > 0 && (
        <>
          <h3>
            {uncoveredSites.length === 1
              ? 'One site loses its only coordinator'
              : `${uncoveredSites.length} sites lose their only coordinator`}
          </h3>
          <ul class="usa-list">
            {uncoveredSites.slice(0, mostListed).map((site) => (
              <li>
                {placeWords(site)}:{' '}
                {site.left === 'system' ? 'the coordinators of the school system decide' : 'the state office decides'}{' '}
                then
              </li>
            ))}
          </ul>
          <More all={uncoveredSites.length} />
        </>
      )}
      {moves.length + uncoveredSites.length + systemsWithoutCoordinator.length === 0 && (
        <p>No site is left without its coordinator.</p>
      )}
    </section>
  );
}

/** Longer lists are cut; their number is told. */
const mostListed = 50;

const More = ({ all }: { all: number }): VNode | null =>
  all > mostListed ? <p>and {all - mostListed} more.</p> : null;

const placeWords = ({ code, name, applications }: { code: string; name: string; applications?: string[] }): string =>
  `${name} (${code})${applications ? `, for ${applications.join(', ')}` : ''}`;

const counted = (count: number, one: string): string => (count === 1 ? `one ${one}` : `${count} ${one}s`);

function toldOf(moves: PlannedMove[], toStateDesk: number): string {
  const requests = new Set(moves.flatMap(({ references }) => references)).size;
  const permissions = moves.reduce((sum, { lines }) => sum + lines, 0);
  const howMany = toStateDesk === permissions ? (permissions === 1 ? '' : 'all of them ') : `${toStateDesk} of them `;
  const desk = toStateDesk > 0 ? `, ${howMany}to the state office` : '';
  const all = `${counted(permissions, 'permission')} in ${counted(requests, 'open request')}`;
  return `Changing hands: ${all}${desk}. Everybody concerned is told once.`;
}

const Move = ({ move: { from, to, lines, references } }: { move: PlannedMove }): VNode => (
  <>
    {lines === 1 ? 'One goes' : `${lines} go`} from <Waits who={from} /> to <Waits who={to} />
    <br />
    <span class="edlink-quiet">
      {references.slice(0, 5).join(', ')}
      {references.length > 5 && ` and ${references.length - 5} more`}
    </span>
  </>
);

const Waits = ({ who: { names, stateDesk } }: { who: WaitsFor }): VNode =>
  names.length === 0 ? (
    <strong>the state office</strong>
  ) : (
    <>
      {names.map((name, index) => (
        <>
          {index > 0 && ', '}
          <strong>
            <PersonName>{name}</PersonName>
          </strong>
        </>
      ))}
      {stateDesk && ' at the state office'}
    </>
  );
