import type { VNode } from 'preact';
import type { Account } from '#accounts';
import { type FieldFault, readableDate } from '#kernel';
import { ButtonLink, Facts, noticeOf, Page, type PageFrame, PersonName, TextField, Token } from '#web';
import { NewPassphraseField } from '../passphrase-field.js';

interface FormModel {
  frame: PageFrame;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

const notices: Record<string, string> = {
  passphrase: 'Your passphrase is changed. Everywhere else you were signed out.',
  address: 'Check the mail at the new address: your address changes when you follow the link in it.',
};

export const AccountPage = ({
  frame,
  account,
  done,
}: {
  frame: PageFrame;
  account: Account;
  /** What was done a moment ago, as the address names it. */
  done?: unknown;
}): VNode => (
  <Page frame={frame} title="Your account" notice={noticeOf(notices, done)}>
    <Facts
      facts={[
        [
          'Name',
          <PersonName>
            {account.firstName} {account.lastName}
          </PersonName>,
        ],
        ['User name', account.userName],
        ['E-mail address', account.email],
        ['Passphrase', account.passwordChangedAt ? `set on ${readableDate(account.passwordChangedAt)}` : 'not set'],
      ]}
    />
    <div class="edlink-actions">
      <ButtonLink href="/account/passphrase">Change passphrase</ButtonLink>
      <ButtonLink href="/account/address" quiet>
        Change e-mail address
      </ButtonLink>
    </div>
    <h2>Sign out everywhere</h2>
    <p>
      Lost a device, or left a computer open somewhere? This ends every session of your account at once, this one too,
      and in every application.
    </p>
    <form method="post" action="/account/sign-out-everywhere">
      <Token frame={frame} />
      <button class="usa-button usa-button--secondary" type="submit">
        Sign out everywhere
      </button>
    </form>
  </Page>
);

export const ChangePassphrasePage = ({ frame, faults }: FormModel): VNode => (
  <Page frame={frame} title="Change passphrase" faults={faults}>
    <p>Everywhere else you will be signed out. We tell you of the change by mail.</p>
    <form method="post" action="/account/passphrase" class="edlink-form" novalidate>
      <Token frame={frame} />
      <TextField
        name="current"
        type="password"
        label="Current passphrase"
        autocomplete="current-password"
        faults={faults}
      />
      <NewPassphraseField label="New passphrase" faults={faults} />
      <button class="usa-button" type="submit">
        Change passphrase
      </button>
    </form>
    <p>
      <a href="/account">Back to your account</a>
    </p>
  </Page>
);

export const ChangeAddressPage = ({ frame, email, faults, typed }: FormModel & { email: string }): VNode => (
  <Page frame={frame} title="Change e-mail address" faults={faults}>
    <p>
      Your address is <strong>{email}</strong>. We send a link to the new one, and a notice to this one. The address
      changes when you follow the link.
    </p>
    <form method="post" action="/account/address" class="edlink-form" novalidate>
      <Token frame={frame} />
      <TextField
        name="email"
        type="email"
        label="New work e-mail address"
        autocomplete="email"
        inputmode="email"
        faults={faults}
        typed={typed}
      />
      <TextField
        name="current"
        type="password"
        label="Current passphrase"
        autocomplete="current-password"
        faults={faults}
      />
      <button class="usa-button" type="submit">
        Send the link
      </button>
    </form>
    <p>
      <a href="/account">Back to your account</a>
    </p>
  </Page>
);
