import type { VNode } from 'preact';
import type { FieldFault } from '#kernel';
import { ButtonLink, Page, type PageFrame, TextField, Token } from '#web';
import { NewPassphraseField } from '../passphrase-field.js';

interface FormModel {
  frame: PageFrame;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

export const ForgotPage = ({ frame, faults, typed }: FormModel): VNode => (
  <Page frame={frame} title="Forgot your passphrase?" faults={faults}>
    <p class="usa-intro">We send a link to the e-mail address of your account. With it you set a new passphrase.</p>
    <form method="post" action="/forgot" class="edlink-form" novalidate>
      <Token frame={frame} />
      <TextField
        name="name"
        label="User name or e-mail address"
        autocomplete="username"
        faults={faults}
        typed={typed}
      />
      <button class="usa-button" type="submit">
        Send the link
      </button>
    </form>
  </Page>
);

/** Says nothing that depends on whether there is such an account. */
export const ForgotSentPage = ({ frame }: { frame: PageFrame }): VNode => (
  <Page frame={frame} title="Check your mail">
    <p class="usa-intro">
      If there is an account with what you typed, a mail with a link is on its way to its address.
    </p>
    <p>
      The link works for 30 minutes. If no mail comes, look in the folder for unwanted mail, make sure that you typed it
      right, and try again. At most three mails an hour are sent to one address.
    </p>
    <p>
      If you never confirmed your address, <a href="/register">register</a> again.
    </p>
  </Page>
);

export const ResetPage = ({ frame }: { frame: PageFrame }): VNode => (
  <Page frame={frame} title="Set a new passphrase">
    <p class="usa-intro">The link is good. Go on in this browser; the link itself works only once.</p>
    <form method="post" action="/reset" class="edlink-form">
      <Token frame={frame} />
      <button class="usa-button" type="submit">
        Go on
      </button>
    </form>
  </Page>
);

export const NewPassphrasePage = ({ frame, userName, faults }: FormModel & { userName: string }): VNode => (
  <Page frame={frame} title="Choose a new passphrase" faults={faults}>
    <p>You will be signed out everywhere, and then sign in with the new passphrase.</p>
    <form method="post" action="/reset/passphrase" class="edlink-form" novalidate>
      <Token frame={frame} />
      <UserName value={userName} />
      <NewPassphraseField label="New passphrase" faults={faults} />
      <button class="usa-button" type="submit">
        Save the new passphrase
      </button>
    </form>
  </Page>
);

/** Shown, and readable for password managers, which keep the new passphrase under it. */
const UserName = ({ value }: { value: string }): VNode => (
  <div class="usa-form-group">
    <label class="usa-label" for="userName">
      User name
    </label>
    <input class="usa-input edlink-fixed" id="userName" type="text" autocomplete="username" value={value} readonly />
  </div>
);

export const ResetDonePage = ({ frame, portal }: { frame: PageFrame; portal: string }): VNode => (
  <Page frame={frame} title="Your passphrase is set">
    <p class="usa-intro">Sign in with it now. We sent you a mail about the change.</p>
    <p>
      <ButtonLink href={`${portal}/sign-in`}>Sign in</ButtonLink>
    </p>
  </Page>
);
