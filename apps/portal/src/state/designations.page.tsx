import type { VNode } from 'preact';
import type { DesignationView } from '#coordinators';
import { readableDate } from '#kernel';
import { Empty, Page, type PageFrame, PersonName } from '#web';
import { DesignationTag } from '../parts/designation-words.js';
import { scopeWords } from '../parts/scope-words.js';
import { StateNav } from './state-nav.js';

interface DesignationsProps {
  frame: PageFrame;
  designations: DesignationView[];
  /** Also those that are settled. */
  all: boolean;
  notice?: string;
}

/** What heads designated; those the state office has to act on come first. */
export const DesignationsPage = ({ frame, designations, all, notice }: DesignationsProps): VNode => {
  const ours = designations.filter(isOurs);
  const others = designations.filter((one) => !isOurs(one));
  return (
    <Page frame={frame} title="Designations" notice={notice}>
      <StateNav frame={frame} />
      <p>
        The head of a school system designates a coordinator, the state office approves, the person signs the statement
        and asks for access, and the state office grants it.
      </p>
      <h2>For you to act on</h2>
      {ours.length === 0 ? (
        <Empty>
          <p>Nothing waits for the state office.</p>
        </Empty>
      ) : (
        <Designations designations={ours} />
      )}
      {others.length > 0 && (
        <>
          <h2>{all ? 'All others' : 'Waiting for the person'}</h2>
          <Designations designations={others} />
        </>
      )}
      <p>
        {all ? (
          <a href="/state/designations">Show only those that are open</a>
        ) : (
          <a href="/state/designations?all=yes">Show those that are settled too</a>
        )}
      </p>
    </Page>
  );
};

const isOurs = ({ status }: DesignationView): boolean => status === 'proposed' || status === 'asked';

const Designations = ({ designations }: { designations: DesignationView[] }): VNode => (
  <ul class="edlink-list">
    {designations.map((one) => (
      <li>
        <p>
          <a href={`/state/designations/${one.id}`}>
            <PersonName>{one.person.name}</PersonName> for {one.system.name}
          </a>{' '}
          <DesignationTag status={one.status} />
        </p>
        <p class="edlink-quiet">
          Decides for {scopeWords({ reach: one.reach, sites: one.siteCount, application: one.application?.name })}.
          Designated by <PersonName>{one.proposedBy.name}</PersonName>, {readableDate(one.createdAt)}
        </p>
      </li>
    ))}
  </ul>
);
