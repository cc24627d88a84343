import type { VNode } from 'preact';
import type { DesignationView } from '#coordinators';
import type { FieldFault, Problem } from '#kernel';
import { Alert, Page, type PageFrame, TextField, Token } from '#web';
import { DesignationFacts, DesignationSteps } from '../parts/designation-words.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { StateNav } from './state-nav.js';

interface DesignationProps {
  frame: PageFrame;
  designation: DesignationView;
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** One designation, and what the state office can do with it now. */
export const DesignationPage = (props: DesignationProps): VNode => {
  const { frame, designation, notice, problem, faults } = props;
  const may = new Set(designation.may);
  return (
    <Page frame={frame} title="Designation" notice={notice} faults={faults}>
      <StateNav frame={frame} />
      {problem && <ProblemAlert problem={problem} />}
      <DesignationFacts designation={designation} />
      {designation.coordinatorId && (
        <p>
          <a href={`/state/coordinators/${designation.coordinatorId}`}>Look at the coordinator</a>
        </p>
      )}
      {designation.status === 'approved' && (
        <Alert kind="info">
          <p>The person was told to sign the statement and to ask for access. Then you can grant it.</p>
        </Alert>
      )}
      {needsSomebodyElse(designation) && (
        <Alert kind="info">
          <p>This designation concerns you, or you made it. Somebody else of the state office acts on it.</p>
        </Alert>
      )}
      {may.has('approve') && <Approve {...props} />}
      {may.has('grant') && <Grant {...props} />}
      {may.has('refuse') && <Refuse {...props} />}
      <h2>Steps so far</h2>
      <DesignationSteps designation={designation} />
      <p>
        <a href={`/systems/${encodeURIComponent(designation.system.code)}`}>
          Who decides in {designation.system.name} today
        </a>
      </p>
    </Page>
  );
};

/** The office has to act, and whoever looks may not. */
const needsSomebodyElse = ({ status, may }: DesignationView): boolean =>
  (status === 'proposed' && !may.includes('approve')) || (status === 'asked' && !may.includes('grant'));

const Version = ({ designation }: DesignationProps): VNode => (
  <input type="hidden" name="version" value={designation.version} />
);

const Approve = (props: DesignationProps): VNode => (
  <form method="post" action={`/state/designations/${props.designation.id}/approve`} novalidate>
    <Token frame={props.frame} />
    <Version {...props} />
    <h2>Approve</h2>
    <p>The person is told, signs the statement and asks for access. Nobody decides anything yet.</p>
    <TextField name="note" label="Note" rows={2} required={false} faults={props.faults} typed={props.typed} />
    <div class="edlink-actions">
      <button class="usa-button" type="submit">
        Approve
      </button>
    </div>
  </form>
);

const Grant = (props: DesignationProps): VNode => (
  <form method="post" action={`/state/designations/${props.designation.id}/grant`} novalidate>
    <Token frame={props.frame} />
    <Version {...props} />
    <h2>Grant</h2>
    <p>The statement is signed. You see first which open requests would come to this person.</p>
    <div class="edlink-actions">
      <button class="usa-button" type="submit">
        See what changes
      </button>
    </div>
  </form>
);

const Refuse = (props: DesignationProps): VNode => (
  <form method="post" action={`/state/designations/${props.designation.id}/refuse`} novalidate>
    <Token frame={props.frame} />
    <Version {...props} />
    <h2>Refuse</h2>
    <TextField
      name="reason"
      label="Why"
      hint="The head and the person read it."
      rows={3}
      faults={props.faults}
      typed={props.typed}
    />
    <div class="edlink-actions">
      <button class="usa-button usa-button--secondary" type="submit">
        Refuse
      </button>
    </div>
  </form>
);
