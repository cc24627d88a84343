import { Inject, Injectable } from '@nestjs/common';
import { errors, type FindAccount, type KoaContextWithOIDC } from 'oidc-provider';
import { AuditService } from '#audit';
import { RELYING_CLIENTS, type RelyingClient } from '#signals';
import { eserClaims, wholeClaims } from './claims.js';
import { Entitlement, type Verdict } from './entitlement.js';
import { policyOf } from './interaction-policy.js';
import { Introspection } from './oidc-adapter.js';
import { LastUse } from './last-use.js';
import { OidcStore } from './oidc-store.js';
import { tokensProblems } from './problems.js';
import type { Decisions } from './provider-configuration.js';

/** A token or code as the library hands it over. */
interface Issued {
  kind?: string;
  accountId?: string;
  clientId?: string;
  grantId?: string;
  aud?: string;
  format?: string;
  extra?: Record<string, unknown>;
}

/** Answers what the library asks: who the person is, whether they may enter, what the application is told. */
@Injectable()
export class Decider implements Decisions {
  /** One verdict a request, so that all of a request rests on the same instant. */
  private readonly verdicts = new WeakMap<object, Promise<Verdict>>();
  private readonly introspections = new WeakMap<object, Introspection>();

  constructor(
    @Inject(RELYING_CLIENTS) readonly clients: RelyingClient[],
    readonly entitlement: Entitlement,
    private readonly audit: AuditService,
    readonly store: OidcStore,
    private readonly lastUse: LastUse,
  ) {}

  readonly policy = policyOf((ctx) => this.verdictOf(ctx));

  /** Whether the person this request is about may enter the application it is about. */
  verdictOf = (
    ctx: KoaContextWithOIDC,
    accountId = ctx.oidc.session?.accountId,
    clientId = ctx.oidc.client?.clientId,
  ): Promise<Verdict> => {
    const known = this.verdicts.get(ctx);
    if (known) return known;
    const verdict = this.entitlement.check(accountId ?? '', this.client(clientId));
    this.verdicts.set(ctx, verdict);
    return verdict;
  };

  /** With a token or code in hand the entitlement is asked again: at token, refresh and userinfo (OA-10). */
  findAccount: FindAccount = async (ctx, sub, held) => {
    const token = held as Issued | undefined;
    if (token) {
      const verdict = await this.verdictOf(ctx, sub, token.clientId);
      if (!verdict.ok) {
        if (token.grantId) await this.store.removeFamily(token.grantId);
        throw ctx.oidc.route === 'userinfo'
          ? new errors.InvalidToken(verdict.explanation)
          : described(new errors.InvalidGrant(verdict.missing), verdict.explanation);
      }
      await this.lastUse.note(sub, this.client(token.clientId));
    }
    return {
      accountId: sub,
      claims: async (use) => {
        const verdict = await this.verdictOf(ctx, sub);
        return { sub, ...(use === 'userinfo' && verdict.ok && wholeClaims(verdict)) };
      },
    };
  };

  /** A family of tokens begins with a sign-in: the grant of an earlier one is not carried on. */
  loadExistingGrant: Decisions['loadExistingGrant'] = async (ctx) => {
    const { oidc } = ctx;
    if (!(await this.verdictOf(ctx)).ok) return undefined;
    const { clientId } = oidc.client!;
    const { Grant } = oidc.provider;
    const known = oidc.session!.grantIdFor(clientId);
    const found = known ? await Grant.find(known) : undefined;
    // The moment of sign-in may be set one second ahead of the clock (PasswordSignIn).
    if (found && (found.iat ?? 0) >= (oidc.session!.loginTs ?? 0) - 1) return found;
    const grant = new Grant({ accountId: oidc.session!.accountId!, clientId });
    const { audience } = this.client(clientId);
    grant.addOIDCScope(audience ? 'openid permissions' : 'openid');
    if (audience) grant.addResourceScope(audience, 'permissions');
    await grant.save();
    return grant;
  };

  /** What a JWT access token tells its application. Opaque tokens carry nothing: each introspection reads anew. */
  accessTokenClaims: Decisions['accessTokenClaims'] = async (ctx, held) => {
    const token = held as Issued;
    if (token.format !== 'jwt') return undefined;
    const verdict = await this.verdictOf(ctx, token.accountId, token.clientId);
    if (!verdict.ok || verdict.staffId === undefined) throw new errors.InvalidGrant('not entitled');
    return { ...eserClaims(verdict.staffId, verdict.permissions, ctx.oidc.urlFor('userinfo')) };
  };

  introspection = (ctx: unknown): Introspection | undefined => {
    const { oidc } = (ctx ?? {}) as Partial<KoaContextWithOIDC>;
    if (oidc?.route !== 'introspection') return undefined;
    const known =
      this.introspections.get(oidc) ?? new Introspection(this.store, this.client(oidc.client?.clientId).applications);
    this.introspections.set(oidc, known);
    return known;
  };

  /** Only the application a token is for may ask about it; what it hears is of this instant. */
  mayIntrospect: Decisions['mayIntrospect'] = async (ctx, clientId, held) => {
    const token = held as Issued;
    const client = this.client(clientId);
    if (token.kind !== 'AccessToken' || !client.audience || token.aud !== client.audience) return false;
    const known = await this.introspection(ctx)?.known();
    const verdict = this.entitlement.judge(known, client);
    if (!known || !verdict.ok) return false;
    token.extra = wholeClaims(verdict);
    await this.lastUse.note(known.account_id, client);
    return true;
  };

  /** Two uses of one code or refresh token mean that two parties hold it. */
  async reused(kind: string, clientId: string | undefined): Promise<void> {
    const refusal = {
      action: kind === 'RefreshToken' ? 'token.refresh' : 'code.redeem',
      target: `client:${clientId ?? 'unknown'}`,
    };
    await this.audit.recordRefusal(
      { client: 'issuer' },
      tokensProblems.tokenReused('Everything issued with it was revoked.', { refusal }),
    );
  }

  client(id: string | undefined): RelyingClient {
    const client = this.clients.find((one) => one.id === id);
    if (!client) throw new errors.InvalidClient('client is invalid');
    return client;
  }
}

const described = <E extends errors.OIDCProviderError>(error: E, description: string): E => {
  error.error_description = description;
  return error;
};
