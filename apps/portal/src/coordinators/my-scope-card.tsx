import type { VNode } from 'preact';
import { isStateDesk } from '#coordinators';
import { Alert, PersonName } from '#web';
import { readableLastDay } from '../parts/days.js';
import type { MyScope } from './my-scopes.js';

/** How long the statement holds. @param until first day no longer, 'YYYY-MM-DD'; absent: it is not in force */
export const StatementState = ({ until }: { until?: string }): VNode =>
  until ? (
    <p>
      Your statement holds until {readableLastDay(until)}. <a href="/statement">Read or sign it again</a>
    </p>
  ) : (
    <Alert kind="warning" heading="Sign the statement">
      <p>
        Until you have signed, no request waits for you. <a href="/statement">Read and sign it</a>
      </p>
    </Alert>
  );

interface MyScopeCardProps {
  scope: MyScope;
  /** First day it is no longer held, where an end is set. */
  untilDay?: string;
}

/** An assignment, own or borrowed, with what can be done about it. */
export const MyScopeCard = ({ scope: { id, words, assignment }, untilDay }: MyScopeCardProps): VNode => (
  <li>
    <p>
      <strong>Coordinator {words}</strong>
      {assignment.coversFor && (
        <>
          , in place of <PersonName>{assignment.coversFor}</PersonName>
          {assignment.until && `, who is away until ${readableLastDay(assignment.until)}`}
        </>
      )}
      {untilDay && `, until ${readableLastDay(untilDay)}`}
    </p>
    {!assignment.coverId && (
      <p class="edlink-links">
        <a href={`/cover/new?for=${id}`}>
          Name a cover<span class="usa-sr-only"> as coordinator {words}</span>
        </a>
        <a href={`/my-scope/${id}/stand-down`}>
          Stand down<span class="usa-sr-only"> as coordinator {words}</span>
        </a>
      </p>
    )}
    {isStateDesk(assignment) && (
      <p>
        <a href="/state">Go to the state office's pages</a>
      </p>
    )}
  </li>
);
