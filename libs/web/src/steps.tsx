import type { VNode } from 'preact';

/** The pages of a task, with the one we are at; past the last one all are done. A phone shows the words below only. */
export function Steps({ steps, at }: { steps: string[]; at: number }): VNode {
  const now = steps[at];
  return (
    <div class="usa-step-indicator usa-step-indicator--counters-sm">
      <ol class="usa-step-indicator__segments" aria-label="Progress">
        {steps.map((step, index) => (
          <li
            class={`usa-step-indicator__segment${index < at ? ' usa-step-indicator__segment--complete' : index === at ? ' usa-step-indicator__segment--current' : ''}`}
            aria-current={index === at ? 'step' : undefined}
          >
            <span class="usa-step-indicator__segment-label">
              {step}
              {index < at && <span class="usa-sr-only"> completed</span>}
              {index > at && <span class="usa-sr-only"> not completed</span>}
            </span>
          </li>
        ))}
      </ol>
      <p class="edlink-step" aria-hidden="true">
        {now ? `Step ${at + 1} of ${steps.length}: ${now}` : 'All steps are done'}
      </p>
    </div>
  );
}
