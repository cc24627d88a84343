import type { VNode } from 'preact';
import { ButtonLink, Page, type PageFrame } from '#web';

/** What an account is for, and the doors to it. */
export const HomePage = ({ frame, portal }: { frame: PageFrame; portal: string }): VNode => (
  <Page frame={frame} title="Your EdLink account">
    <p class="usa-intro">
      One account for everything you work with: you sign in here, and the application learns what you may do.
    </p>
    {frame.actor.accountId ? (
      <div class="edlink-actions">
        <ButtonLink href="/account">Your account</ButtonLink>
        <ButtonLink href={portal} quiet>
          Go to EdLink Security
        </ButtonLink>
      </div>
    ) : (
      <>
        <div class="edlink-actions">
          <ButtonLink href={`${portal}/sign-in`}>Sign in</ButtonLink>
          <ButtonLink href="/register" quiet>
            Register
          </ButtonLink>
        </div>
        <p>
          <a href="/forgot">Forgot your passphrase?</a>
        </p>
      </>
    )}
  </Page>
);
