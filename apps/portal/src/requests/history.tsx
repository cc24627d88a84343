import type { VNode } from 'preact';
import { readableTime } from '#kernel';
import type { RequestView, RouteMoment } from '#requests';
import { PersonName } from '#web';
import { type Moment, Timeline } from '../parts/timeline.js';

/** What became of a request so far: sent, sent on to others and why, offers, decisions. */
export function History({ request }: { request: RequestView }): VNode {
  const moments = momentsOf(request).sort((one, other) => one.at.getTime() - other.at.getTime());
  return (
    <section aria-labelledby="history">
      <h2 id="history">What happened so far</h2>
      <Timeline moments={moments.map(({ at, ...moment }) => ({ ...moment, when: readableTime(at) }))} />
    </section>
  );
}

type Dated = Omit<Moment, 'when'> & { at: Date };

function momentsOf({ lines, history, suggestion, requester, replaces, own }: RequestView): Dated[] {
  const several = lines.length > 1;
  const person = own ? 'You' : <PersonName>{requester.name}</PersonName>;
  const routed = history.map((moment): Dated => ({
    at: moment.at,
    what: moment.cause || (
      <>
        {person} sent the request{replaces && ` in place of ${replaces.reference}`}.
      </>
    ),
    about: <GoesTo moment={moment} named={several && moment.permissions.length < lines.length} />,
  }));
  const offered: Dated[] = suggestion
    ? [
        {
          at: suggestion.at,
          what: (
            <>
              <PersonName>{suggestion.by}</PersonName> offered to ask for the whole of {suggestion.system.name} instead.
            </>
          ),
        },
      ]
    : [];
  if (suggestion?.answeredAt)
    offered.push({
      at: suggestion.answeredAt,
      what: (
        <>
          {person} {suggestion.status === 'accepted' ? 'accepted' : 'declined'} that.
        </>
      ),
    });
  const decided = lines.flatMap((line): Dated[] => {
    if (!line.decidedAt || line.status === 'pending') return [];
    if (line.status === 'withdrawn') return [{ at: line.decidedAt, what: <>{line.permission.name} was withdrawn.</> }];
    if (line.status === 'expired')
      return [{ at: line.decidedAt, what: <>{line.permission.name} was closed, because nobody decided it in time.</> }];
    const verdict = line.status === 'approved' ? 'approved' : 'did not approve';
    return [
      {
        at: line.decidedAt,
        what: (
          <>
            <PersonName>{line.decidedBy ?? 'A coordinator'}</PersonName> {verdict} {line.permission.name}.
          </>
        ),
      },
    ];
  });
  return [...routed, ...offered, ...decided];
}

/** Who may decide from then on; `named` tells which permissions, where not all went the same way. */
const GoesTo = ({
  moment: { permissions, deciders, stateDesk },
  named,
}: {
  moment: RouteMoment;
  named: boolean;
}): VNode => {
  const asked = deciders.filter(({ passed }) => !passed);
  return (
    <p class="edlink-quiet">
      {named && `${permissions.join(', ')}: `}
      {asked.length === 0 ? (
        'Went to the state office.'
      ) : (
        <>
          Went to{' '}
          {asked.map(({ name }, index) => (
            <>
              {index > 0 && (index === asked.length - 1 ? ' or ' : ', ')}
              <PersonName>{name}</PersonName>
            </>
          ))}
          {stateDesk && ' at the state office'}.
        </>
      )}
    </p>
  );
};
