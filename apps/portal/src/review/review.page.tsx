import type { VNode } from 'preact';
import type { FieldFault, Problem } from '#kernel';
import type { RequestView, WaitingItem } from '#requests';
import type { PlacedLocation } from '#sites';
import { Alert, Facts, Page, type PageFrame, PersonName } from '#web';
import { ProblemAlert } from '../parts/problem-alert.js';
import { History } from '../requests/history.js';
import { thingsInWords } from '../requests/line-words.js';
import { AddNote } from '../requests/notes.js';
import { AskBack, Questions } from '../requests/questions.js';
import { Lines, RequestFacts } from '../requests/request.page.js';
import { SuggestionState, SuggestSystem } from '../requests/suggestion.js';
import { WhoDecides } from '../requests/who-decides.js';
import { DecideLines } from './decide.js';

interface ReviewPageProps {
  frame: PageFrame;
  request: RequestView;
  /** Places asked for at which staff records do not show the person. */
  strange: PlacedLocation[];
  /** What else this person asked for and waits for the same coordinator. */
  others: WaitingItem[];
  notice?: string;
  faults?: FieldFault[];
  problem?: Problem;
  typed?: Record<string, unknown>;
}

/** Everything a coordinator needs to decide: who asks, for what, where, where that person is employed, and why it came here. */
export function ReviewPage(props: ReviewPageProps): VNode {
  const { frame, request, strange, others, notice, faults, problem, typed } = props;
  const open = request.lines.filter((line) => line.status === 'pending');
  const done = request.lines.filter((line) => line.status !== 'pending');
  const applications = [...new Set(request.lines.map(({ application }) => application.name))];
  return (
    <Page frame={frame} title={`${applications.join(', ')} permission request`} notice={notice} faults={faults}>
      {problem && <ProblemAlert problem={problem} />}
      <h2>Who asks</h2>
      <Requester request={request} />
      {strange.length > 0 && (
        <Alert
          kind="warning"
          heading={
            strange.length === 1 ? 'Not employed at this place' : `Not employed at ${strange.length} of the places`
          }
        >
          <p>
            Staff records do not show this person at {strange.map(({ name }) => name).join(', ')}. That can be right,
            for example for somebody who serves several schools. If you do not know why, ask before you approve.
          </p>
        </Alert>
      )}
      <h2>What for, and where</h2>
      <RequestFacts request={request} named />
      <Questions request={request} />
      {open.length > 0 && request.mayDecide ? (
        <DecideLines frame={frame} request={request} open={open} faults={faults} typed={typed} />
      ) : (
        <Alert kind="info">
          <p>
            {request.own
              ? 'This is your own request; somebody else decides it.'
              : request.lines.some(({ status }) => status === 'pending')
                ? 'You decide nothing of what is still open here; somebody else does.'
                : 'Nothing is left to decide here.'}
          </p>
        </Alert>
      )}
      {request.mayAsk && <AskBack frame={frame} request={request} faults={faults} typed={typed} />}
      {request.suggestion && <SuggestionState suggestion={request.suggestion} />}
      {request.maySuggest && (
        <SuggestSystem frame={frame} request={request} system={request.maySuggest} faults={faults} typed={typed} />
      )}
      {others.length > 0 && <AlsoWaiting others={others} />}
      {done.length > 0 && (
        <>
          <h2>Already decided</h2>
          <Lines lines={done} />
        </>
      )}
      {open.length > 0 && (
        <>
          <h2>Why this came to you</h2>
          <WhoDecides lines={open} />
        </>
      )}
      <History request={request} />
      <AddNote frame={frame} requestId={request.id} reader="the person who asked" />
    </Page>
  );
}

const Requester = ({ request: { requester } }: { request: RequestView }): VNode => (
  <Facts
    facts={[
      ['Name', <PersonName>{requester.name}</PersonName>],
      ['Staff ID', requester.staffId],
      [
        'Employed at',
        requester.employments.length ? (
          <ul>
            {requester.employments.map((each) => (
              <li>
                {each.site} ({each.siteCode}), {each.position}
              </li>
            ))}
          </ul>
        ) : (
          'No current employment in the staff records'
        ),
      ],
    ]}
  />
);

/** What else waits from the same person: seen before the first of it is decided. */
const AlsoWaiting = ({ others }: Pick<ReviewPageProps, 'others'>): VNode => (
  <section aria-labelledby="also">
    <h2 id="also">Also waiting for you from this person</h2>
    <ul class="edlink-list">
      {others.map((item) => (
        <li>
          <a href={`/review/${item.id}`}>{item.reference}</a>: {thingsInWords(item.lines, true).join('; ')}
        </li>
      ))}
    </ul>
  </section>
);
