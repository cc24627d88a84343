import type { VNode } from 'preact';
import { type FieldFault, readableDate } from '#kernel';
import type { ProposalView } from '#requests';
import { Empty, Page, type PageFrame, PersonName, Tag, TextField } from '#web';
import { readableLastDay } from '../parts/days.js';

const tags: Record<ProposalView['status'], [tone: 'waiting' | 'good' | 'bad' | 'quiet', label: string]> = {
  open: ['waiting', 'Waits for the person'],
  confirmed: ['good', 'Confirmed'],
  declined: ['bad', 'Declined'],
  withdrawn: ['quiet', 'Taken back'],
  lapsed: ['quiet', 'Not answered in time'],
};

/** How an entry stands. */
export const ProposalTag = ({ status }: Pick<ProposalView, 'status'>): VNode => (
  <Tag tone={tags[status][0]}>{tags[status][1]}</Tag>
);

/** What an entry asks for, in a line: "IEP Form Writer at Cypress Bend High". */
export const proposedInWords = ({ wishes }: Pick<ProposalView, 'wishes'>): string[] =>
  wishes.map(
    ({ application, permissions, place, toDay }) =>
      `${permissions.map(({ name }) => name).join(', ')} (${application.name}) at ${place?.name ?? 'a place that is gone'}${toDay ? `, until ${readableLastDay(toDay)}` : ''}`,
  );

interface ProposalsPageProps {
  frame: PageFrame;
  entered: ProposalView[];
  faults?: FieldFault[];
  typed: Record<string, unknown>;
}

/** What a coordinator entered for others, and how it stands; and the way to enter something. */
export const ProposalsPage = ({ frame, entered, faults, typed }: ProposalsPageProps): VNode => (
  <Page frame={frame} title="Enter a request for somebody" faults={faults}>
    <p>
      For a new hire, say: you enter what the person needs, and the person confirms it. Then it is a request like any
      other. Because you entered it, another coordinator or the state office decides it.
    </p>
    <form method="get" action="/proposals/new" novalidate>
      <TextField
        name="staffId"
        label="Staff ID of the person"
        hint="10 digits. The person must work where you decide; an account is not needed yet."
        inputmode="numeric"
        autocomplete="off"
        faults={faults}
        typed={typed}
      />
      <div class="edlink-actions">
        <button class="usa-button" type="submit">
          Continue
        </button>
      </div>
    </form>
    <h2>What you entered</h2>
    {entered.length === 0 ? (
      <Empty>
        <p>Nothing yet. Each entry stays here, with what became of it.</p>
      </Empty>
    ) : (
      <ul class="edlink-list">
        {entered.map((one) => (
          <li>
            <p>
              <a href={`/proposals/${one.id}`}>
                For <PersonName>{one.person.name}</PersonName>
              </a>{' '}
              <ProposalTag status={one.status} />
            </p>
            <p class="edlink-quiet">
              {proposedInWords(one).join('; ')}; entered {readableDate(one.proposedAt)}
            </p>
          </li>
        ))}
      </ul>
    )}
  </Page>
);
