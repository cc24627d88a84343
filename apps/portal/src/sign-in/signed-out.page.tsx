import type { VNode } from 'preact';
import { ButtonLink, Page, type PageFrame } from '#web';

/** The calm end of a visit; for somebody who is still signed in, the way back. */
export const SignedOutPage = ({ frame }: { frame: PageFrame }): VNode =>
  frame.actor.accountId ? (
    <Page frame={frame} title="You are still signed in">
      <p>
        To leave, choose <strong>Sign out</strong> at the top of the page.
      </p>
      <ButtonLink href="/">Go to your home page</ButtonLink>
    </Page>
  ) : (
    <Page frame={frame} title="You are signed out">
      <p>On a shared computer, close the browser as well. Applications such as eSER have a Sign out of their own.</p>
      <div class="edlink-actions">
        <ButtonLink href="/sign-in">Sign in again</ButtonLink>
      </div>
    </Page>
  );
