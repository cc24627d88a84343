import type { VNode } from 'preact';
import type { FieldFault, Problem } from '#kernel';
import { Alert, ButtonLink, Facts, Page, type PageFrame, PersonName, Steps, TextField, Token } from '#web';
import { setUpSteps } from '../set-up-steps.js';

interface StaffIdPageProps {
  frame: PageFrame;
  faults?: FieldFault[];
  /** Why the staff lib refused; the same words for every mismatch (ID-1). */
  problem?: Problem;
  typed: Record<string, unknown>;
}

/** The second step of set-up: say who you are at your school. */
export function StaffIdPage({ frame, faults, problem, typed }: StaffIdPageProps): VNode {
  return (
    <Page frame={frame} title="Link your Staff ID" faults={faults}>
      <Steps steps={setUpSteps} at={1} />
      {problem && <Refusal problem={problem} />}
      {problem?.code !== 'staff.taken' && <ClaimForm frame={frame} faults={faults} typed={typed} />}
    </Page>
  );
}

/** The facts people give; not shown to somebody who has to wait for the state office. */
function ClaimForm({ frame, faults, typed }: Omit<StaffIdPageProps, 'problem'>): VNode {
  return (
    <>
      <p>
        Your Staff ID ties your account to you as a member of staff. Give the facts as your school has them on record.
        The birth date is compared and then forgotten.
      </p>
      <form method="post" action="/staff-id" novalidate>
        <Token frame={frame} />
        {typeof typed.next === 'string' && <input type="hidden" name="next" value={typed.next} />}
        <TextField
          name="staffId"
          label="Staff ID"
          hint="10 digits. Leave it empty if you do not know it; your name and birth date are enough when they fit one person only."
          inputmode="numeric"
          required={false}
          faults={faults}
          typed={typed}
        />
        <TextField name="firstName" label="First name" autocomplete="given-name" faults={faults} typed={typed} />
        <TextField name="lastName" label="Last name" autocomplete="family-name" faults={faults} typed={typed} />
        <BirthDate faults={faults} typed={typed} />
        <div class="edlink-actions">
          <button class="usa-button" type="submit">
            Find and link my Staff ID
          </button>
        </div>
      </form>
      <p class="usa-hint">
        You can try five times a day. The person who keeps staff records at your school can tell you what they reported
        for you.
      </p>
    </>
  );
}

const Refusal = ({ problem }: { problem: Problem }): VNode => (
  <div class={`usa-alert usa-alert--${problem.code === 'staff.taken' ? 'warning' : 'error'}`} role="alert">
    <div class="usa-alert__body">
      <h2 class="usa-alert__heading">{problem.title}</h2>
      <p class="usa-alert__text">{problem.detail}</p>
      {problem.code === 'staff.taken' && (
        <p class="usa-alert__text">
          One person has one account. The state office writes to you; there is nothing more to do here. Was it not your
          Staff ID? <a href="/staff-id">Check the facts and try again</a>
        </p>
      )}
    </div>
  </div>
);

const parts = [
  { name: 'birthMonth', label: 'Month', autocomplete: 'bday-month', size: 2, group: 'month' },
  { name: 'birthDay', label: 'Day', autocomplete: 'bday-day', size: 2, group: 'day' },
  { name: 'birthYear', label: 'Year', autocomplete: 'bday-year', size: 4, group: 'year' },
] as const;

/** Three fields, as people know the date by heart; a calendar would make them search. */
function BirthDate({ faults, typed }: { faults?: FieldFault[]; typed: Record<string, unknown> }): VNode {
  const wrong = faults?.filter((fault) => parts.some((part) => part.name === fault.field)) ?? [];
  return (
    <fieldset
      class={`usa-fieldset usa-form-group${wrong.length ? ' usa-form-group--error' : ''}`}
      aria-describedby="birth-hint"
    >
      <legend class="usa-legend">Birth date</legend>
      <span class="usa-hint" id="birth-hint">
        For example: 4 28 1986
      </span>
      {wrong.map((fault) => (
        <span class="usa-error-message" id={`${fault.field}-fault`}>
          {fault.message}
        </span>
      ))}
      <div class="usa-memorable-date">
        {parts.map((part) => {
          const fault = wrong.some((one) => one.field === part.name);
          const value = typed[part.name];
          return (
            <div class={`usa-form-group usa-form-group--${part.group}`}>
              <label class="usa-label" for={part.name}>
                {part.label}
              </label>
              <input
                class={`usa-input${fault ? ' usa-input--error' : ''}`}
                id={part.name}
                name={part.name}
                type="text"
                inputMode="numeric"
                autocomplete={part.autocomplete}
                maxLength={part.size}
                aria-invalid={fault ? 'true' : undefined}
                aria-describedby={fault ? `${part.name}-fault` : undefined}
                value={typeof value === 'string' ? value : undefined}
              />
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}

/** For somebody who is linked already. */
export const LinkedPage = ({
  frame,
  member,
}: {
  frame: PageFrame;
  member: { staffId: string; firstName: string; lastName: string };
}): VNode => (
  <Page frame={frame} title="Your Staff ID is linked">
    <Facts
      facts={[
        ['Staff ID', member.staffId],
        [
          'Name',
          <PersonName>
            {member.firstName} {member.lastName}
          </PersonName>,
        ],
      ]}
    />
    <Alert kind="info">
      <p>Is this not you? Tell the state office before you request anything.</p>
    </Alert>
    <div class="edlink-actions">
      <ButtonLink href="/requests/new">Request permission</ButtonLink>
      <a href="/">Go to your home page</a>
    </div>
  </Page>
);
