import type { VNode } from 'preact';
import { approvalWords, type DutyView } from '#coordinators';
import { type FieldFault, type Problem, readableDate } from '#kernel';
import { Choices, Empty, Page, type PageFrame, PersonName, Select, Tag, TextField, Token } from '#web';
import { readableDay, readableLastDay } from '../parts/days.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { StateNav } from '../state/state-nav.js';

/** A duty with the names of what it is for. */
export interface ListedDuty extends DutyView {
  system?: string;
  applicationName?: string;
  /** How it stands today. */
  standing: 'in force' | 'to come' | 'ended';
}

export interface DutiesPageProps {
  frame: PageFrame;
  /** Of the state office: names every duty. */
  desk: boolean;
  /** School systems the person heads. */
  systems: { code: string; name: string }[];
  duties: ListedDuty[];
  applications: { code: string; name: string }[];
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
  /** The duty whose form to end it was sent. */
  ending?: string;
}

/** Who approves before or after the coordinators, named and ended by the state office and by heads. */
export function DutiesPage(props: DutiesPageProps): VNode {
  const { frame, desk, duties, notice, problem, faults } = props;
  const open = duties.filter(({ standing }) => standing !== 'ended');
  const ended = duties.filter(({ standing }) => standing === 'ended');
  return (
    <Page frame={frame} title="Duties in approval" notice={notice} faults={faults}>
      {desk && <StateNav frame={frame} />}
      {problem && <ProblemAlert problem={problem} />}
      <p>
        For some applications a coordinator is not the only one who approves: the Special Education Supervisor of the
        school system does before, or the owner of the application after. Where nobody holds the duty, the state office
        decides that step.
      </p>
      <h2>Who holds a duty</h2>
      {open.length === 0 ? (
        <Empty>
          <p>Nobody holds a duty here yet. Name the first person below.</p>
        </Empty>
      ) : (
        <ul class="edlink-list">
          {open.map((duty) => (
            <li>
              <Held duty={duty} />
              <EndDuty {...props} duty={duty} />
            </li>
          ))}
        </ul>
      )}
      <h2>Name a person</h2>
      <NameDuty {...props} />
      {ended.length > 0 && (
        <details class="edlink-more">
          <summary>Duties that have ended ({ended.length})</summary>
          <ul class="edlink-list">
            {ended.map((duty) => (
              <li>
                <Held duty={duty} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </Page>
  );
}

const Held = ({ duty }: { duty: ListedDuty }): VNode => (
  <>
    <p>
      <strong>
        <PersonName>{duty.name}</PersonName>
      </strong>
      , {approvalWords[duty.duty].one} of {duty.system ?? duty.applicationName}
      {duty.system && duty.applicationName && `, for ${duty.applicationName} only`}{' '}
      {duty.standing === 'to come' && <Tag tone="quiet">To come</Tag>}
    </p>
    <p class="edlink-quiet">
      From {readableDay(duty.fromDay)}
      {duty.toDay && ` to ${readableLastDay(duty.toDay)}`}, named by{' '}
      {duty.namedBy ? <PersonName>{duty.namedBy}</PersonName> : 'an operator'}
      {duty.endedAt && (
        <>
          ; ended {readableDate(duty.endedAt)} by{' '}
          {duty.endedBy ? <PersonName>{duty.endedBy}</PersonName> : 'an operator'}
          {duty.endedReason && `: ${duty.endedReason}`}
        </>
      )}
    </p>
  </>
);

const EndDuty = ({ frame, duty, ending, faults, typed }: DutiesPageProps & { duty: ListedDuty }): VNode => {
  const sent = ending === duty.id ? { faults, typed } : {};
  return (
    <details class="edlink-more" open={ending === duty.id}>
      <summary>
        End this duty<span class="usa-sr-only"> of {duty.name}</span>
      </summary>
      <form method="post" action={`/duties/${duty.id}/end`} novalidate>
        <Token frame={frame} />
        <TextField
          {...sent}
          name="reason"
          idSuffix={`-${duty.id}`}
          label="Why"
          hint="The person reads it, and it is kept. What waits goes to whoever holds the duty besides, or to the state office."
          rows={2}
        />
        <div class="edlink-actions">
          <button class="usa-button usa-button--secondary" type="submit">
            End the duty
          </button>
        </div>
      </form>
    </details>
  );
};

function NameDuty({ frame, desk, systems, applications, ending, ...sent }: DutiesPageProps): VNode {
  const { faults, typed } = ending === undefined ? sent : { faults: undefined, typed: undefined };
  return (
    <form method="post" action="/duties" novalidate>
      <Token frame={frame} />
      {desk ? (
        <Choices
          name="duty"
          type="radio"
          legend="Which duty?"
          choices={[
            {
              value: 'special-education-supervisor',
              label: 'Special Education Supervisor',
              about: 'Of a school system; approves before the coordinators.',
            },
            {
              value: 'application-owner',
              label: 'Application owner',
              about: 'In the whole state, for one application; approves after the coordinators.',
            },
          ]}
          chosen={[String(typed?.duty ?? 'special-education-supervisor')]}
          faults={faults}
        />
      ) : (
        <input type="hidden" name="duty" value="special-education-supervisor" />
      )}
      <TextField
        name="staffId"
        label="Staff ID of the person"
        hint="10 digits"
        inputmode="numeric"
        faults={faults}
        typed={typed}
      />
      {desk ? (
        <TextField
          name="system"
          label="Code of the school system"
          hint="Of a supervisor, such as 001; it stands under Places. Leave it empty for an owner."
          required={false}
          faults={faults}
          typed={typed}
        />
      ) : (
        <Select
          name="system"
          label="School system"
          options={systems.map(({ code, name }) => ({ value: code, label: name }))}
          chosen={String(typed?.system ?? systems[0]?.code)}
          faults={faults}
        />
      )}
      <Select
        name="application"
        label="Only one application?"
        hint={desk ? 'Needed for an owner.' : undefined}
        options={[
          { value: '', label: 'No, all applications' },
          ...applications.map(({ code, name }) => ({ value: code, label: `${name} only` })),
        ]}
        chosen={String(typed?.application ?? '')}
        faults={faults}
      />
      <div class="edlink-row">
        <TextField
          name="fromDay"
          label="First day"
          hint="Leave it empty for today."
          type="date"
          required={false}
          faults={faults}
          typed={typed}
        />
        <TextField
          name="lastDay"
          label="Last day"
          hint="Leave it empty when no end is known."
          type="date"
          required={false}
          faults={faults}
          typed={typed}
        />
      </div>
      <div class="edlink-actions">
        <button class="usa-button" type="submit">
          Name this person
        </button>
      </div>
    </form>
  );
}
