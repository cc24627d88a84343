import type { VNode } from 'preact';
import type { OwnAccess } from '#compliance';
import type { FieldFault, Problem } from '#kernel';
import { ButtonLink, Page, type PageFrame, TextField, Token } from '#web';
import { ProblemAlert } from '../parts/problem-alert.js';
import { WhatItIs } from './give-up.page.js';

interface LongerProps {
  frame: PageFrame;
  one: OwnAccess;
  problem?: Problem;
  faults?: FieldFault[];
  /** What the form holds: what was typed, or a day to begin with. */
  typed: Record<string, unknown>;
}

/** Asks to keep access longer than its end; whoever decides at the place decides this too. */
export const LongerPage = ({ frame, one, problem, faults, typed }: LongerProps): VNode => (
  <Page frame={frame} title={`Keep ${one.permission} longer`} faults={faults}>
    {problem && <ProblemAlert problem={problem} />}
    <WhatItIs one={one} />
    <p>
      This makes a request. Whoever decides at {one.place} decides about it; until then your access stays as it is, with
      the end it has.
    </p>
    <form class="edlink-form" method="post" action={`/access/${one.grantId}/longer`} novalidate>
      <Token frame={frame} />
      <TextField
        name="lastDay"
        label="Last day you need it"
        hint="After the end it has now."
        type="date"
        faults={faults}
        typed={typed}
      />
      <TextField
        name="why"
        label="What you need it for"
        hint="Whoever decides reads it."
        rows={3}
        required={false}
        faults={faults}
        typed={typed}
      />
      <div class="edlink-actions">
        <button class="usa-button" type="submit">
          Send the request
        </button>
        <ButtonLink href="/access" quiet>
          Back to my access
        </ButtonLink>
      </div>
    </form>
  </Page>
);
