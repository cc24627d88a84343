import type { VNode } from 'preact';
import { Choices, PersonName, TextField, Token } from '#web';
import { readableDay, readableLastDay } from '../parts/days.js';
import type { AssignmentPageProps } from './assignment.page.js';

/** Somebody who may stand in. */
export interface CoverCandidate {
  staffMemberId: string;
  name: string;
  about: string;
}

/** The form with what was typed into it, when it is the one that came back. */
const typedIn = (props: AssignmentPageProps, form: 'end' | 'cover'): Pick<AssignmentPageProps, 'faults' | 'typed'> =>
  props.form === form ? { faults: props.faults, typed: props.typed } : {};

/** Who stands in, now or later. */
export function Covers({ frame, assignment, covers }: AssignmentPageProps): VNode {
  if (!covers.length) return <p>Nobody stands in.</p>;
  return (
    <ul class="edlink-list">
      {covers.map((cover) => (
        <li>
          <p>
            <strong>
              <PersonName>{cover.standsIn.name}</PersonName>
            </strong>{' '}
            stands in from {readableDay(cover.fromDay)} until {readableLastDay(cover.toDay)}
            {cover.siteCodes &&
              `, for ${cover.siteCodes.length === 1 ? 'one site' : `${cover.siteCodes.length} sites`}`}
          </p>
          <form method="post" action={`/state/coordinators/${assignment.coordinatorId}/end-cover`}>
            <Token frame={frame} />
            <input type="hidden" name="coverId" value={cover.id} />
            <button class="usa-button usa-button--outline" type="submit">
              End this cover now<span class="usa-sr-only">, {cover.standsIn.name}</span>
            </button>
          </form>
        </li>
      ))}
    </ul>
  );
}

/** First the person is looked for, then the days are named. */
export function CoverForm(props: AssignmentPageProps): VNode {
  const { frame, assignment, candidates, who } = props;
  const { faults, typed } = typedIn(props, 'cover');
  const address = `/state/coordinators/${assignment.coordinatorId}`;
  return (
    <>
      <form class="edlink-filter" method="get" action={address} role="search" aria-label="Who may stand in">
        <div class="usa-form-group">
          <label class="usa-label" for="who">
            Name somebody who stands in: name or Staff ID
          </label>
          <input class="usa-input" id="who" name="who" type="search" autocomplete="off" maxLength={100} value={who} />
        </div>
        <button class="usa-button usa-button--outline" type="submit">
          Look
        </button>
      </form>
      {candidates && (
        <p role="status">
          {candidates.length === 0
            ? 'Nobody of that name may stand in here. It must be somebody who works in this school system and can sign in.'
            : `${candidates.length} ${candidates.length === 1 ? 'person' : 'people'} found.`}
        </p>
      )}
      {!!candidates?.length && (
        <form method="post" action={`${address}/cover`} novalidate>
          <Token frame={frame} />
          {who && <input type="hidden" name="who" value={who} />}
          <Choices
            name="staffMemberId"
            type="radio"
            legend="Who stands in?"
            choices={candidates.map(({ staffMemberId, name, about }) => ({
              value: staffMemberId,
              label: <PersonName>{name}</PersonName>,
              about,
            }))}
            chosen={[String(typed?.staffMemberId ?? '')]}
            faults={faults}
          />
          <TextField name="fromDay" label="First day away" type="date" faults={faults} typed={typed} />
          <TextField name="lastDay" label="Last day away" type="date" faults={faults} typed={typed} />
          <div class="edlink-actions">
            <button class="usa-button" type="submit">
              See what changes
            </button>
          </div>
        </form>
      )}
    </>
  );
}

/** Ends the assignment; the last one of a system needs somebody in its place. */
export function EndForm(props: AssignmentPageProps): VNode {
  const { frame, assignment } = props;
  const { faults, typed } = typedIn(props, 'end');
  const mayBeLast = assignment.reach === 'system' && assignment.application === undefined;
  return (
    <form method="post" action={`/state/coordinators/${assignment.coordinatorId}/end`} novalidate>
      <Token frame={frame} />
      <TextField
        name="endDay"
        label="Last day as a coordinator"
        hint="Leave it empty to end it now."
        type="date"
        required={false}
        faults={faults}
        typed={typed}
      />
      <TextField
        name="reason"
        label="Why"
        hint="The person, the head and the coordinators of the school system read it."
        rows={3}
        faults={faults}
        typed={typed}
      />
      {mayBeLast && (
        <Choices
          name="takeOver"
          type="checkbox"
          legend="If nobody is left for the whole school system"
          choices={[
            {
              value: 'yes',
              label: 'The state office takes over',
              about: 'Until a coordinator for the whole system begins. The head is told.',
            },
          ]}
          chosen={[String(typed?.takeOver ?? '')]}
        />
      )}
      <div class="edlink-actions">
        <button class="usa-button usa-button--secondary" type="submit">
          See what changes
        </button>
      </div>
    </form>
  );
}
