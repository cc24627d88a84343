import type { VNode } from 'preact';
import type { CoverView } from '#coordinators';
import type { FieldFault, Problem } from '#kernel';
import type { AssignmentView } from '#oversight';
import { Alert, Facts, Page, type PageFrame, PersonName } from '#web';
import { readableDay, readableLastDay } from '../parts/days.js';
import { HindranceTag } from '../parts/hindrance-tag.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { scopeWords } from '../parts/scope-words.js';
import { type CoverCandidate, CoverForm, Covers, EndForm } from './assignment-forms.js';
import { StateNav } from './state-nav.js';

export interface AssignmentPageProps {
  frame: PageFrame;
  assignment: AssignmentView;
  covers: CoverView[];
  /** Who may stand in, as searched for; absent: nobody was searched for. */
  candidates?: CoverCandidate[];
  /** What was searched for. */
  who?: string;
  /** The form the faults and the typed text belong to. */
  form?: 'end' | 'cover';
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** One coordinator of one scope: since when, what waits, and what the state office can change. */
export const AssignmentPage = (props: AssignmentPageProps): VNode => {
  const { frame, assignment: one, notice, problem, faults } = props;
  return (
    <Page frame={frame} title={`Coordinator ${one.name}`} notice={notice} faults={faults}>
      <StateNav frame={frame} />
      {problem && <ProblemAlert problem={problem} />}
      <AssignmentFacts assignment={one} />
      {one.endedOn ? (
        <Alert kind="info">
          <p>
            Ended {readableDay(one.endedOn)}
            {one.endedReason && `: ${one.endedReason}`}
          </p>
        </Alert>
      ) : (
        <>
          <h2>Away for a while</h2>
          <Covers {...props} />
          <CoverForm {...props} />
          <h2>End the duties</h2>
          <EndForm {...props} />
        </>
      )}
    </Page>
  );
};

const AssignmentFacts = ({ assignment: one }: { assignment: AssignmentView }): VNode => (
  <Facts
    facts={[
      [
        'Person',
        <>
          <PersonName>{one.name}</PersonName> <HindranceTag hindrance={one.hindrance} />
        </>,
      ],
      [
        'Where',
        one.system ? (
          <a href={`/systems/${encodeURIComponent(one.system.code)}`}>
            {one.system.name} ({one.system.code})
          </a>
        ) : (
          'State office'
        ),
      ],
      [
        'Decides for',
        <>
          {scopeWords(one)}
          {one.siteList.length > 0 && (
            <ul>
              {one.siteList.map(({ code, name }) => (
                <li>
                  {name} ({code})
                </li>
              ))}
            </ul>
          )}
          {one.siteList.length > 0 && one.sites > one.siteList.length && (
            <p class="edlink-quiet">and {one.sites - one.siteList.length} more</p>
          )}
        </>,
      ],
      ['Since', `${readableDay(one.sinceDay)}${one.untilDay ? `, until ${readableLastDay(one.untilDay)}` : ''}`],
      ['Waiting', one.open === 0 ? 'Nothing' : `${one.open} open ${one.open === 1 ? 'request' : 'requests'}`],
    ]}
  />
);
