import type { VNode } from 'preact';
import type { DesignationView } from '#coordinators';
import type { FieldFault, Problem } from '#kernel';
import { Alert, Page, type PageFrame, Token } from '#web';
import { DesignationFacts, DesignationSteps } from '../parts/designation-words.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import { AgreeBox, type StatementText, StatementWords } from './statement.page.js';

interface AccessPageProps {
  frame: PageFrame;
  designation: DesignationView;
  /** What is left to sign; absent when a signature is in force. */
  unsigned?: StatementText;
  notice?: string;
  faults?: FieldFault[];
  problem?: Problem;
}

/** For the person who was designated: what for, how it stands, and the step that is theirs. */
export const AccessPage = ({ frame, designation, unsigned, notice, faults, problem }: AccessPageProps): VNode => {
  const { id, version, status, may } = designation;
  return (
    <Page frame={frame} title="Coordinator access" notice={notice} faults={faults}>
      {problem && <ProblemAlert problem={problem} />}
      <p>{next[status]}</p>
      <DesignationFacts designation={designation} />
      {may.includes('ask') && (
        <form method="post" action={`/coordinator-access/${id}`} novalidate>
          <Token frame={frame} />
          <input type="hidden" name="version" value={version} />
          {unsigned && (
            <>
              <h2>{unsigned.title}</h2>
              <StatementWords text={unsigned} />
              <input type="hidden" name="statement" value={unsigned.version} />
              <AgreeBox faults={faults} />
            </>
          )}
          <div class="edlink-actions">
            <button class="usa-button" type="submit">
              {unsigned ? 'Sign, and ask for access' : 'Ask for access'}
            </button>
          </div>
        </form>
      )}
      {status === 'granted' && (
        <Alert kind="success">
          <p>
            <a href="/review">See what waits for you</a>
          </p>
        </Alert>
      )}
      {may.includes('withdraw') && (
        <form method="post" action={`/coordinator-access/${id}/withdraw`}>
          <Token frame={frame} />
          <input type="hidden" name="version" value={version} />
          <h2>Not you, or not now?</h2>
          <p>You can decline. The head of the school system is told and can designate somebody else.</p>
          <button class="usa-button usa-button--outline" type="submit">
            Decline
          </button>
        </form>
      )}
      <h2>What happened so far</h2>
      <DesignationSteps designation={designation} />
    </Page>
  );
};

const next: Record<DesignationView['status'], string> = {
  proposed: 'You were designated as a security coordinator. The state office looks at it first; then it is your turn.',
  approved: 'The state office approved that you become a security coordinator. It is your turn: ask for access.',
  asked: 'You asked for access. The state office grants it; you get a mail then. There is nothing for you to do.',
  granted: 'You are a security coordinator.',
  refused: 'The state office refused this designation. The reason is below.',
  withdrawn: 'This designation was taken back. There is nothing for you to do.',
};
