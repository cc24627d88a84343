import type { VNode } from 'preact';
import type { CoverView } from '#coordinators';
import { days, type FieldFault, type Problem, readableDate } from '#kernel';
import type { WaitingFilter, WaitingItem } from '#requests';
import { Choices, Empty, Page, type PageFrame, PersonName, Select, TextField, Token } from '#web';
import { readableLastDay } from '../parts/days.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { dueWords } from '../requests/held-by.js';
import { thingsInWords } from '../requests/line-words.js';
import { pickOf } from './many.form.js';
import { waitingAges } from './review-filter.js';

interface ReviewListProps {
  frame: PageFrame;
  /** What the filter lets through, oldest first. */
  waiting: WaitingItem[];
  /** How many wait in all. */
  all: number;
  filter: WaitingFilter;
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
    {!isCoordinator(props.frame) ? (
      <p>
        <a href="/">Go to your home page</a>
      </p>
    ) : props.all === 0 ? (
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
      <>
        <p>Oldest first. Whoever acts first decides; what others decided leaves this list by itself.</p>
        <Filter {...props} />
        <p role="status">{countOf(props)}</p>
        {props.waiting.length === 0 ? (
          <Empty>
            <p>Nothing that waits for you fits this filter.</p>
            <p>
              <a href="/review">Show everything that waits</a>
            </p>
          </Empty>
        ) : (
          <Waiting {...props} />
        )}
      </>
    )}
  </Page>
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

/** Whoever is none any more comes here once, from a page that was open: all other ways of coordinators are closed by then. */
const isCoordinator = ({ navigation }: PageFrame): boolean => navigation.some(({ href }) => href === '/review');

const isNarrowed = (filter: WaitingFilter): boolean => Object.values(filter).some((each) => each !== undefined);

function countOf({ waiting, all, filter, site }: ReviewListProps): VNode | string {
  const counted = all === 1 ? 'One request waits for you.' : `${all} requests wait for you.`;
  if (!isNarrowed(filter)) return counted;
  return (
    <>
      {counted} {fitting(waiting.length)} what you look for
      {site && ` at ${site}`}. <a href="/review">Show all</a>
    </>
  );
}

const fitting = (count: number): string => (count === 0 ? 'None fits' : count === 1 ? 'One fits' : `${count} fit`);

/** Works without script: the choices are in the address. */
const Filter = ({ filter, applications }: ReviewListProps): VNode => (
  <>
    <a class="usa-skipnav" href="#waiting">
      Skip to the list
    </a>
    <form class="edlink-filter" method="get" action="/review" role="search" aria-label="Waiting requests">
      {filter.siteCode && <input type="hidden" name="site" value={filter.siteCode} />}
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

/** More are not drawn at once: the oldest come first, and the filter finds the others. */
const mostShown = 200;

const Waiting = ({ frame, waiting, now, faults, typed = {} }: ReviewListProps): VNode => (
  <form method="post" action="/review/many" novalidate>
    <Token frame={frame} />
    {waiting.length > mostShown && (
      <p>The oldest {mostShown} are shown. Filter to find one of the others, or decide and load the list again.</p>
    )}
    <p class="edlink-quiet" id="keys">
      Keys in the list: ↓ or J next, ↑ or K previous, Home first, End last, Enter opens.
    </p>
    <ul class="edlink-list" id="waiting" tabIndex={-1} data-keys aria-describedby="keys">
      {waiting.slice(0, mostShown).map((item, at) => (
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
            {waitedWords(item.submittedAt, now)}, {dueWords(item.dueDay, item.overdue)}
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
    <button class="usa-button" type="submit">
      Save for all ticked
    </button>
  </form>
);

const applicationsOf = ({ lines }: WaitingItem): string =>
  [...new Set(lines.map(({ application }) => application.name))].join(', ');

/** How long something has waited, in whole days; nothing on the first. */
function waitedWords(since: Date, now: Date): string {
  const past = Math.floor((now.getTime() - since.getTime()) / days(1));
  return past < 1 ? '' : past === 1 ? ', waits for a day' : `, waits for ${past} days`;
}
