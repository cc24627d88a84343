import type { VNode } from 'preact';
import type { FieldFault } from '#kernel';
import type { OpenInteraction } from '#tokens';
import { Alert, Page, type PageFrame, TextField, Token } from '#web';

interface SignInModel {
  frame: PageFrame;
  open: OpenInteraction;
  faults?: FieldFault[];
  typed?: Record<string, unknown>;
}

/** The notice stands before sign-in, as public systems must show it. */
const useNotice =
  'For authorized use only. What you do here is recorded. The records behind it are protected by law; using them for anything but your duties can be punished.';

export const SignInPage = ({ frame, open, faults, typed }: SignInModel): VNode => (
  <Page frame={frame} title="Sign in" faults={faults}>
    <p class="usa-intro">to go on to {open.clientName}</p>
    <Alert kind="info">{useNotice}</Alert>
    <form method="post" action={`/interaction/${open.uid}`} class="edlink-form" novalidate>
      <Token frame={frame} />
      <TextField
        name="name"
        label="User name or e-mail address"
        autocomplete="username"
        faults={faults}
        typed={typed}
      />
      <TextField name="passphrase" type="password" label="Passphrase" autocomplete="current-password" faults={faults} />
      <p>
        <a href="/forgot">Forgot your passphrase?</a>
      </p>
      <button class="usa-button" type="submit">
        Sign in
      </button>
    </form>
    <p>
      New here? <a href="/register">Register</a> with your work e-mail address.
    </p>
  </Page>
);
