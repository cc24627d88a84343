import type { ComponentChildren, VNode } from 'preact';
import { type FieldFault, type Problem, readableTime } from '#kernel';
import type { LineView, RequestView } from '#requests';
import { Alert, Facts, Page, type PageFrame, PersonName, Token, TypedText } from '#web';
import { ProblemAlert } from '../parts/problem-alert.js';
import { AskAgain } from './ask-again.js';
import { History } from './history.js';
import { AddNote } from './notes.js';
import { aboutPlace } from '../parts/places.js';
import { isSimple, titleOf } from './line-words.js';
import { Offers } from './offers.js';
import { AnswerQuestions } from './questions.js';
import { StatusCounts, StatusOf } from './request-status.js';
import { AnswerSuggestion, SuggestionState } from './suggestion.js';
import { TermsOf } from './terms.js';
import { WhoDecides } from './who-decides.js';

interface RequestPageProps {
  frame: PageFrame;
  request: RequestView;
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** More permissions are counted; each one is a click away. */
const most = 12;

/** A request as the person who asked sees it: how each permission stands, who decides and why they, and what was written. */
export function RequestPage({ frame, request, notice, problem, faults, typed }: RequestPageProps): VNode {
  const open = request.lines.filter((line) => line.status === 'pending');
  const { suggestion } = request;
  const mayAnswer = request.own && suggestion?.status === 'open' && request.mayWithdraw;
  return (
    <Page frame={frame} title={`Request ${request.reference}`} faults={faults} notice={notice}>
      {problem && <ProblemAlert problem={problem} />}
      {request.own && <AnswerQuestions frame={frame} request={request} faults={faults} typed={typed} />}
      {request.own && <Offers frame={frame} request={request} />}
      {suggestion && mayAnswer && <AnswerSuggestion frame={frame} request={request} suggestion={suggestion} />}
      {suggestion && !mayAnswer && <SuggestionState suggestion={suggestion} own={request.own} />}
      <RequestFacts request={request} />
      {request.mayDecide && (
        <Alert kind="info">
          <p>
            You may decide this request. <a href={`/review/${request.id}`}>Go to the review page</a>
          </p>
        </Alert>
      )}
      <h2>Permissions</h2>
      {request.lines.length > most ? (
        <>
          <p>
            {request.lines.length} permissions: <StatusCounts lines={request.lines} />
          </p>
          <details class="edlink-more">
            <summary>Each of them, with its decision</summary>
            <Lines lines={request.lines} own={request.own} />
          </details>
        </>
      ) : (
        <Lines lines={request.lines} own={request.own} />
      )}
      {open.length > 0 && (
        <>
          <h2>Who decides, and why</h2>
          <WhoDecides
            lines={isSimple(request.lines) ? open : request.lines}
            statuses={!isSimple(request.lines)}
            own={request.own}
          />
        </>
      )}
      <AskAgain request={request} />
      <History request={request} />
      <AddNote
        frame={frame}
        requestId={request.id}
        reader={request.own ? 'whoever decides' : 'the person who asked'}
        faults={faults}
        typed={typed}
      />
      {request.mayWithdraw && (
        <form method="post" action={`/requests/${request.id}/withdraw`}>
          <Token frame={frame} />
          <h2>No longer needed?</h2>
          <p>Withdrawing takes back what is still waiting. What was decided stays.</p>
          <button class="usa-button usa-button--secondary" type="submit">
            Withdraw this request
          </button>
        </form>
      )}
    </Page>
  );
}

/** What a request is about; `named` where the title does not say which one it is. */
export const RequestFacts = ({ request, named }: { request: RequestView; named?: boolean }): VNode => (
  <Facts
    facts={[
      ...(named ? [['Request', request.reference] as [string, string]] : []),
      ...aboutLines(request),
      ['Sent', readableTime(request.submittedAt)],
      ...(request.enteredBy
        ? [
            [
              'Entered by',
              <>
                <PersonName>{request.enteredBy}</PersonName>, who therefore does not decide it
              </>,
            ] as [string, VNode],
          ]
        : []),
      ...(request.replaces
        ? [
            ['In place of', <a href={`/requests/${request.replaces.id}`}>{request.replaces.reference}</a>] as [
              string,
              VNode,
            ],
          ]
        : []),
      ...(request.replacedBy.length
        ? [
            [
              'Asked again in',
              request.replacedBy.map(({ id, reference }, at) => (
                <>
                  {at > 0 && ', '}
                  <a href={`/requests/${id}`}>{reference}</a>
                </>
              )),
            ] as [string, VNode[]],
          ]
        : []),
      ...(request.mayNarrow
        ? [['If only a part', 'Agreed beforehand to a lesser permission or an earlier last day'] as [string, string]]
        : []),
      [
        'Why',
        request.why ? <TypedText>{request.why}</TypedText> : <span class="edlink-quiet">Nothing was written</span>,
      ],
    ]}
  />
);

/** What and where; many things are told line by line. */
function aboutLines({ lines, others }: RequestView): [string, ComponentChildren][] {
  const [line] = lines;
  const more: [string, string][] =
    others > 0
      ? [
          [
            'Besides',
            `${others === 1 ? 'One more permission, which' : `${others} more permissions, which`} others decide`,
          ],
        ]
      : [];
  if (!line || !isSimple(lines)) return [['What for', titleOf(lines)], ...more];
  return [
    ['Application', line.application.name],
    ['Role', line.role.name],
    [
      'Place',
      <>
        {line.place.name}
        <br />
        <span class="edlink-quiet">{aboutPlace(line.place)}</span>
      </>,
    ],
    ...more,
  ];
}

/** One row a permission: status and day, who decided, the reason. */
export function Lines({ lines, own }: { lines: LineView[]; own?: boolean }): VNode {
  const several = new Set(lines.map(({ application }) => application.code)).size > 1;
  return (
    <div class="edlink-scroll" tabIndex={0} role="region" aria-label="Permissions of this request">
      <table class="usa-table usa-table--borderless usa-table--stacked">
        <thead>
          <tr>
            <th scope="col">Permission</th>
            {!isSimple(lines) && <th scope="col">Place</th>}
            <th scope="col">Status</th>
            <th scope="col">Decided by</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr>
              <th scope="row" data-label="Permission">
                {line.permission.name}
                {several && <span class="edlink-quiet"> in {line.application.name}</span>}
                <TermsOf line={line} />
              </th>
              {!isSimple(lines) && <td data-label="Place">{line.place.name}</td>}
              <td data-label="Status">
                <StatusOf line={line} />
              </td>
              <td data-label="Decided by">
                {line.decidedBy ? (
                  <PersonName>{line.decidedBy}</PersonName>
                ) : line.status === 'expired' ? (
                  'Nobody'
                ) : line.status === 'withdrawn' ? (
                  own ? (
                    'You'
                  ) : (
                    'The person who asked'
                  )
                ) : (
                  'Nobody yet'
                )}
              </td>
              <td data-label="Reason">
                {line.reason ? (
                  <TypedText>{line.reason}</TypedText>
                ) : (
                  <span class="edlink-quiet">
                    {line.status === 'pending' ? 'Comes with the decision' : 'None given'}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
