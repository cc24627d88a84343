import type { ComponentChildren, VNode } from 'preact';
import type { Problem } from '#kernel';
import type { Plan } from '#oversight';
import { Page, type PageFrame, Token } from '#web';
import { PlanView } from './plan-view.js';
import { ProblemAlert } from './problem-alert.js';

/** A change as the page that asks for the last word tells it. */
export interface ChangeToConfirm {
  title: string;
  /** What is going to be done, in a sentence. */
  about: ComponentChildren;
  /** Where the form goes. */
  action: string;
  /** What was filled in, sent along. */
  fields: Record<string, string | string[] | undefined>;
  /** The word on the button. */
  button: string;
  /** Where nothing is changed. */
  back: string;
  /** Ways of the part of the portal the page belongs to. */
  nav?: (frame: PageFrame) => VNode;
}

interface ConfirmChangeProps extends ChangeToConfirm {
  frame: PageFrame;
  plan: Plan;
  /** Why the plan is shown once more. */
  problem?: Problem;
}

/** What a change would do, before it is saved; the button saves exactly that. */
export const ConfirmChangePage = ({
  frame,
  plan,
  problem,
  title,
  about,
  action,
  fields,
  button,
  back,
  nav,
}: ConfirmChangeProps): VNode => (
  <Page frame={frame} title={title}>
    {nav?.(frame)}
    {problem && <ProblemAlert problem={problem} />}
    <p class="usa-intro">{about}</p>
    <PlanView plan={plan} />
    <form method="post" action={action}>
      <Token frame={frame} />
      {Object.entries(fields).flatMap(([name, value]) =>
        [value ?? []].flat().map((one) => <input type="hidden" name={name} value={one} />),
      )}
      <input type="hidden" name="planHash" value={plan.hash} />
      <p>Nothing is saved yet. If something changes before you confirm, you are shown the new plan.</p>
      <div class="edlink-actions">
        <button class="usa-button" type="submit">
          {button}
        </button>
        <a href={back}>Back without saving</a>
      </div>
    </form>
  </Page>
);
