import type { VNode } from 'preact';
import type { DesignationView, SystemHead } from '#coordinators';
import { type FieldFault, type Problem, readableDate } from '#kernel';
import type { PlacedLocation } from '#sites';
import { Alert, Empty, Page, type PageFrame, PersonName } from '#web';
import { DesignationTag } from '../parts/designation-words.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { scopeWords } from '../parts/scope-words.js';
import { DesignateFields } from './designate-fields.js';

export interface DesignatePageProps {
  frame: PageFrame;
  /** What the person heads, with names; at least one. */
  systems: (SystemHead & { systemName: string })[];
  /** The one the form is for. */
  system: string;
  /** Sites that can be named: owned and served ones. */
  sites: PlacedLocation[];
  applications: { code: string; name: string }[];
  designations: DesignationView[];
  /** Nobody decides for the whole school system. */
  vacant: boolean;
  /** New with each page. */
  formKey: string;
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** Where the head of a school system designates its coordinators and sees how that stands. */
export const DesignatePage = (props: DesignatePageProps): VNode => {
  const { frame, systems, system, designations, vacant, notice, problem, faults } = props;
  const own = systems.find(({ systemCode }) => systemCode === system)!;
  return (
    <Page frame={frame} title="Designate a coordinator" notice={notice} faults={faults}>
      {problem && <ProblemAlert problem={problem} />}
      <p>
        A coordinator decides what staff of {own.systemName} may use. You designate a person, the state office approves,
        the person signs the statement and asks for access, and the state office grants it.
      </p>
      <p>
        <a href={`/systems/${encodeURIComponent(system)}`}>Who decides in {own.systemName} today</a> ·{' '}
        <a href="/duties">Special Education Supervisors who approve before</a>
      </p>
      {vacant && (
        <Alert kind="warning" heading={`Nobody decides for all of ${own.systemName}`}>
          <p>Its requests come to the state office. Designate a coordinator for the whole school system.</p>
        </Alert>
      )}
      {systems.length > 1 && <OtherSystems systems={systems} system={system} />}
      {designations.length > 0 && (
        <>
          <h2>What you designated</h2>
          <Designated designations={designations} />
        </>
      )}
      <h2>{own.systemName}: new designation</h2>
      <DesignateFields {...props} />
      {designations.length === 0 && (
        <Empty>
          <p>You have designated nobody yet. Each designation stays here with its steps.</p>
        </Empty>
      )}
    </Page>
  );
};

const OtherSystems = ({ systems, system }: Pick<DesignatePageProps, 'systems' | 'system'>): VNode => (
  <nav aria-label="School systems you head" class="edlink-tabs">
    <ul>
      {systems.map(({ systemCode, systemName }) => (
        <li>
          <a
            href={`/designate?system=${encodeURIComponent(systemCode)}`}
            aria-current={systemCode === system ? 'true' : undefined}
          >
            {systemName}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

const Designated = ({ designations }: { designations: DesignationView[] }): VNode => (
  <ul class="edlink-list">
    {designations.map((one) => (
      <li>
        <p>
          <a href={`/designate/${one.id}`}>
            <PersonName>{one.person.name}</PersonName> for{' '}
            {scopeWords({ reach: one.reach, sites: one.siteCount, application: one.application?.name })}
          </a>{' '}
          <DesignationTag status={one.status} />
        </p>
        <p class="edlink-quiet">
          {one.system.name}, designated {readableDate(one.createdAt)}
        </p>
      </li>
    ))}
  </ul>
);
