import type { VNode } from 'preact';
import type { FieldFault, Problem } from '#kernel';
import { Alert, Choices, Page, type PageFrame, Token } from '#web';
import { ProblemAlert } from '../parts/problem-alert.js';
import { readableLastDay } from '../parts/days.js';

/** What a coordinator signs. */
export interface StatementText {
  version: string;
  title: string;
  paragraphs: readonly string[];
}

interface StatementPageProps {
  frame: PageFrame;
  text: StatementText;
  /** First day what was signed no longer holds, 'YYYY-MM-DD'; absent when nothing is in force. */
  signedUntil?: string;
  notice?: string;
  faults?: FieldFault[];
  problem?: Problem;
}

/** The statement coordinators sign once a year, with the form that signs it. */
export const StatementPage = ({ frame, text, signedUntil, notice, faults, problem }: StatementPageProps): VNode => (
  <Page frame={frame} title={text.title} notice={notice} faults={faults}>
    {problem && <ProblemAlert problem={problem} />}
    {signedUntil ? (
      <Alert kind="success">
        <p>You have signed this. It holds until {readableLastDay(signedUntil)}; you may sign again before then.</p>
      </Alert>
    ) : (
      <Alert kind="info">
        <p>
          Whoever decides about access signs this once a year. Until you have signed, requests go to the other
          coordinators.
        </p>
      </Alert>
    )}
    <StatementWords text={text} />
    <form method="post" action="/statement" novalidate>
      <Token frame={frame} />
      <input type="hidden" name="version" value={text.version} />
      <AgreeBox faults={faults} />
      <div class="edlink-actions">
        <button class="usa-button" type="submit">
          {signedUntil ? 'Sign again' : 'Sign'}
        </button>
      </div>
    </form>
  </Page>
);

/** The words that are signed. */
export const StatementWords = ({ text }: { text: StatementText }): VNode => (
  <div class="edlink-box">
    {text.paragraphs.map((paragraph) => (
      <p>{paragraph}</p>
    ))}
    <p class="edlink-quiet">Version {text.version}</p>
  </div>
);

/** The box that is the signature. */
export const AgreeBox = ({ faults }: { faults?: FieldFault[] }): VNode => (
  <Choices
    name="agree"
    type="checkbox"
    legend="Your signature"
    choices={[{ value: 'yes', label: 'I have read this and will keep to it' }]}
    faults={faults}
  />
);
