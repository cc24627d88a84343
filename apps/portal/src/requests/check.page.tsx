import type { VNode } from 'preact';
import type { Application, Role } from '#catalog';
import type { FieldFault, Problem } from '#kernel';
import type { LineSummary, PlaceAdvice } from '#requests';
import type { NamedDecider } from '#coordinators';
import type { PlacedLocation } from '#sites';
import { Alert, Choices, Page, type PageFrame, Steps, TextField, Token } from '#web';
import { AskedPlaces, AskedRoles } from './asked.js';
import { AboutChoice, AboutChoices } from './place-advice.js';
import { Foreseen, type ForeseenAt } from './foreseen.js';
import { Chosen, requestSteps } from './step-parts.js';
import { partsOf, placesOf, rolesOf, stepAddress, type WishSoFar } from './wish.js';
import { WhoDecides } from './who-decides.js';

/** One permission at one place, before it is asked for. */
export type PreviewLine = Pick<LineSummary, 'application' | 'role' | 'permission' | 'place'> & {
  deciders: NamedDecider[];
  stateDesk: boolean;
  reasons: string[];
};

interface CheckPageProps {
  frame: PageFrame;
  application: Application;
  place: PlacedLocation;
  role: Role;
  places: PlacedLocation[];
  wish: WishSoFar;
  lines: PreviewLine[];
  /** Of each place. */
  advice: PlaceAdvice[];
  formKey: string;
  /** What was typed before, or stood in the request that is asked again: why, from, until, mayNarrow. */
  typed: Record<string, unknown>;
  /** What would come with it. */
  foreseen: ForeseenAt[];
  faults: FieldFault[];
  problem?: Problem;
}

/** The last look before it is sent: what is asked for, and who decides it. */
export function CheckPage(props: CheckPageProps): VNode {
  const { frame, wish, lines, foreseen, formKey, typed, faults, problem } = props;
  const forbidden = foreseen.some(({ warnings }) => warnings.some(({ effect }) => effect === 'forbid'));
  return (
    <Page frame={frame} title="Check and send" faults={faults}>
      <Steps steps={requestSteps} at={3} />
      {problem && faults.length === 0 && (
        <Alert kind="error" heading={problem.title}>
          <p>{problem.detail}</p>
        </Alert>
      )}
      {rolesOf(wish).length > 1 || placesOf(wish).length > 1 ? <Many {...props} /> : <One {...props} />}
      <Foreseen foreseen={foreseen} />
      <h2>Who will decide, and why</h2>
      <WhoDecides lines={lines} />
      <form method="post" action="/requests" novalidate>
        <Token frame={frame} />
        {partsOf(wish).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="formKey" value={formKey} />
        <h2>For how long, and why</h2>
        <ForHowLong faults={faults} typed={typed} />
        <TextField
          name="why"
          label="Why you need it"
          hint="Whoever decides reads this. No names of students."
          rows={4}
          required={false}
          faults={faults}
          typed={typed}
        />
        <div class="edlink-actions">
          {!forbidden && (
            <button class="usa-button" type="submit">
              Send request
            </button>
          )}
          <a href="/">Cancel</a>
        </div>
      </form>
    </Page>
  );
}

/** The days, and whether less may be given at once; nothing is agreed to unless it is ticked. */
const ForHowLong = ({ faults, typed }: Pick<CheckPageProps, 'faults' | 'typed'>): VNode => (
  <>
    <div class="edlink-row">
      <TextField
        name="from"
        label="First day"
        hint="Leave it empty to begin when it is approved."
        type="date"
        required={false}
        faults={faults}
        typed={typed}
      />
      <TextField
        name="until"
        label="Last day"
        hint="Leave it empty if you need it for good."
        type="date"
        required={false}
        faults={faults}
        typed={typed}
      />
    </div>
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
  </>
);

/** Permissions of one role at one place: what most people ask for. */
const One = ({ application, place, role, wish, advice }: CheckPageProps): VNode => (
  <>
    <Chosen application={application} place={place} role={role} wish={wish} />
    <h2>You ask for</h2>
    <ul class="usa-list">
      {wish.permissions.map((code) => (
        <li>{role.permissions.find((each) => each.code === code)?.name ?? code}</li>
      ))}
    </ul>
    <p>
      <a href={stepAddress(wish, 'change')}>
        Change<span class="usa-sr-only"> permissions</span>
      </a>
    </p>
    <More wish={wish} />
    <AboutChoice advice={advice[0]!} place={place} wish={wish} />
  </>
);

/** Several roles, or several places: everything is asked for at every place. */
const Many = ({ wish, lines, places, advice }: CheckPageProps): VNode => (
  <>
    <h2>You ask for</h2>
    <AskedRoles wish={wish} lines={lines} />
    <h2>{places.length > 1 ? `At each of these ${places.length} places` : 'At this place'}</h2>
    <AskedPlaces wish={wish} places={places} />
    <More wish={wish} />
    <AboutChoices advice={advice} places={places} wish={wish} />
  </>
);

/** The way to ask for more in the same request. */
const More = ({ wish }: { wish: WishSoFar }): VNode => {
  const another = { ...wish, application: undefined, role: undefined, permissions: [], also: rolesOf(wish) };
  return (
    <p>
      <a href={stepAddress(wish, 'places')}>Ask for more places</a> ·{' '}
      <a href={stepAddress(another, 'another')}>Ask for another application</a>
    </p>
  );
};
