import type { ComponentChildren, VNode } from 'preact';
import type { Application, Role } from '#catalog';
import type { FieldFault } from '#kernel';
import type { PlacedLocation } from '#sites';
import { Alert, ButtonLink, Choices, Facts, Page, type PageFrame, Steps } from '#web';
import { aboutPlace } from './places.js';
import { partsOf, stepAddress, type WishSoFar } from './wish.js';

/** The steps of a request. */
export const requestSteps = ['Application', 'Place', 'Role and permissions', 'Check and send'];

interface StepProps {
  frame: PageFrame;
  wish: WishSoFar;
  faults: FieldFault[];
}

/** What was chosen already, each with a way to choose again. */
export function Chosen({
  application,
  place,
  role,
  wish,
}: {
  application: Application;
  place?: PlacedLocation;
  role?: Role;
  wish: WishSoFar;
}): VNode {
  const change = (what: string, next: WishSoFar): VNode => (
    <>
      {' '}
      <a href={stepAddress(next)}>
        Change<span class="usa-sr-only"> {what}</span>
      </a>
    </>
  );
  const facts: [string, ComponentChildren][] = [
    [
      'Application',
      <>
        {application.name} {change('application', { permissions: [] })}
      </>,
    ],
  ];
  if (place)
    facts.push([
      'Place',
      <>
        {place.name}
        <br />
        <span class="edlink-quiet">{aboutPlace(place)}</span> {change('place', { ...wish, location: undefined })}
      </>,
    ]);
  if (role && application.roles.length > 1)
    facts.push([
      'Role',
      <>
        {role.name} {change('role', { ...wish, role: undefined, permissions: [] })}
      </>,
    ]);
  return <Facts facts={facts} />;
}

/** The form of a step: what was chosen before travels along as hidden fields. */
function StepForm({
  wish,
  without,
  asked,
  children,
}: {
  wish: WishSoFar;
  without: string;
  asked: string;
  children: ComponentChildren;
}): VNode {
  return (
    <form method="get" action="/requests/new" novalidate>
      {partsOf(wish)
        .filter(([name]) => name !== without)
        .map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
      <input type="hidden" name="asked" value={asked} />
      {children}
    </form>
  );
}

const Continue = (): VNode => (
  <div class="edlink-actions">
    <button class="usa-button" type="submit">
      Continue
    </button>
    <a href="/">Cancel</a>
  </div>
);

/** Before anything can be asked for: who you are at your school. */
export const NeedsStaffIdPage = ({ frame }: { frame: PageFrame }): VNode => (
  <Page frame={frame} title="Link your Staff ID first">
    <p>A request says who asks: the person with your Staff ID. Linking it takes a minute; then you come back here.</p>
    <div class="edlink-actions">
      <ButtonLink href="/staff-id">Link your Staff ID</ButtonLink>
    </div>
  </Page>
);

export const ApplicationPage = ({
  frame,
  applications,
  faults,
  wish,
}: StepProps & { applications: Application[] }): VNode => (
  <Page frame={frame} title="Request permission" faults={faults}>
    <Steps steps={requestSteps} at={0} />
    <StepForm wish={wish} without="application" asked="application">
      <Choices
        name="application"
        type="radio"
        legend="Which application do you need?"
        choices={applications.map((each) => ({ value: each.code, label: each.name, about: each.about }))}
        faults={faults}
      />
      <Continue />
    </StepForm>
  </Page>
);

/** Where: own places first, then a search by name or code; the list follows the typing where script runs. */
export function PlacePage({
  frame,
  application,
  own,
  found,
  faults,
  wish,
}: StepProps & { application: Application; own: PlacedLocation[]; found?: PlacedLocation[] }): VNode {
  const fault = faults.find((each) => each.field === 'q');
  const next = stepAddress({ ...wish, search: undefined });
  return (
    <Page frame={frame} title="Where do you need it?" faults={faults}>
      <Steps steps={requestSteps} at={1} />
      <Chosen application={application} wish={wish} />
      {application.placeHint && (
        <Alert kind="info">
          <p>{application.placeHint}</p>
        </Alert>
      )}
      {own.length > 0 && (
        <>
          <h2>Where you are employed</h2>
          <PlaceList places={own} wish={wish} />
        </>
      )}
      <h2>{own.length ? 'Somewhere else' : 'Find the place'}</h2>
      <StepForm wish={wish} without="q" asked="place">
        <div class={`usa-form-group${fault ? ' usa-form-group--error' : ''}`}>
          <label class="usa-label" for="q">
            Name or code of a school or school system
          </label>
          {fault && (
            <span class="usa-error-message" id="q-fault">
              {fault.message}
            </span>
          )}
          <div class="edlink-search">
            <input
              class={`usa-input${fault ? ' usa-input--error' : ''}`}
              id="q"
              name="q"
              type="search"
              autocomplete="off"
              maxLength={100}
              value={wish.search}
              aria-describedby={fault ? 'q-fault' : undefined}
              aria-invalid={fault ? 'true' : undefined}
              data-places="found"
              data-said="said"
              data-next={next}
              data-application={application.code}
            />
            <button class="usa-button" type="submit">
              Search
            </button>
          </div>
        </div>
      </StepForm>
      <p id="said" role="status">
        {found &&
          (found.length
            ? `${found.length} ${found.length === 1 ? 'place' : 'places'} found. Choose one from the list below.`
            : 'No place found. Try another word of its name, or its code.')}
      </p>
      <PlaceList id="found" places={found ?? []} wish={wish} />
    </Page>
  );
}

const PlaceList = ({ id, places, wish }: { id?: string; places: PlacedLocation[]; wish: WishSoFar }): VNode => (
  <ul class="edlink-places" id={id}>
    {places.map((place) => (
      <li>
        <a href={stepAddress({ ...wish, location: { level: place.level, code: place.code } })}>
          <strong>{place.name}</strong>
          {aboutPlace(place)}
        </a>
      </li>
    ))}
  </ul>
);

export const RolePage = ({
  frame,
  application,
  place,
  faults,
  wish,
}: StepProps & { application: Application; place: PlacedLocation }): VNode => (
  <Page frame={frame} title="In which role?" faults={faults}>
    <Steps steps={requestSteps} at={2} />
    <Chosen application={application} place={place} wish={wish} />
    <StepForm wish={wish} without="role" asked="role">
      <Choices
        name="role"
        type="radio"
        legend="Role"
        hint="One role for one application and place. Need two? Send two requests for two places."
        choices={application.roles.map((role) => ({ value: role.code, label: role.name, about: role.about }))}
        faults={faults}
      />
      <Continue />
    </StepForm>
  </Page>
);

export const PermissionsPage = ({
  frame,
  application,
  place,
  role,
  faults,
  wish,
}: StepProps & { application: Application; place: PlacedLocation; role: Role }): VNode => (
  <Page frame={frame} title="What do you need to do?" faults={faults}>
    <Steps steps={requestSteps} at={2} />
    <Chosen application={application} place={place} role={role} wish={wish} />
    <StepForm wish={wish} without="permission" asked="permissions">
      <Choices
        name="permission"
        type="checkbox"
        legend={`Permissions of the role ${role.name}`}
        hint="Choose what your work needs, not more."
        choices={role.permissions.map((each) => ({ value: each.code, label: each.name, about: each.about }))}
        chosen={wish.permissions}
        faults={faults}
      />
      <Continue />
    </StepForm>
  </Page>
);
