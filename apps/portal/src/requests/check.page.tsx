import type { VNode } from 'preact';
import type { Application, Role } from '#catalog';
import type { Routing } from '#coordinators';
import type { FieldFault, Problem } from '#kernel';
import type { PlaceAdvice } from '#requests';
import type { PlacedLocation } from '#sites';
import { Alert, Page, type PageFrame, Steps, TextField, Token } from '#web';
import { AboutChoice } from './place-advice.js';
import { Chosen, requestSteps } from './step-parts.js';
import { partsOf, stepAddress, type WishSoFar } from './wish.js';
import { WhoDecides } from './who-decides.js';

interface CheckPageProps {
  frame: PageFrame;
  application: Application;
  place: PlacedLocation;
  role: Role;
  wish: WishSoFar;
  lines: { permission: string; routing: Routing }[];
  advice: PlaceAdvice;
  formKey: string;
  why?: unknown;
  faults: FieldFault[];
  problem?: Problem;
}

/** The last look before it is sent: what is asked for, and who decides it. */
export function CheckPage({
  frame,
  application,
  place,
  role,
  wish,
  lines,
  advice,
  formKey,
  why,
  faults,
  problem,
}: CheckPageProps): VNode {
  const nameOf = (code: string): string => role.permissions.find((each) => each.code === code)?.name ?? code;
  return (
    <Page frame={frame} title="Check and send" faults={faults}>
      <Steps steps={requestSteps} at={3} />
      {problem && (
        <Alert kind="error" heading={problem.title}>
          <p>{problem.detail}</p>
        </Alert>
      )}
      <Chosen application={application} place={place} role={role} wish={wish} />
      <h2>You ask for</h2>
      <ul class="usa-list">
        {wish.permissions.map((code) => (
          <li>{nameOf(code)}</li>
        ))}
      </ul>
      <p>
        <a href={`${stepAddress(wish)}&asked=change`}>
          Change<span class="usa-sr-only"> permissions</span>
        </a>
      </p>
      <AboutChoice advice={advice} place={place} wish={wish} />
      <h2>Who will decide, and why</h2>
      <WhoDecides lines={lines.map(({ permission, routing }) => ({ name: nameOf(permission), routing }))} />
      <form method="post" action="/requests" novalidate>
        <Token frame={frame} />
        {partsOf(wish).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="formKey" value={formKey} />
        <TextField
          name="why"
          label="Why you need it"
          hint="Whoever decides reads this. No names of students."
          rows={4}
          required={false}
          faults={faults}
          typed={{ why }}
        />
        <div class="edlink-actions">
          <button class="usa-button" type="submit">
            Send request
          </button>
          <a href="/">Cancel</a>
        </div>
      </form>
    </Page>
  );
}
