import type { ComponentChildren, VNode } from 'preact';
import type { LineView, RequestView, RouteMoment, StepView } from '#requests';
import { PersonName, TypedText } from '#web';
import type { Moment } from '../parts/timeline.js';
import { isSimple, thingsInWords } from './line-words.js';
import { offeredInWords } from './offers.js';
import { aboutInWords } from './questions.js';
import { givenInWords } from './terms.js';

type Dated = Omit<Moment, 'when'> & { at: Date };

/** Everything that happened to a request, oldest first, in the words of whoever looks. */
export const momentsOf = (request: RequestView): Dated[] =>
  [
    ...routed(request),
    ...reminded(request),
    ...asked(request),
    ...offered(request),
    ...offeredLess(request),
    ...stepped(request),
    ...settled(request),
    ...written(request),
  ].sort((one, other) => one.at.getTime() - other.at.getTime());

/** The person who asked. */
const person = ({ own, requester }: RequestView): ComponentChildren =>
  own ? 'You' : <PersonName>{requester.name}</PersonName>;

function routed(request: RequestView): Dated[] {
  const { history, lines, replaces } = request;
  return history.map((moment) => ({
    at: moment.at,
    what: moment.cause || (
      <>
        {person(request)} sent the request{replaces && ` in place of ${replaces.reference}`}.
      </>
    ),
    about: <GoesTo moment={moment} lines={lines} />,
  }));
}

const reminded = ({ reminders, own }: RequestView): Dated[] =>
  reminders.map(({ at, requester }) => ({
    at,
    what: requester
      ? `${own ? 'You were' : 'The person was'} reminded that an answer is missing.`
      : 'Whoever decides was reminded.',
  }));

function asked(request: RequestView): Dated[] {
  const { questions, lines } = request;
  return questions.flatMap((question) => {
    const { by, askedAt, answeredAt, answer, lineIds } = question;
    const some = lineIds.length < lines.length && ` about ${aboutInWords(lines, question)}`;
    const moments: Dated[] = [
      {
        at: askedAt,
        what: (
          <>
            <PersonName>{by}</PersonName> asked{some}:
          </>
        ),
        about: <TypedText>{question.question}</TypedText>,
      },
    ];
    if (answeredAt && answer !== undefined)
      moments.push({ at: answeredAt, what: <>{person(request)} answered:</>, about: <TypedText>{answer}</TypedText> });
    return moments;
  });
}

function offered(request: RequestView): Dated[] {
  const { suggestion } = request;
  if (!suggestion) return [];
  const moments: Dated[] = [
    {
      at: suggestion.at,
      what: (
        <>
          <PersonName>{suggestion.by}</PersonName> offered to ask for the whole of {suggestion.system.name} instead.
        </>
      ),
      about: suggestion.note && <TypedText>{suggestion.note}</TypedText>,
    },
  ];
  if (suggestion.answeredAt)
    moments.push({
      at: suggestion.answeredAt,
      what: (
        <>
          {person(request)} {suggestion.status === 'accepted' ? 'accepted' : 'declined'} that.
        </>
      ),
    });
  return moments;
}

/** The last offer of less about each line. */
function offeredLess(request: RequestView): Dated[] {
  const { lines } = request;
  return lines.flatMap(({ offer, ...line }): Dated[] => {
    if (!offer) return [];
    const answer = { open: 'No answer yet.', accepted: 'Taken.', declined: 'Declined.', over: 'It is over.' };
    return [
      {
        at: offer.at,
        what: (
          <>
            <PersonName>{offer.by}</PersonName> offered {offeredInWords({ ...line, offer })} in place of{' '}
            {thingsInWords([line], !isSimple(lines)).join()}.
          </>
        ),
        about: (
          <>
            {offer.reason && <TypedText>{offer.reason}</TypedText>}
            <p class="edlink-quiet">{answer[offer.status]}</p>
          </>
        ),
      },
    ];
  });
}

/** Yeses that were not the last. */
function stepped({ lines }: RequestView): Dated[] {
  const together = new Map<string, { step: StepView; lines: LineView[] }>();
  for (const line of lines)
    for (const step of line.steps ?? []) {
      // The last yes is told with the decision.
      if (step.state !== 'approved' || !step.decidedAt || step.step === line.steps!.length) continue;
      const key = JSON.stringify([step.decidedAt, step.step, step.decidedBy, step.reason]);
      together.set(key, { step, lines: [...(together.get(key)?.lines ?? []), line] });
    }
  return [...together.values()].map(({ step, lines: same }) => ({
    at: step.decidedAt!,
    what: (
      <>
        <PersonName>{step.decidedBy ?? step.by}</PersonName> ({step.by}) approved step {step.step} of{' '}
        {same[0]!.steps!.length}: {thingsInWords(same, !isSimple(lines)).join('; ')}.
      </>
    ),
    about: step.reason && <TypedText>{step.reason}</TypedText>,
  }));
}

/** What was settled in one go, in one way and with one reason, is one moment. */
function settled({ lines }: RequestView): Dated[] {
  const together = new Map<string, LineView[]>();
  for (const line of lines) {
    if (!line.decidedAt || line.status === 'pending') continue;
    const key = JSON.stringify([line.decidedAt, line.status, line.decidedBy, line.reason, line.given]);
    together.set(key, [...(together.get(key) ?? []), line]);
  }
  return [...together.values()].map((same) => {
    const [{ decidedAt, reason }] = same as [LineView];
    return {
      at: decidedAt!,
      what: <Settled lines={same} all={lines} />,
      about: reason && <TypedText>{reason}</TypedText>,
    };
  });
}

function Settled({ lines, all }: { lines: LineView[]; all: LineView[] }): VNode {
  const things = thingsInWords(lines, !isSimple(all)).join('; ');
  const [{ status, decidedBy, given }] = lines as [LineView];
  if (status === 'withdrawn') return <>Withdrawn: {things}.</>;
  if (status === 'expired') return <>Closed, because nobody decided in time: {things}.</>;
  return (
    <>
      <PersonName>{decidedBy ?? 'A coordinator'}</PersonName> {status === 'approved' ? 'approved' : 'did not approve'}{' '}
      {things}
      {given && `, but only ${givenInWords(given)}`}.
    </>
  );
}

const written = ({ notes }: RequestView): Dated[] =>
  notes.map(({ author, own, text, writtenAt }) => ({
    at: writtenAt,
    what: <>{own ? 'You' : <PersonName>{author}</PersonName>} wrote a notification:</>,
    about: <TypedText>{text}</TypedText>,
  }));

/** Who may decide from then on; where not all went the same way, what went to whom. */
const GoesTo = ({ moment: { ways }, lines }: { moment: RouteMoment; lines: LineView[] }): VNode => (
  <>
    {ways.map(({ lineIds, deciders, stateDesk }) => {
      const now = deciders.filter(({ passed }) => !passed);
      return (
        <p class="edlink-quiet">
          {lineIds.length < lines.length &&
            `${thingsInWords(
              lines.filter(({ id }) => lineIds.includes(id)),
              !isSimple(lines),
            ).join('; ')}: `}
          {now.length === 0 ? (
            'Went to the state office.'
          ) : (
            <>
              Went to{' '}
              {now.map(({ name }, index) => (
                <>
                  {index > 0 && (index === now.length - 1 ? ' or ' : ', ')}
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
