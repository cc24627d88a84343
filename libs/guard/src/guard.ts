import { jwtVerify, type JWTPayload } from 'jose';
import { VerifiedAccess, readPermissions } from './access.js';
import { askJson, type Fetch, IssuerKeys } from './issuer-keys.js';
import { GuardRefusal, GuardUnavailable, refusalOf } from './refusal.js';
import { readEvent, readLogout, type ReceivedEvent, type ReceivedLogout } from './signals.js';

export interface GuardOptions {
  /** Origin of the issuer, letter by letter as in the tokens' `iss`, such as https://id.example.gov. */
  issuer: string;
  /** Who this application is: the `aud` its tokens carry. */
  audience: string;
  /** This application's `client_id`, whom logout tokens and events are for. Needed to receive them. */
  clientId?: string;
  /** Signature algorithms accepted. `none` and HMAC never are. */
  algorithms?: ('RS256' | 'PS256' | 'ES256')[];
  /** Seconds the clocks may differ. */
  clockTolerance?: number;
  /** How many verified tokens are kept, so that the next request with one costs next to nothing. */
  cacheSize?: number;
  fetch?: Fetch;
}

/** Verifies access tokens of one application. */
export interface Guard {
  /**
   * @param token the bearer token, without the word Bearer
   * @throws GuardRefusal (answer 401) when it opens nothing; GuardUnavailable (answer 503) when the issuer cannot be asked
   */
  check(token: string | undefined): Promise<VerifiedAccess>;
  /** A person's access ended: their tokens made until then are refused from this moment on, kept ones too. */
  revoke(subject: string, at?: Date): void;
  /**
   * A logout token arrived (OpenID Connect Back-Channel Logout 1.0): refuses the person's tokens made until then. End
   * your own session: the one with this `sid`, or all of the person when there is none.
   * @param token the form field `logout_token`
   * @throws GuardRefusal (answer 400) when it was forged, is old, for somebody else, or was here before;
   *   GuardUnavailable (answer 503) when the issuer cannot be asked for its keys
   */
  receiveLogoutToken(token: string | undefined): Promise<ReceivedLogout>;
  /**
   * A Security Event Token arrived (RFC 8935): refuses the person's tokens made until then; with a fresh one they get in,
   * or not. After `session-revoked` end your session too.
   * @param token the body of the request
   * @throws as receiveLogoutToken
   */
  receiveEvent(token: string | undefined): Promise<ReceivedEvent>;
}

/** Access tokens live 5 minutes; what was revoked longer ago than this cannot come back. */
const longestLife = 15 * 60_000;
/** A signal on its way for longer than this is refused: what is told late is told with a new token. */
const oldestSignal = 5 * 60;
const allowed = ['RS256', 'PS256', 'ES256'];
const required = ['sub', 'exp', 'iat', 'jti', 'client_id', 'staff_id'];

/**
 * Makes a guard for an application that trusts EdLink Security.
 *
 * @example
 * const guard = createGuard({ issuer: 'https://id.example.gov', audience: 'https://eser.example.gov' });
 *
 * const access = await guard.check(bearerToken);
 * if (!access.may('iep-form-writer', { system: '001', site: '001005' })) return response.status(403).end();
 */
export function createGuard(options: GuardOptions): Guard {
  return new TokenGuard(options);
}

class TokenGuard implements Guard {
  private readonly kept = new Map<string, VerifiedAccess>();
  private readonly revoked = new Map<string, number>();
  /** Ids of signals that were here, and until when they could come again. */
  private readonly received = new Map<string, number>();
  private readonly keys: IssuerKeys;
  private readonly verification;
  private readonly size: number;
  private readonly ask: Fetch;

  constructor(private readonly options: GuardOptions) {
    const { issuer, audience, algorithms = allowed, clockTolerance = 5, cacheSize = 1000 } = options;
    if (!URL.canParse(issuer) || new URL(issuer).origin !== issuer)
      throw new TypeError('issuer must be an origin, without a path or a slash at the end');
    if (!audience) throw new TypeError('audience is missing: every token of the issuer would open this application');
    if (!algorithms.length || algorithms.some((algorithm) => !allowed.includes(algorithm)))
      throw new TypeError(`algorithms must be of ${allowed.join(', ')}`);
    this.size = cacheSize;
    this.ask = options.fetch ?? ((...request) => fetch(...request));
    this.keys = new IssuerKeys(issuer, this.ask);
    this.verification = { issuer, audience, algorithms, clockTolerance, typ: 'at+jwt', requiredClaims: required };
  }

  async check(token: string | undefined): Promise<VerifiedAccess> {
    if (!token) throw new GuardRefusal('token.missing');
    const kept = this.kept.get(token);
    if (kept && kept.expiresAt > Date.now()) return this.living(kept);
    if (kept) this.kept.delete(token);
    const access = await this.verify(token);
    this.keep(token, access);
    return this.living(access);
  }

  revoke(subject: string, at = new Date()): void {
    this.revoked.set(subject, Math.max(at.getTime(), this.revoked.get(subject) ?? 0));
    for (const [other, since] of this.revoked) if (since < Date.now() - longestLife) this.revoked.delete(other);
  }

  async receiveLogoutToken(token: string | undefined): Promise<ReceivedLogout> {
    const claims = await this.signal(token, 'logout+jwt');
    const logout = readLogout(claims);
    this.obey(claims, logout.subject);
    return logout;
  }

  async receiveEvent(token: string | undefined): Promise<ReceivedEvent> {
    const claims = await this.signal(token, 'secevent+jwt');
    const event = readEvent(claims, this.options.issuer);
    this.obey(claims, event.subject);
    return event;
  }

  /** Verifies what the issuer sent to this application. */
  private async signal(token: string | undefined, typ: string): Promise<JWTPayload> {
    const { clientId: audience } = this.options;
    if (!audience) throw new TypeError('clientId is missing: signals for any application would be taken');
    if (!token) throw new GuardRefusal('token.missing');
    const requiredClaims = ['iat', 'jti', 'events'];
    const expected = { ...this.verification, audience, typ, requiredClaims, maxTokenAge: oldestSignal };
    const { payload } = await jwtVerify(token, this.keys.get, expected).catch((fault: unknown) => {
      throw fault instanceof GuardUnavailable ? fault : refusalOf(fault);
    });
    if (typeof payload.aud !== 'string') throw new GuardRefusal('token.wrong-audience');
    return payload;
  }

  /** Each signal counts once, and ends what was issued until it was made, by the issuer's clock. */
  private obey({ jti, iat }: JWTPayload, subject: string): void {
    for (const [id, until] of this.received) if (until < Date.now()) this.received.delete(id);
    if (this.received.has(jti!)) throw new GuardRefusal('token.replayed');
    this.received.set(jti!, (iat! + oldestSignal + 2 * this.verification.clockTolerance) * 1000);
    this.revoke(subject, new Date(iat! * 1000));
  }

  private living(access: VerifiedAccess): VerifiedAccess {
    const since = this.revoked.size ? this.revoked.get(access.subject) : undefined;
    if (since !== undefined && access.issuedAt <= since) throw new GuardRefusal('token.revoked');
    return access;
  }

  private async verify(token: string): Promise<VerifiedAccess> {
    const { payload } = await jwtVerify(token, this.keys.get, this.verification).catch((fault: unknown) => {
      throw fault instanceof GuardUnavailable ? fault : refusalOf(fault);
    });
    const {
      sub,
      iat,
      client_id: clientId,
      staff_id: staffId,
      aud,
    } = payload as JWTPayload & { client_id: unknown; staff_id: unknown };
    if (typeof aud !== 'string') throw new GuardRefusal('token.wrong-audience');
    if (typeof clientId !== 'string' || typeof staffId !== 'string' || !sub)
      throw new GuardRefusal('token.wrong-claims');
    if (iat! > Date.now() / 1000 + this.verification.clockTolerance) throw new GuardRefusal('token.not-yet-valid');
    const permissions =
      payload.permissions_at === undefined
        ? payload.permissions
        : await this.wholeList(token, sub, payload.permissions_at);
    return new VerifiedAccess({
      sub,
      exp: payload.exp!,
      iat: iat!,
      client_id: clientId,
      staff_id: staffId,
      permissions: readPermissions(permissions),
    });
  }

  /** The list was too long for a token: the issuer, and only the issuer, is asked for it with the very token. */
  private async wholeList(token: string, subject: string, address: unknown): Promise<unknown> {
    if (typeof address !== 'string' || !URL.canParse(address) || new URL(address).origin !== this.options.issuer)
      throw new GuardRefusal('token.wrong-claims');
    const answer = (await askJson(this.ask, address, 'the permissions', { authorization: `Bearer ${token}` })) as {
      sub?: unknown;
      permissions?: unknown;
    };
    if (answer.sub !== subject) throw new GuardRefusal('token.wrong-claims');
    return answer.permissions;
  }

  /** The oldest go first when there is no room; tokens are few minutes old, so that is fair enough. */
  private keep(token: string, access: VerifiedAccess): void {
    for (const oldest of this.kept.keys()) {
      if (this.kept.size < this.size) break;
      this.kept.delete(oldest);
    }
    if (this.size > 0) this.kept.set(token, access);
  }
}
