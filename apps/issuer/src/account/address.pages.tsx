import type { VNode } from 'preact';
import { ButtonLink, Facts, Page, type PageFrame, Token } from '#web';

export const ConfirmAddressPage = ({ frame, email }: { frame: PageFrame; email: string }): VNode => (
  <Page frame={frame} title="Confirm your new address">
    <Facts facts={[['New e-mail address', email]]} />
    <p>If you did not ask for this, close this page. Nothing is changed without the button.</p>
    <form method="post" action="/address">
      <Token frame={frame} />
      <button class="usa-button" type="submit">
        Use this address
      </button>
    </form>
  </Page>
);

export const AddressDonePage = ({ frame }: { frame: PageFrame }): VNode => (
  <Page frame={frame} title="Your address is changed">
    <p class="usa-intro">From now on our mails come to the new address. We told the old one.</p>
    <p>
      <ButtonLink href="/account">Your account</ButtonLink>
    </p>
  </Page>
);

export const FreezePage = ({ frame }: { frame: PageFrame }): VNode => (
  <Page frame={frame} title="This was not you?">
    <p class="usa-intro">
      Then freeze your account now. Nobody can sign in to it, everybody is signed out, and your e-mail address goes back
      to the one this mail came to.
    </p>
    <p>To open it again you will need the help desk of your school system. If the change was yours, close this page.</p>
    <form method="post" action="/not-me">
      <Token frame={frame} />
      <button class="usa-button usa-button--secondary" type="submit">
        Freeze my account
      </button>
    </form>
  </Page>
);

export const FrozenPage = ({ frame }: { frame: PageFrame }): VNode => (
  <Page frame={frame} title="Your account is frozen">
    <p class="usa-intro">
      Nobody can use it now. Call the help desk of your school system: they make sure that it is you and open it again.
      Then set a new passphrase.
    </p>
  </Page>
);
