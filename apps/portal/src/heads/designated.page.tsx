import type { VNode } from 'preact';
import type { DesignationView } from '#coordinators';
import type { Problem } from '#kernel';
import { Page, type PageFrame, Token } from '#web';
import { DesignationFacts, DesignationSteps } from '../parts/designation-words.js';
import { ProblemAlert } from '../parts/problem-alert.js';

interface DesignatedProps {
  frame: PageFrame;
  designation: DesignationView;
  notice?: string;
  problem?: Problem;
}

/** One designation as its head sees it, with the way to take it back. */
export const DesignatedPage = ({ frame, designation, notice, problem }: DesignatedProps): VNode => (
  <Page frame={frame} title="Designation" notice={notice}>
    {problem && <ProblemAlert problem={problem} />}
    <DesignationFacts designation={designation} />
    <h2>Steps so far</h2>
    <DesignationSteps designation={designation} />
    {designation.may.includes('withdraw') && (
      <form method="post" action={`/designate/${designation.id}/withdraw`}>
        <Token frame={frame} />
        <input type="hidden" name="version" value={designation.version} />
        <h2>Take it back</h2>
        <p>The person and the state office see that it was taken back.</p>
        <button class="usa-button usa-button--secondary" type="submit">
          Take this designation back
        </button>
      </form>
    )}
    <p>
      <a href={`/designate?system=${encodeURIComponent(designation.system.code)}`}>Back to your designations</a>
    </p>
  </Page>
);
