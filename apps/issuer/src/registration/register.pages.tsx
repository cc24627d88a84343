import type { VNode } from 'preact';
import { userNameHint } from '#accounts';
import type { FieldFault } from '#kernel';
import { Page, type PageFrame, TextField, Token } from '#web';
import { NewPassphraseField } from '../passphrase-field.js';

interface FormModel {
  frame: PageFrame;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

export const RegisterPage = ({ frame, faults, typed }: FormModel): VNode => (
  <Page frame={frame} title="Register" faults={faults}>
    <p class="usa-intro">Make your own account. You need it once, for every application you work with.</p>
    <p>
      If you have one already, <a href="/">use it</a>: a second account cannot be linked to your Staff ID.
    </p>
    <form method="post" action="/register" class="edlink-form" novalidate>
      <Token frame={frame} />
      <TextField name="firstName" label="First name" autocomplete="given-name" faults={faults} typed={typed} />
      <TextField name="lastName" label="Last name" autocomplete="family-name" faults={faults} typed={typed} />
      <TextField
        name="userName"
        label="User name"
        hint={userNameHint}
        autocomplete="username"
        faults={faults}
        typed={typed}
      />
      <TextField
        name="email"
        type="email"
        label="Work e-mail address"
        hint="We send a link to it, to make sure it is yours."
        autocomplete="email"
        inputmode="email"
        faults={faults}
        typed={typed}
      />
      <NewPassphraseField faults={faults} />
      <button class="usa-button" type="submit">
        Register
      </button>
    </form>
  </Page>
);

/** Says nothing that depends on whether the address is known. */
export const SentPage = ({ frame }: { frame: PageFrame }): VNode => (
  <Page frame={frame} title="Check your mail">
    <p class="usa-intro">
      We sent a mail to the address you typed. Open it and follow the link to confirm that the address is yours.
    </p>
    <p>
      The mail comes within a few minutes. If it does not, look in the folder for unwanted mail, make sure that you
      typed the address right, and register once more.
    </p>
    <p>The link works for 24 hours. You can close this page.</p>
  </Page>
);
