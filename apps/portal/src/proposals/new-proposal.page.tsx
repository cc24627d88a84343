import type { VNode } from 'preact';
import type { Application } from '#catalog';
import type { FieldFault, Problem } from '#kernel';
import type { ProposalCandidate } from '#requests';
import { locationKey } from '#sites';
import { Choices, Page, type PageFrame, PersonName, TextField, Token } from '#web';
import { ProblemAlert } from '../parts/problem-alert.js';

export interface NewProposalPageProps {
  frame: PageFrame;
  person: ProposalCandidate;
  applications: Application[];
  formKey: string;
  problem?: Problem;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** What a person needs and where, entered by a coordinator. */
export function NewProposalPage({
  frame,
  person,
  applications,
  formKey,
  problem,
  faults,
  typed = {},
}: NewProposalPageProps): VNode {
  const chosen = (name: string): string[] => ([] as unknown[]).concat(typed[name] ?? []).map(String);
  const several = person.places.length > 1;
  return (
    <Page frame={frame} title="Enter a request for somebody" faults={faults}>
      {problem && <ProblemAlert problem={problem} />}
      <p>
        For <PersonName>{person.name}</PersonName>, Staff ID {person.staffId}. <a href="/proposals">Somebody else</a>
      </p>
      <form method="post" action="/proposals" novalidate>
        <Token frame={frame} />
        <input type="hidden" name="formKey" value={formKey} />
        <input type="hidden" name="staffId" value={person.staffId} />
        <Choices
          name="permission"
          type="checkbox"
          legend="What does the person need?"
          hint="In one application a person has one role at a place."
          choices={applications.flatMap((application) =>
            application.roles.flatMap((role) =>
              role.permissions.map((one) => ({
                value: `${application.code}:${role.code}:${one.code}`,
                label: `${one.name} (${application.name})`,
                about: one.about,
              })),
            ),
          )}
          chosen={chosen('permission')}
          faults={faults}
        />
        <Choices
          name="place"
          type="checkbox"
          legend="Where?"
          hint="Where the person works, as far as you decide there."
          choices={person.places.map((place) => ({
            value: locationKey(place),
            label: place.name,
            about: place.level === 'system' ? 'The whole school system, every site of it' : place.code,
          }))}
          chosen={typed.place === undefined && !several ? person.places.map(locationKey) : chosen('place')}
          faults={faults}
        />
        <TextField
          name="until"
          label="Last day"
          hint="Leave it empty if the person needs it for good."
          type="date"
          required={false}
          faults={faults}
          typed={typed}
        />
        <TextField
          name="why"
          label="Why"
          hint="The person and whoever decides read this. No names of students."
          rows={3}
          required={false}
          faults={faults}
          typed={typed}
        />
        <div class="edlink-actions">
          <button class="usa-button" type="submit">
            Send to the person
          </button>
          <a href="/proposals">Cancel</a>
        </div>
      </form>
    </Page>
  );
}
