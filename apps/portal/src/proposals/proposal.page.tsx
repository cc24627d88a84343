import type { VNode } from 'preact';
import { type FieldFault, type Problem, readableDate } from '#kernel';
import type { ProposalView } from '#requests';
import { Choices, Facts, Page, type PageFrame, PersonName, Tag, TextField, Token } from '#web';
import { readableLastDay } from '../parts/days.js';
import { ProblemAlert } from '../parts/problem-alert.js';
import type { PreviewLine } from '../requests/check.page.js';
import { WhoDecides } from '../requests/who-decides.js';
import { proposedInWords, ProposalTag } from './proposals.page.js';

export interface ProposalPageProps {
  frame: PageFrame;
  proposal: ProposalView;
  /** Who would decide it; while the person may confirm. */
  lines?: PreviewLine[];
  notice?: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** One entry, for the person it is for and for who entered it. */
export function ProposalPage(props: ProposalPageProps): VNode {
  const { frame, proposal, lines, notice, problem, faults } = props;
  const { own, status, person, by, why, proposedAt, lapsesOn, reason, requestId } = proposal;
  const open = status === 'open';
  return (
    <Page
      frame={frame}
      title={own ? 'A request was entered for you' : 'What you entered for somebody'}
      notice={notice}
      faults={faults}
    >
      {problem && <ProblemAlert problem={problem} />}
      {own && open && (
        <p>
          <PersonName>{by}</PersonName>, a security coordinator, entered this for you. Nothing is asked for until you
          confirm it. If you do not need it, decline it.
        </p>
      )}
      <Facts
        facts={[
          ['For', <PersonName>{person.name}</PersonName>],
          ['Entered by', <PersonName>{by}</PersonName>],
          ['On', readableDate(proposedAt)],
          ['How it stands', own && open ? <Tag tone="waiting">Waits for you</Tag> : <ProposalTag status={status} />],
          ...(open ? [['Answer by', readableLastDay(lapsesOn)] as [string, string]] : []),
          ...(why ? [['Why', why] as [string, string]] : []),
          ...(reason ? [['Why it was declined', reason] as [string, string]] : []),
        ]}
      />
      <h2>{own ? 'You would ask for' : 'What it asks for'}</h2>
      <ul class="usa-list">
        {proposedInWords(proposal).map((words) => (
          <li>{words}</li>
        ))}
      </ul>
      {requestId && (
        <p>
          <a href={own ? `/requests/${requestId}` : `/review/${requestId}`}>See the request it became</a>
        </p>
      )}
      {own && open && <Answer {...props} lines={lines} />}
      {!own && open && (
        <form method="post" action={`/proposals/${proposal.id}/withdraw`}>
          <Token frame={frame} />
          <div class="edlink-actions">
            <button class="usa-button usa-button--outline" type="submit">
              Take it back
            </button>
          </div>
        </form>
      )}
      {!own && (
        <p>
          <a href="/proposals">All you entered</a>
        </p>
      )}
    </Page>
  );
}

const Answer = ({ frame, proposal, lines, faults, typed = {} }: ProposalPageProps): VNode => (
  <>
    {lines && (
      <>
        <h2>Who will decide, and why</h2>
        <WhoDecides lines={lines} />
      </>
    )}
    <form method="post" action={`/proposals/${proposal.id}/confirm`} novalidate>
      <Token frame={frame} />
      <Choices
        name="mayNarrow"
        type="checkbox"
        legend="If only a part can be approved"
        choices={[
          {
            value: 'yes',
            label: 'Give me that part at once',
            about: 'A lesser permission, or an earlier last day. If you do not tick this, you are asked first.',
          },
        ]}
        chosen={[String(typed.mayNarrow ?? '')]}
        faults={faults}
      />
      <div class="edlink-actions">
        <button class="usa-button" type="submit">
          Confirm and send the request
        </button>
      </div>
    </form>
    <details class="edlink-more" open={typed.reason !== undefined}>
      <summary>Decline it</summary>
      <form method="post" action={`/proposals/${proposal.id}/decline`} novalidate>
        <Token frame={frame} />
        <TextField
          name="reason"
          label="Why"
          hint="Whoever entered it reads this. You may leave it empty."
          rows={2}
          required={false}
          faults={faults}
          typed={typed}
        />
        <div class="edlink-actions">
          <button class="usa-button usa-button--secondary" type="submit">
            Decline
          </button>
        </div>
      </form>
    </details>
  </>
);
