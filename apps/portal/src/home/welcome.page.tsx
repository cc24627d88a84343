import type { VNode } from 'preact';
import { ButtonLink, Page, type PageFrame } from '#web';

/** For strangers: what this is, and the two ways in. */
export const WelcomePage = ({ frame, issuer }: { frame: PageFrame; issuer: string }): VNode => (
  <Page frame={frame} title="Access to Louisiana school applications">
    <div class="edlink-hero">
      <p class="usa-intro">
        Staff of school systems ask here for access to eSER, SER IEP Form and other applications. The security
        coordinator of your school or school system decides.
      </p>
      <div class="edlink-actions">
        <ButtonLink href="/sign-in">Sign in</ButtonLink>
        <ButtonLink href={`${issuer}/register`} quiet>
          Register
        </ButtonLink>
      </div>
      <p>
        <strong>Have you registered before?</strong> Use that account: one person has one account. Your e-mail works in
        place of the user name, and a forgotten passphrase is reset on the sign-in page.
      </p>
    </div>
    <h2>How it goes</h2>
    <ol class="usa-process-list">
      <li class="usa-process-list__item">
        <h3 class="usa-process-list__heading">Register</h3>
        <p>A user name, your work e-mail and a passphrase. You confirm the address from a mail.</p>
      </li>
      <li class="usa-process-list__item">
        <h3 class="usa-process-list__heading">Link your Staff ID</h3>
        <p>With your 10-digit number, or with your name and birth date alone.</p>
      </li>
      <li class="usa-process-list__item">
        <h3 class="usa-process-list__heading">Request a permission</h3>
        <p>For your school or your school system. You see who will decide, and why, before you send it.</p>
      </li>
      <li class="usa-process-list__item">
        <h3 class="usa-process-list__heading">Start working</h3>
        <p>As soon as your coordinator approves, the application lets you in.</p>
      </li>
    </ol>
  </Page>
);
