import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { Logger } from '@nestjs/common';
import { newId } from '#kernel';
import { Page, type PageFrame, render } from '#web';

const log = new Logger('oidc');
const frame: PageFrame = {
  appTitle: 'EdLink account',
  navigation: [],
  path: '',
  token: '',
  actor: { client: 'issuer' },
};

/** The error page of the sign-in flow; endpoints for programs answer in OAuth's form and do not come here. */
export function renderError(ctx: KoaContextWithOIDC, out: ErrorOut, error: Error): void {
  const reference = newId().slice(0, 8);
  log.warn(
    `${reference} ${ctx.method} ${ctx.path} ${out.error}: ${error.message} ${(error as { error_detail?: string }).error_detail ?? ''}`,
  );
  const expired = error.name === 'SessionNotFound';
  ctx.type = 'html';
  ctx.body = render(
    <Page frame={frame} title={expired ? 'This sign-in is no longer open' : 'The sign-in could not be finished'}>
      <p class="usa-intro">
        {expired
          ? 'It took too long, or was finished in another window. Go back to the application and sign in again.'
          : 'The application that sent you here asked in a way we do not accept. Go back to it and try again; if it happens again, tell the people who run the application.'}
      </p>
      <p class="usa-hint">
        If you ask for help, give this reference: {reference} ({out.error})
      </p>
    </Page>,
  );
}

/**
 * Asks before signing out: an application may send people here, but not sign them out behind their back (OA-13).
 * @param form the library's hidden form `op.logoutForm`; its values are its own random texts
 */
export function renderSignOut(ctx: KoaContextWithOIDC, form: string): void {
  ctx.body = render(
    <Page frame={frame} title="Sign out everywhere?">
      <p class="usa-intro">
        You are about to sign out of your EdLink account and of the applications you opened with it in this browser.
      </p>
      <div dangerouslySetInnerHTML={{ __html: form }}></div>
      <button class="usa-button" type="submit" form="op.logoutForm" name="logout" value="yes">
        Sign out
      </button>
      <button class="usa-button usa-button--outline" type="submit" form="op.logoutForm">
        Stay signed in
      </button>
    </Page>,
  );
}

export function renderSignedOut(ctx: KoaContextWithOIDC): void {
  ctx.type = 'html';
  ctx.body = render(
    <Page frame={frame} title="You are signed out">
      <p class="usa-intro">You can close this window.</p>
    </Page>,
  );
}
