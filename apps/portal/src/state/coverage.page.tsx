import type { VNode } from 'preact';
import { Empty, Page, type PageFrame } from '#web';
import { Pager } from '../parts/pager.js';
import { CoordinatorTable, Gaps, Singles, Unserved, Vacant } from './coverage-lists.js';
import { type CoverageAnswer, coverageViews, type CoverageViewName } from './coverage-view.js';
import { StateNav } from './state-nav.js';

interface CoverageProps {
  frame: PageFrame;
  answer: CoverageAnswer;
  /** What was searched for. */
  text?: string;
}

/** Where somebody decides and where nobody does: one list at a time. */
export const CoveragePage = ({ frame, answer, text }: CoverageProps): VNode => (
  <Page frame={frame} title="Coverage">
    <StateNav frame={frame} />
    <Views view={answer.view} />
    <p>{about[answer.view]}</p>
    <form
      class="edlink-filter"
      method="get"
      action="/state/coverage"
      role="search"
      aria-label={coverageViews[answer.view]}
    >
      <input type="hidden" name="view" value={answer.view} />
      <div class="usa-form-group">
        <label class="usa-label" for="q">
          Name or code
        </label>
        <input class="usa-input" id="q" name="q" type="search" autocomplete="off" maxLength={100} value={text} />
      </div>
      <button class="usa-button" type="submit">
        Search
      </button>
    </form>
    <p role="status">{countOf(answer, text)}</p>
    {answer.list.total === 0 ? <Nothing view={answer.view} text={text} /> : <List answer={answer} />}
    <Pager list={answer.list} href={(page) => addressOf(answer.view, text, page)} what={coverageViews[answer.view]} />
  </Page>
);

const addressOf = (view: CoverageViewName, text?: string, page?: number): string =>
  `/state/coverage?${new URLSearchParams({ view, ...(text && { q: text }), ...(page && { page: String(page) }) })}`;

const about: Record<CoverageViewName, string> = {
  without: 'Nobody can decide for these school systems as a whole. Their requests come to the state office.',
  single:
    'These school systems hang on one person. When that person is away and nobody stands in, their requests wait.',
  applications: 'In these school systems nobody but the state office can decide the applications named.',
  unserved:
    'Nonpublic and early-childhood schools and centers that no public school system is on record as serving; central offices are not listed. Their requests for special education come to the state office.',
  unsigned: 'Named, but without a statement in force. They decide nothing until they sign.',
  coordinators: 'Everybody who decides somewhere today, with what waits for them.',
};

/** One list is looked at; the others are a link away. */
const Views = ({ view }: { view: CoverageViewName }): VNode => (
  <nav aria-label="Lists of coverage" class="edlink-tabs">
    <ul>
      {Object.entries(coverageViews).map(([name, label]) => (
        <li>
          <a href={addressOf(name as CoverageViewName)} aria-current={name === view ? 'true' : undefined}>
            {label}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

function countOf({ list }: CoverageAnswer, text?: string): VNode | string {
  const found = `${list.total.toLocaleString('en-US')} ${list.total === 1 ? 'entry' : 'entries'}`;
  return text ? `${found} for "${text}".` : `${found}.`;
}

function Nothing({ view, text }: { view: CoverageViewName; text?: string }): VNode {
  return (
    <Empty>
      {text ? (
        <p>
          Nothing here fits "{text}". <a href={addressOf(view)}>Show the whole list</a>
        </p>
      ) : (
        <p>{nothing[view]}</p>
      )}
    </Empty>
  );
}

const nothing: Record<CoverageViewName, string> = {
  without: 'Every school system has somebody who decides for all of it.',
  single: 'No school system hangs on one person.',
  applications: 'Every application has a coordinator in every school system.',
  unserved: 'Every nonpublic and early-childhood school and center has a school system that serves it.',
  unsigned: 'Everybody has signed.',
  coordinators: 'There are no coordinators yet. The head of a school system designates them.',
};

function List({ answer }: { answer: CoverageAnswer }): VNode {
  switch (answer.view) {
    case 'without':
      return <Vacant systems={answer.list.items} />;
    case 'single':
      return <Singles systems={answer.list.items} />;
    case 'applications':
      return <Gaps gaps={answer.list.items} />;
    case 'unserved':
      return <Unserved sites={answer.list.items} />;
    default:
      return <CoordinatorTable coordinators={answer.list.items} />;
  }
}
