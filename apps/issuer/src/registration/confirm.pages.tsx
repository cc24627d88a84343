import type { VNode } from 'preact';
import { type PendingRegistration, userNameHint } from '#accounts';
import type { FieldFault } from '#kernel';
import { Alert, ButtonLink, Facts, Page, type PageFrame, TextField, Token } from '#web';

interface ConfirmModel {
  frame: PageFrame;
  pending: PendingRegistration;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

export const ConfirmPage = ({ frame, pending, faults, typed }: ConfirmModel): VNode => (
  <Page frame={frame} title="Confirm your address" faults={faults}>
    <Facts
      facts={[
        ['E-mail address', pending.email],
        ['User name', pending.userNameTaken ? 'Choose one below' : pending.userName],
      ]}
    />
    <p>If you did not register with these, close this page. Without the button no account is made.</p>
    <form method="post" action="/confirm" class="edlink-form" novalidate>
      <Token frame={frame} />
      {pending.userNameTaken && (
        <>
          {!faults && (
            <Alert kind="info">Somebody else has the user name {pending.userName} already. Choose another one.</Alert>
          )}
          <TextField
            name="userName"
            label="Another user name"
            hint={userNameHint}
            autocomplete="username"
            faults={faults}
            typed={typed}
          />
        </>
      )}
      <button class="usa-button" type="submit">
        Confirm and make my account
      </button>
    </form>
  </Page>
);

export const ConfirmedPage = ({ frame, portal }: { frame: PageFrame; portal: string }): VNode => (
  <Page frame={frame} title="You can sign in">
    <p class="usa-intro">
      Your address is confirmed and your account is made. Sign in with your user name and passphrase; the next step is
      to link your Staff ID.
    </p>
    <p>
      <ButtonLink href={`${portal}/sign-in`}>Sign in</ButtonLink>
    </p>
  </Page>
);
