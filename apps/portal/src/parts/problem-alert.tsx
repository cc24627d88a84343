import type { VNode } from 'preact';
import type { Problem } from '#kernel';

/** Why nothing was done, said at once to those who hear the page. */
export const ProblemAlert = ({ problem }: { problem: Problem }): VNode => (
  <div class="usa-alert usa-alert--warning" role="alert">
    <div class="usa-alert__body">
      <h2 class="usa-alert__heading">{problem.title}</h2>
      <p class="usa-alert__text">{problem.detail}</p>
    </div>
  </div>
);
