import type { VNode } from 'preact';
import type { CoverageNumbers } from '#oversight';
import { Empty, Page, type PageFrame } from '#web';
import { boundedCount, capital } from '../parts/bounded-count.js';
import { readableDay } from '../parts/days.js';
import { StateNav } from './state-nav.js';

/** What waits for the state office, counted. */
export interface OfficeTasks {
  /** Requests in the desk's waiting list; counted up to 100. */
  requests: number;
  /** Designations to approve or to grant. */
  designations: number;
  /** Register files looked at and not applied, and those that wait for a second person. */
  registerChanges: number;
  disagreements: number;
  disputes: number;
}

interface OverviewProps {
  frame: PageFrame;
  numbers: CoverageNumbers;
  tasks: OfficeTasks;
}

/** The state office's first page: what waits, and how well the state is covered. */
export const OverviewPage = ({ frame, numbers, tasks }: OverviewProps): VNode => (
  <Page frame={frame} title="State office">
    <StateNav frame={frame} />
    <h2>Waits for the state office</h2>
    <Tasks tasks={tasks} />
    <h2>How the state is covered</h2>
    <p>
      {readableDay(numbers.day)}: {counted(numbers.coordinators, 'coordinator')} for{' '}
      {counted(numbers.systems, 'school system')} with {counted(numbers.sites, 'site')}.
    </p>
    <ul class="edlink-numbers">
      {measures(numbers).map(({ count, one, many, href, urgent }) => (
        <li>
          <a
            href={href}
            class={`edlink-number${count === 0 ? ' edlink-number--good' : urgent ? ' edlink-number--bad' : ''}`}
          >
            <strong>{count.toLocaleString('en-US')}</strong>
            <span>{count === 1 ? one : many}</span>
          </a>
        </li>
      ))}
    </ul>
    <form class="edlink-filter" method="get" action="/state/places" role="search" aria-label="Places">
      <div class="usa-form-group">
        <label class="usa-label" for="q">
          Find a school system or site
        </label>
        <input class="usa-input" id="q" name="q" type="search" autocomplete="off" maxLength={100} />
      </div>
      <button class="usa-button" type="submit">
        Search
      </button>
    </form>
  </Page>
);

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;

interface Measure {
  count: number;
  one: string;
  many: string;
  href: string;
  /** Somebody waits in vain, or would. */
  urgent?: boolean;
}

const measures = (numbers: CoverageNumbers): Measure[] => [
  {
    count: numbers.withoutCoordinator,
    one: 'system without a coordinator',
    many: 'systems without a coordinator',
    href: '/state/coverage?view=without',
    urgent: true,
  },
  {
    count: numbers.single,
    one: 'system that hangs on one person',
    many: 'systems that hang on one person',
    href: '/state/coverage?view=single',
  },
  {
    count: numbers.onlyState,
    one: 'application in a system that only the state decides',
    many: 'applications in a system that only the state decides',
    href: '/state/coverage?view=applications',
  },
  {
    count: numbers.unserved,
    one: 'site no school system serves',
    many: 'sites no school system serves',
    href: '/state/coverage?view=unserved',
  },
  {
    count: numbers.unsigned,
    one: 'coordinator without a signed statement',
    many: 'coordinators without a signed statement',
    href: '/state/coverage?view=unsigned',
    urgent: true,
  },
];

/** Only what there is to do. */
function Tasks({ tasks }: { tasks: OfficeTasks }): VNode {
  const all: [count: number, one: string, many: string, href: string, told?: string][] = [
    [tasks.requests, 'request to decide', 'requests to decide', '/review', capital(boundedCount(tasks.requests))],
    [tasks.designations, 'designation to look at', 'designations to look at', '/state/designations'],
    [tasks.registerChanges, 'register file to apply', 'register files to apply', '/state/register'],
    [tasks.disagreements, 'place sources disagree on', 'places sources disagree on', '/state/disagreements'],
    [tasks.disputes, 'dispute about a Staff ID', 'disputes about Staff IDs', '/state/disputes'],
  ];
  const waiting = all.filter(([count]) => count > 0);
  if (!waiting.length)
    return (
      <Empty>
        <p>Nothing waits. Requests, designations, register files and disputes appear here as they come in.</p>
      </Empty>
    );
  return (
    <ul class="edlink-places">
      {waiting.map(([count, one, many, href, told]) => (
        <li>
          <a href={href}>
            <strong>
              {told ?? count.toLocaleString('en-US')} {count === 1 ? one : many}
            </strong>
          </a>
        </li>
      ))}
    </ul>
  );
}
