import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import * as client from 'openid-client';
import {
  createGuard,
  type Guard,
  GuardRefusal,
  type ReceivedEvent,
  type ReceivedLogout,
  type VerifiedAccess,
} from '#guard';
import { ESER_OPTIONS, type EserOptions } from './options.js';
import type { Departure, EserSession } from './sessions.js';

/** The person may not enter, or must sign in again; `description` is the issuer's, for the person to read. */
export class NotAdmitted extends Error {
  constructor(
    readonly reason: 'no-permission' | 'ended' | 'failed',
    readonly description = '',
    options: { cause?: unknown } = {},
  ) {
    super(`${reason}: ${description}`, options);
  }
}

/** Tokens are renewed this long before they end, so that none ends while a page is made. */
const renewBefore = 30_000;
/** What a fresh token mends, if the issuer gives one. */
const renewable = ['token.expired', 'token.revoked'];

/** All this application knows about signing in: openid-client talks to the issuer, the guard reads the tokens. */
@Injectable()
export class EdLink {
  private readonly guard: Guard;
  private found?: Promise<client.Configuration>;

  constructor(@Inject(ESER_OPTIONS) private readonly options: EserOptions) {
    this.guard = createGuard({ issuer: options.issuer, audience: options.origin, clientId: options.clientId });
  }

  /** Where to send the browser, and what to remember until it comes back. */
  async leave(returnTo: string): Promise<{ address: string; state: string; departure: Omit<Departure, 'startedAt'> }> {
    const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
    const address = client.buildAuthorizationUrl(await this.configuration(), {
      redirect_uri: this.callback,
      scope: 'openid permissions',
      resource: this.options.origin,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { address: address.href, state, departure: { nonce, verifier, returnTo } };
  }

  /**
   * The browser is back: checks state, `iss`, nonce and the ID token, and redeems the code.
   * @throws NotAdmitted
   */
  async arrive(query: string, state: string, departure: Departure): Promise<NonNullable<EserSession['tokens']>> {
    const configuration = await this.configuration();
    const checks = {
      expectedState: state,
      expectedNonce: departure.nonce,
      pkceCodeVerifier: departure.verifier,
      idTokenExpected: true,
    };
    const address = new URL(`${this.callback}${query}`);
    const answer = await client
      .authorizationCodeGrant(configuration, address, checks, { resource: this.options.origin })
      .catch((fault: unknown) => {
        throw refused(fault);
      });
    return this.tokensOf(answer);
  }

  /**
   * What the person may do now. Renews the token when it is about to end: once, however many pages wait for it, because
   * a refresh token used twice ends the whole sign-in.
   * @throws NotAdmitted when it was not renewed; GuardUnavailable when the issuer cannot be asked
   */
  async access(session: EserSession): Promise<VerifiedAccess> {
    const held = await this.check(session);
    if (held && held.expiresAt - Date.now() > renewBefore) return held;
    session.refreshing ??= this.renew(session).finally(() => (session.refreshing = undefined));
    try {
      await session.refreshing;
    } catch (fault) {
      if (held && !(fault instanceof NotAdmitted)) return held;
      throw fault;
    }
    const renewed = await this.check(session);
    if (!renewed) throw new NotAdmitted('ended');
    return renewed;
  }

  /** The issuer says that a session is over. @throws GuardRefusal, GuardUnavailable */
  loggedOut(token: string | undefined): Promise<ReceivedLogout> {
    return this.guard.receiveLogoutToken(token);
  }

  /** The issuer says that somebody's access changed: their tokens must be renewed. @throws GuardRefusal, GuardUnavailable */
  accessChanged(token: string | undefined): Promise<ReceivedEvent> {
    return this.guard.receiveEvent(token);
  }

  /** Tells the issuer that the tokens are not needed any more. @returns where the browser signs out of EdLink itself */
  async leaveForGood(session: EserSession): Promise<string> {
    const configuration = await this.configuration();
    const { refresh, id } = session.tokens ?? {};
    if (refresh) await client.tokenRevocation(configuration, refresh).catch(() => undefined);
    return client.buildEndSessionUrl(configuration, {
      ...(id && { id_token_hint: id }),
      post_logout_redirect_uri: `${this.options.origin}/signed-out`,
    }).href;
  }

  private get callback(): string {
    return `${this.options.origin}/callback`;
  }

  private async check(session: EserSession): Promise<VerifiedAccess | undefined> {
    try {
      return await this.guard.check(session.tokens?.access);
    } catch (fault) {
      if (fault instanceof GuardRefusal && renewable.includes(fault.code)) return undefined;
      if (fault instanceof GuardRefusal) throw new NotAdmitted('failed', '', { cause: fault });
      throw fault;
    }
  }

  private async renew(session: EserSession): Promise<void> {
    await this.refresh(session);
    if (await this.check(session)) return;
    // Made in the very second of the change, it cannot be told from one made before; the next second's can.
    await pause(1000 - (Date.now() % 1000));
    await this.refresh(session);
  }

  private async refresh(session: EserSession): Promise<void> {
    const refresh = session.tokens?.refresh;
    if (!refresh) throw new NotAdmitted('ended');
    const answer = await client
      .refreshTokenGrant(await this.configuration(), refresh, { resource: this.options.origin })
      .catch((fault: unknown) => {
        throw refused(fault);
      });
    session.tokens = this.tokensOf(answer);
  }

  private tokensOf(
    answer: Awaited<ReturnType<typeof client.authorizationCodeGrant>>,
  ): NonNullable<EserSession['tokens']> {
    const { sub, sid } = answer.claims()!;
    return {
      access: answer.access_token,
      refresh: answer.refresh_token,
      id: answer.id_token!,
      subject: sub,
      ...(typeof sid === 'string' && { sid }),
    };
  }

  /** The issuer's addresses, asked for when first needed: it may start after us. */
  private configuration(): Promise<client.Configuration> {
    this.found ??= this.discover().catch((fault: unknown) => {
      this.found = undefined;
      throw fault;
    });
    return this.found;
  }

  private async discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientKey } = this.options;
    const algorithm =
      clientKey.kty === 'EC' ? { name: 'ECDSA', namedCurve: 'P-256' } : { name: 'RSA-PSS', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('jwk', clientKey, algorithm, false, ['sign']);
    // Signatures of ID tokens are checked too; plain http is for a demonstration on one machine.
    const execute = [
      client.enableNonRepudiationChecks,
      ...(issuer.startsWith('http://') ? [client.allowInsecureRequests] : []),
    ];
    return client.discovery(new URL(issuer), clientId, {}, client.PrivateKeyJwt({ key, kid: clientKey.kid! }), {
      execute,
      timeout: 5,
    });
  }
}

/** The issuer said no: for the person. Anything else is a fault of the way there, and stays one. */
function refused(fault: unknown): unknown {
  if (fault instanceof client.AuthorizationResponseError) {
    return new NotAdmitted(
      fault.error === 'access_denied' ? 'no-permission' : 'failed',
      fault.error_description ?? '',
      { cause: fault },
    );
  }
  if (fault instanceof client.ResponseBodyError) {
    return fault.error === 'invalid_grant'
      ? new NotAdmitted('ended', fault.error_description ?? '', { cause: fault })
      : new NotAdmitted('failed', '', { cause: fault });
  }
  const { code } = fault as { code?: string };
  return code?.startsWith('OAUTH_') && code !== 'OAUTH_TIMEOUT'
    ? new NotAdmitted('failed', '', { cause: fault })
    : fault;
}
