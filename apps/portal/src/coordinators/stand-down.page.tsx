import type { VNode } from 'preact';
import type { FieldFault, Problem } from '#kernel';
import { Facts, Page, type PageFrame, TextField, Token } from '#web';
import { ProblemAlert } from '../parts/problem-alert.js';

interface StandDownProps {
  frame: PageFrame;
  /** The assignment in words. */
  scope: { id: string; words: string };
  faults?: FieldFault[];
  problem?: Problem;
  typed?: Record<string, unknown>;
}

/** A coordinator gives back an assignment: from which day, and why. Nothing is saved before the next page. */
export const StandDownPage = ({ frame, scope, faults, problem, typed }: StandDownProps): VNode => (
  <Page frame={frame} title="Stand down" faults={faults}>
    {problem && <ProblemAlert problem={problem} />}
    <Facts facts={[['You are', `Coordinator ${scope.words}`]]} />
    <p>
      The next page shows what would happen to open requests and sites. Nothing is saved before you confirm it there.
    </p>
    <form method="post" action={`/my-scope/${scope.id}/stand-down`} novalidate>
      <Token frame={frame} />
      <TextField
        name="lastDay"
        type="date"
        label="Your last day as coordinator"
        hint="Leave it empty to stop now."
        required={false}
        faults={faults}
        typed={typed}
      />
      <TextField
        name="reason"
        label="Why"
        hint="The state office, the head and the other coordinators of your school system read this."
        rows={3}
        faults={faults}
        typed={typed}
      />
      <div class="edlink-actions">
        <button class="usa-button" type="submit">
          See what happens
        </button>
        <a href="/my-sites">Cancel</a>
      </div>
    </form>
  </Page>
);
