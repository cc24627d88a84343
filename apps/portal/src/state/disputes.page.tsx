import type { VNode } from 'preact';
import { type FieldFault, type Problem, readableDate } from '#kernel';
import { Choices, Empty, Facts, Page, type PageFrame, PersonName, TextField, Token } from '#web';
import { ProblemAlert } from '../parts/problem-alert.js';
import { StateNav } from './state-nav.js';

export interface DisputedAccount {
  name: string;
  userName: string;
  email: string;
  since: Date;
}

export interface DisputeView {
  id: string;
  openedAt: Date;
  member: { staffId: string; firstName: string; lastName: string };
  claimant?: DisputedAccount;
  holder?: DisputedAccount;
}

interface DisputesPageProps {
  frame: PageFrame;
  disputes: DisputeView[];
  notice?: string;
  faults?: FieldFault[];
  problem?: Problem;
  typed?: Record<string, unknown>;
}

/** Open disputes about Staff IDs, oldest first, each with the form that closes it. */
export const DisputesPage = ({ frame, disputes, notice, faults, problem, typed }: DisputesPageProps): VNode => (
  <Page frame={frame} title="Staff ID disputes" notice={notice} faults={inForm(faults, typed)}>
    <StateNav frame={frame} />
    {problem && <ProblemAlert problem={problem} />}
    {disputes.length === 0 ? (
      <Empty>
        <p>
          No disputes. One opens when somebody gives the right facts for a Staff ID that another account holds already.
        </p>
      </Empty>
    ) : (
      <>
        <p>
          Somebody gave the right facts for a Staff ID that another account holds. Ask both, by telephone at their
          school, before you close one.
        </p>
        {disputes.map((dispute) => {
          const mine = typed?.id === dispute.id;
          return (
            <Dispute
              frame={frame}
              dispute={dispute}
              faults={mine ? faults : undefined}
              typed={mine ? typed : undefined}
            />
          );
        })}
      </>
    )}
  </Page>
);

/** Fields of several forms on one page need names of their own in links: the dispute's id goes before them. */
const inForm = (faults?: FieldFault[], typed?: Record<string, unknown>): FieldFault[] | undefined =>
  faults?.map((fault) => ({ ...fault, field: `${fault.field}-${String(typed?.id)}` }));

function Dispute({
  frame,
  dispute,
  faults,
  typed,
}: {
  frame: PageFrame;
  dispute: DisputeView;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}): VNode {
  const { member, claimant, holder, id } = dispute;
  return (
    <section class="edlink-box" aria-labelledby={`dispute-${id}`}>
      <h2 id={`dispute-${id}`}>
        Staff ID {member.staffId},{' '}
        <PersonName>
          {member.firstName} {member.lastName}
        </PersonName>
      </h2>
      <Facts
        facts={[
          ['Opened', readableDate(dispute.openedAt)],
          ['Holds it now', holder ? <AccountWords account={holder} /> : 'Nobody any more'],
          ['Claims it', claimant ? <AccountWords account={claimant} /> : 'An account that is gone'],
        ]}
      />
      <form method="post" action="/state/disputes" novalidate>
        <Token frame={frame} />
        <input type="hidden" name="id" value={id} />
        <Choices
          name="outcome"
          idSuffix={`-${id}`}
          type="radio"
          legend="Who keeps it?"
          choices={[
            { value: 'holder-keeps', label: 'The account that holds it now' },
            {
              value: 'holder-unlinked',
              label: 'Not that account',
              about: 'Its link and its sessions end. The other account can then link the Staff ID.',
            },
          ]}
          chosen={[String(typed?.outcome ?? '')]}
          faults={faults}
        />
        <TextField
          name="note"
          idSuffix={`-${id}`}
          label="What you found out"
          hint="Kept with the dispute."
          rows={3}
          faults={faults}
          typed={typed}
        />
        <div class="edlink-actions">
          <button class="usa-button" type="submit">
            Close this dispute
          </button>
        </div>
      </form>
    </section>
  );
}

const AccountWords = ({ account }: { account: DisputedAccount }): VNode => (
  <>
    <PersonName>{account.name}</PersonName>, {account.userName}, {account.email}
    <br />
    <span class="edlink-quiet">Account since {readableDate(account.since)}</span>
  </>
);
