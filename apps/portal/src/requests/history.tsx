import type { VNode } from 'preact';
import { readableTime } from '#kernel';
import type { LineView, RequestView, RouteMoment } from '#requests';
import { PersonName } from '#web';
import { type Moment, Timeline } from '../parts/timeline.js';
import { isSimple, thingsInWords } from './line-words.js';

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
  const simple = isSimple(lines);
  const nameOf = ({ permission, place }: LineView): string =>
    simple ? permission.name : `${permission.name} at ${place.name}`;
  const person = own ? 'You' : <PersonName>{requester.name}</PersonName>;
  const routed = history.map((moment): Dated => ({
    at: moment.at,
    what: moment.cause || (
      <>
        {person} sent the request{replaces && ` in place of ${replaces.reference}`}.
      </>
    ),
    about: <GoesTo moment={moment} lines={lines} />,
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
    if (line.status === 'withdrawn') return [{ at: line.decidedAt, what: <>{nameOf(line)} was withdrawn.</> }];
    if (line.status === 'expired')
      return [{ at: line.decidedAt, what: <>{nameOf(line)} was closed, because nobody decided it in time.</> }];
    const verdict = line.status === 'approved' ? 'approved' : 'did not approve';
    return [
      {
        at: line.decidedAt,
        what: (
          <>
            <PersonName>{line.decidedBy ?? 'A coordinator'}</PersonName> {verdict} {nameOf(line)}.
          </>
        ),
      },
    ];
  });
  return [...routed, ...offered, ...decided];
}

/** Who may decide from then on; where not all went the same way, what went to whom. */
const GoesTo = ({ moment: { ways }, lines }: { moment: RouteMoment; lines: LineView[] }): VNode => (
  <>
    {ways.map(({ lineIds, deciders, stateDesk }) => {
      const asked = deciders.filter(({ passed }) => !passed);
      return (
        <p class="edlink-quiet">
          {lineIds.length < lines.length &&
            `${thingsInWords(
              lines.filter(({ id }) => lineIds.includes(id)),
              !isSimple(lines),
            ).join('; ')}: `}
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
    })}
  </>
);
