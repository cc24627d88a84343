import type { VNode } from 'preact';
import { type FieldFault, readableTime } from '#kernel';
import type { LineView, QuestionView, RequestView } from '#requests';
import { Choices, PersonName, TextField, Token, TypedText } from '#web';
import { readableDay } from '../parts/days.js';
import { isSimple, thingsInWords } from './line-words.js';

interface QuestionProps {
  /** The token of the page's forms. */
  frame: Parameters<typeof Token>[0]['frame'];
  request: RequestView;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** For the requester: what whoever decides wants to know first, each with a box for the answer. */
export const AnswerQuestions = ({ request, ...props }: QuestionProps): VNode => (
  <>
    {request.questions
      .filter(({ open }) => open)
      .map((question, at) => (
        <AnswerQuestion {...props} request={request} question={question} at={at} />
      ))}
  </>
);

function AnswerQuestion(props: QuestionProps & { question: QuestionView; at: number }): VNode {
  const { frame, request, question, at, faults, typed } = props;
  // What was typed, and what was wrong with it, belongs to one of them.
  const sent = typed?.questionId === undefined || typed.questionId === question.id;
  const closes = request.lines.find(({ id }) => question.lineIds.includes(id))?.time?.expiryDay;
  const suffix = at === 0 ? '' : `-${at}`;
  return (
    <section class="edlink-box" aria-labelledby={`question${suffix}`}>
      <h2 id={`question${suffix}`}>
        <PersonName>{question.by}</PersonName> asks you
      </h2>
      <AboutLines request={request} question={question} />
      <TypedText>{question.question}</TypedText>
      <form method="post" action={`/requests/${request.id}/answer`} novalidate>
        <Token frame={frame} />
        <input type="hidden" name="questionId" value={question.id} />
        <TextField
          name="answer"
          idSuffix={suffix}
          label="Your answer"
          hint={`Whoever decides reads it. No names of students.${closes ? ` Without an answer, what it is about is closed on ${readableDay(closes)}.` : ''}`}
          rows={3}
          faults={sent ? faults : undefined}
          typed={sent ? typed : undefined}
        />
        <div class="edlink-actions">
          <button class="usa-button" type="submit">
            Send answer
          </button>
        </div>
      </form>
    </section>
  );
}

/** Which part of a request a question is about, where it is not the whole. */
const AboutLines = ({
  request: { lines },
  question,
}: {
  request: RequestView;
  question: QuestionView;
}): VNode | null =>
  question.lineIds.length === lines.length ? null : <p class="edlink-quiet">About {aboutInWords(lines, question)}</p>;

/** The lines a question is about, in words. */
export const aboutInWords = (lines: LineView[], { lineIds }: Pick<QuestionView, 'lineIds'>): string =>
  thingsInWords(
    lines.filter(({ id }) => lineIds.includes(id)),
    !isSimple(lines),
  ).join('; ');

/** For whoever decides: what was asked before, and what came back. */
export const Questions = ({ request }: Pick<QuestionProps, 'request'>): VNode | null =>
  request.questions.length === 0 ? null : (
    <section aria-labelledby="questions">
      <h2 id="questions">Questions and answers</h2>
      <ul class="edlink-list">
        {request.questions.map((question) => (
          <li>
            <p class="edlink-quiet">
              <PersonName>{question.by}</PersonName> asked, {readableTime(question.askedAt)}
            </p>
            <AboutLines request={request} question={question} />
            <TypedText>{question.question}</TypedText>
            {question.answer !== undefined && question.answeredAt ? (
              <>
                <p class="edlink-quiet">
                  <PersonName>{request.requester.name}</PersonName> answered, {readableTime(question.answeredAt)}
                </p>
                <TypedText>{question.answer}</TypedText>
              </>
            ) : (
              <p>
                <strong>{question.open ? 'No answer yet. You can decide without it.' : 'It was not answered.'}</strong>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );

/** For whoever decides: ask the person something before deciding. */
export function AskBack({ frame, request, faults, typed = {} }: QuestionProps): VNode {
  const asked = new Set(request.questions.flatMap(({ open, lineIds }) => (open ? lineIds : [])));
  const free = request.lines.filter(({ id, status }) => status === 'pending' && !asked.has(id));
  return (
    <details class="edlink-more" open={typed.question !== undefined}>
      <summary>Something to ask the person first?</summary>
      <p>
        The person is told by mail and answers here. Until then the request stays open with you, nobody is reminded, and
        its time stands still.
      </p>
      <form method="post" action={`/review/${request.id}/ask`} novalidate>
        <Token frame={frame} />
        <TextField
          name="question"
          label="Your question"
          hint="The person reads it. No names of students."
          rows={3}
          faults={faults}
          typed={typed}
        />
        {free.length > 1 && (
          <Choices
            name="line"
            type="checkbox"
            legend="What it is about"
            hint="Tick nothing to ask about all of it."
            choices={free.map((line) => ({
              value: line.id,
              label: isSimple(request.lines) ? line.permission.name : `${line.permission.name} at ${line.place.name}`,
            }))}
            chosen={([] as unknown[]).concat(typed.line ?? []).map(String)}
            faults={faults}
          />
        )}
        <div class="edlink-actions">
          <button class="usa-button usa-button--outline" type="submit">
            Ask the person
          </button>
        </div>
      </form>
    </details>
  );
}
