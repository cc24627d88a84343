import { Inject, Injectable } from '@nestjs/common';
import { importJWK, type JWTPayload, SignJWT } from 'jose';
import { Clock, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import type { DueSignal } from '#signals';
import { type IssuerKey, SigningKeys } from './signing-keys.service.js';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
const caep = 'https://schemas.openid.net/secevent/caep/event-type/';
/** A logout token is good for two minutes; each try makes a new one. */
const logoutSeconds = 120;

/** Puts what an application is told into a token it can verify with the keys it knows. Nothing in it names a person. */
@Injectable()
export class SignalTokens {
  private readonly imported = new Map<string, ReturnType<typeof importJWK>>();

  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** A token for one try: OpenID Connect Back-Channel Logout 1.0, or a Security Event Token (RFC 8417) with a CAEP event. */
  async of(signal: DueSignal): Promise<string> {
    const [key] = await this.keys.published();
    const iat = Math.floor(this.clock.now().getTime() / 1000);
    const common = {
      iss: this.settings.ISSUER_ORIGIN,
      aud: signal.clientId,
      iat,
      // Each try is a token of its own: an application that lost our answer is not told that it saw a replay.
      jti: `${signal.id}.${signal.attempts}`,
    };
    const isLogout = signal.kind === 'logout';
    const claims = isLogout
      ? {
          ...common,
          exp: iat + logoutSeconds,
          sub: signal.accountId,
          ...(signal.sid !== null && { sid: signal.sid }),
          events: { [logoutEvent]: {} },
        }
      : { ...common, sub_id: this.subjectOf(signal), events: { [`${caep}${signal.kind}`]: this.eventOf(signal) } };
    return this.sign(key!, isLogout ? 'logout+jwt' : 'secevent+jwt', claims);
  }

  private subjectOf({ accountId, sid }: DueSignal): Record<string, unknown> {
    const user = { format: 'iss_sub', iss: this.settings.ISSUER_ORIGIN, sub: accountId };
    return sid === null ? user : { format: 'complex', user, session: { format: 'opaque', id: sid } };
  }

  /** New permissions are not told here: the application reads them where it always does, with the person's token. */
  private eventOf({ kind, createdAt }: DueSignal): Record<string, unknown> {
    return {
      event_timestamp: Math.floor(createdAt.getTime() / 1000),
      ...(kind === 'token-claims-change' && {
        claims: { permissions_at: `${this.settings.ISSUER_ORIGIN}/oidc/userinfo` },
      }),
    };
  }

  private async sign(key: IssuerKey, typ: string, claims: JWTPayload): Promise<string> {
    const imported = this.imported.get(key.kid) ?? importJWK(key, key.alg);
    this.imported.set(key.kid, imported);
    return new SignJWT(claims).setProtectedHeader({ alg: key.alg!, typ, kid: key.kid }).sign(await imported);
  }
}
