import type { VNode } from 'preact';
import type { Application, Role } from '#catalog';
import type { PlaceAdvice } from '#requests';
import type { PlacedLocation } from '#sites';
import { ButtonLink, Choices, Page, type PageFrame, Steps } from '#web';
import { AboutChoice } from './place-advice.js';
import { Chosen, Continue, requestSteps, StepForm, type StepProps } from './step-parts.js';

/** Before anything can be asked for: who you are at your school. */
export const NeedsStaffIdPage = ({ frame, next }: { frame: PageFrame; next: string }): VNode => (
  <Page frame={frame} title="Link your Staff ID first">
    <p>A request says who asks: the person with your Staff ID. Linking it takes a minute; then you come back here.</p>
    <div class="edlink-actions">
      <ButtonLink href={`/staff-id?${new URLSearchParams({ next })}`}>Link your Staff ID</ButtonLink>
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
    {applications.length === 0 && <p>All other applications are asked for already, or are not given there.</p>}
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

export const RolePage = ({
  frame,
  application,
  place,
  advice,
  faults,
  wish,
}: StepProps & { application: Application; place: PlacedLocation; advice: PlaceAdvice }): VNode => (
  <Page frame={frame} title="In which role?" faults={faults}>
    <Steps steps={requestSteps} at={2} />
    <Chosen application={application} place={place} wish={wish} />
    <AboutChoice advice={advice} place={place} wish={wish} />
    <StepForm wish={wish} without="role" asked="role">
      <Choices
        name="role"
        type="radio"
        legend="Role"
        hint="In each application you can have one role at a place."
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
  advice,
  faults,
  wish,
}: StepProps & { application: Application; place: PlacedLocation; role: Role; advice: PlaceAdvice }): VNode => (
  <Page frame={frame} title="What do you need to do?" faults={faults}>
    <Steps steps={requestSteps} at={2} />
    <Chosen application={application} place={place} role={role} wish={wish} />
    <AboutChoice advice={advice} place={place} wish={wish} />
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
