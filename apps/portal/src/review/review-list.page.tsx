import type { VNode } from 'preact';
import type { CoverView } from '#coordinators';
import { days, type FieldFault, type Listed, type Problem, readableDate } from '#kernel';
import type { WaitingItem } from '#requests';
import { Choices, Empty, Page, type PageFrame, PersonName, Select, TextField, Token } from '#web';
import { boundedCount, capital } from '../parts/bounded-count.js';
import { readableLastDay } from '../parts/days.js';
import { KeyPager } from '../parts/key-pager.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { dueWords } from '../requests/held-by.js';
import { thingsInWords } from '../requests/line-words.js';
import { pickOf } from './many.form.js';
import { isNarrowed, reviewAddress, type ReviewView, waitingAges } from './review-filter.js';

interface ReviewListProps {
  frame: PageFrame;
  view: ReviewView;
  /** What the filter lets through, oldest first. */
  page: Listed<WaitingItem>;
  /** How many the filter lets through; counted up to 100. */
  fitting: number;
  /** How many wait for an answer of the person who asked; counted up to 100. */
  asked: number;
  applications: { code: string; name: string }[];
  /** Name of the site the list is narrowed to. */
  site?: string;
  /** For "waits for 9 days". */
  now: Date;
  /** Covers in force today: others decide in the reader's place. */
  away: CoverView[];
  notice?: string;
  /** Why a decision was not taken: the request is somebody else's now. */
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** What waits for this coordinator, oldest first, with a filter. */
export const ReviewListPage = (props: ReviewListProps): VNode => (
  <Page frame={props.frame} title="Requests waiting for you" notice={props.notice} faults={props.faults}>
    {props.problem && <ProblemAlert problem={props.problem} />}
    <Away covers={props.away} />
    {!linkOf(props.frame) ? (
      <p>
        <a href="/">Go to your home page</a>
      </p>
    ) : waitingCountOf(props.frame) + props.asked === 0 ? (
      <Empty>
        <p>Nothing waits for you. You get a mail when somebody asks.</p>
        <p>
          <a href="/my-sites">See your sites and who else decides there</a>
        </p>
        <p>
          <a href="/help#coordinators">How deciding works</a>
        </p>
      </Empty>
    ) : (
      <List {...props} />
    )}
  </Page>
);

function List(props: ReviewListProps): VNode {
  const { frame, view, page, asked } = props;
  return (
    <>
      {(asked > 0 || view.filter.asked) && <Shown frame={frame} view={view} asked={asked} />}
      <p>
        {view.filter.asked
          ? 'You or another coordinator asked back. Until the answer is there nothing here is due; you may decide all the same.'
          : 'Oldest first. Whoever acts first decides; what others decided leaves this list by itself.'}
      </p>
      <Filter {...props} />
      <p role="status">{countOf(props)}</p>
      {page.items.length === 0 ? (
        <Empty>
          {isNarrowed(view.filter) ? (
            <>
              <p>Nothing that waits for you fits this filter.</p>
              <p>
                <a href="/review">Show everything that waits</a>
              </p>
            </>
          ) : (
            <p>{view.filter.asked ? 'No answer is awaited now.' : 'Nothing is to be decided now.'}</p>
          )}
        </Empty>
      ) : (
        <>
          <KeyPager page={page} what="Requests" href={(cut) => reviewAddress(view.filter, cut)} />
          <Waiting {...props} />
          <KeyPager page={page} what="Requests, after the list" href={(cut) => reviewAddress(view.filter, cut)} />
        </>
      )}
    </>
  );
}

/** What is decided next, and what waits for an answer first. */
const Shown = ({ frame, view, asked }: Pick<ReviewListProps, 'frame' | 'view' | 'asked'>): VNode => (
  <nav aria-label="Which requests" class="edlink-tabs">
    <ul>
      <li>
        <a href="/review" aria-current={view.filter.asked ? undefined : 'page'}>
          To decide ({boundedCount(waitingCountOf(frame))})
        </a>
      </li>
      <li>
        <a href="/review?show=asked" aria-current={view.filter.asked ? 'page' : undefined}>
          Waits for an answer ({boundedCount(asked)})
        </a>
      </li>
    </ul>
  </nav>
);

/** An empty list of somebody who is away says why it is empty. */
const Away = ({ covers }: { covers: CoverView[] }): VNode => (
  <>
    {covers.map(({ standsIn, toDay }) => (
      <p>
        <PersonName>{standsIn.name}</PersonName> stands in for you until {readableLastDay(toDay)}.{' '}
        <a href="/cover">See or end the cover</a>
      </p>
    ))}
  </>
);

/** Whoever is no coordinator any more comes here once, from a page that was open: all other ways of coordinators are closed by then. */
const linkOf = ({ navigation }: PageFrame): PageFrame['navigation'][number] | undefined =>
  navigation.find(({ href }) => href === '/review');

/** How many wait in all, as the header says. */
const waitingCountOf = (frame: PageFrame): number => linkOf(frame)?.count ?? 0;

function countOf({ frame, view: { filter }, fitting, site, asked }: ReviewListProps): VNode | string {
  const all = filter.asked ? asked : waitingCountOf(frame);
  const waits = filter.asked ? 'for an answer' : 'for you';
  const told =
    all === 0
      ? `No request waits ${waits}.`
      : all === 1
        ? `One request waits ${waits}.`
        : `${capital(boundedCount(all))} requests wait ${waits}.`;
  if (!isNarrowed(filter)) return told;
  return (
    <>
      {told} {fittingWords(fitting)} what you look for
      {site && ` at ${site}`}. <a href={reviewAddress({ asked: filter.asked })}>Show all</a>
    </>
  );
}

const fittingWords = (count: number): string =>
  count === 0 ? 'None fits' : count === 1 ? 'One fits' : `${capital(boundedCount(count))} fit`;

/** Works without script: the choices are in the address. */
const Filter = ({ view: { filter }, applications }: ReviewListProps): VNode => (
  <>
    <a class="usa-skipnav" href="#waiting">
      Skip to the list
    </a>
    <form class="edlink-filter" method="get" action="/review" role="search" aria-label="Waiting requests">
      {filter.siteCode && <input type="hidden" name="site" value={filter.siteCode} />}
      {filter.asked && <input type="hidden" name="show" value="asked" />}
      <div class="usa-form-group">
        <label class="usa-label" for="q">
          Name or reference
        </label>
        <input class="usa-input" id="q" name="q" type="search" autocomplete="off" maxLength={100} value={filter.text} />
      </div>
      <Select
        name="application"
        label="Application"
        options={[{ value: '', label: 'All' }, ...applications.map(({ code, name }) => ({ value: code, label: name }))]}
        chosen={filter.application}
      />
      <Select
        name="older"
        label="Waiting"
        options={[
          { value: '', label: 'However long' },
          ...waitingAges.map((age) => ({ value: String(age), label: `More than ${age} days` })),
        ]}
        chosen={String(filter.olderThanDays ?? '')}
      />
      <button class="usa-button" type="submit">
        Filter
      </button>
    </form>
  </>
);

const Waiting = ({ frame, view, page, now, faults, typed = {} }: ReviewListProps): VNode => (
  <form method="post" action={reviewAddress(view.filter, view.cut, '/review/many')} novalidate>
    <Token frame={frame} />
    <p class="edlink-quiet" id="keys">
      Keys in the list: ↓ or J next, ↑ or K previous, Home first, End last, Enter opens.
    </p>
    <ul class="edlink-list" id="waiting" tabIndex={-1} data-keys aria-describedby="keys">
      {page.items.map((item, at) => (
        <li>
          <div class="usa-checkbox">
            <input
              class="usa-checkbox__input"
              id={at === 0 ? 'pick' : `pick-${at}`}
              type="checkbox"
              name="pick"
              value={pickOf(item)}
              checked={([] as unknown[]).concat(typed.pick ?? []).includes(pickOf(item))}
            />
            <label class="usa-checkbox__label" for={at === 0 ? 'pick' : `pick-${at}`}>
              Decide {item.reference} below
            </label>
          </div>
          <p>
            <a href={`/review/${item.id}`} data-key-stop>
              <PersonName>{item.requester}</PersonName> asks for {applicationsOf(item)}
            </a>
            <br />
            {thingsInWords(item.lines, true).join('; ')}
          </p>
          <p class="edlink-quiet">
            {item.reference}, sent {readableDate(item.submittedAt)}
            {waitedWords(item.submittedAt, now)},{' '}
            {item.lines.every(({ asked }) => asked) ? 'an answer is awaited' : dueWords(item.dueDay, item.overdue)}
          </p>
        </li>
      ))}
    </ul>
    <h2>Decide what you ticked, all in one way</h2>
    <p>Open a request to answer its permissions one by one.</p>
    <Choices
      name="verdict"
      type="radio"
      inRow
      required={false}
      legend="Everything of the ticked requests that waits for you"
      choices={[
        { value: 'approve', label: 'Approve' },
        { value: 'reject', label: 'Reject' },
      ]}
      chosen={[String(typed.verdict ?? '')]}
      faults={faults}
    />
    <TextField
      name="reason"
      label="Reason"
      hint="Needed when you reject; each person reads it."
      rows={2}
      required={false}
      faults={faults}
      typed={typed}
    />
    <div class="edlink-actions">
      <button class="usa-button" type="submit">
        Save for all ticked
      </button>
    </div>
  </form>
);

const applicationsOf = ({ lines }: WaitingItem): string =>
  [...new Set(lines.map(({ application }) => application.name))].join(', ');

/** How long something has waited, in whole days; nothing on the first. */
function waitedWords(since: Date, now: Date): string {
  const past = Math.floor((now.getTime() - since.getTime()) / days(1));
  return past < 1 ? '' : past === 1 ? ', waits for a day' : `, waits for ${past} days`;
}
