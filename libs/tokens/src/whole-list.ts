import { createLocalJWKSet, jwtVerify } from 'jose';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { RelyingClient } from '#signals';
import { wholeClaims } from './claims.js';
import type { Entitlement } from './entitlement.js';
import type { OidcStore } from './oidc-store.js';
import type { IssuerKey } from './signing-keys.service.js';

interface Needs {
  issuer: string;
  keys: IssuerKey[];
  clients: RelyingClient[];
  entitlement: Entitlement;
  store: OidcStore;
}

type Middleware = (ctx: KoaContextWithOIDC, next: () => Promise<void>) => Promise<void>;

/**
 * Userinfo for JWT access tokens: where `permissions_at` of a token leads. The library answers opaque tokens only, since
 * it keeps no JWT. The answer is of this instant: account, sign-in and entitlement are asked again (OA-10).
 */
export function wholeListFor({ issuer, keys, clients, entitlement, store }: Needs): Middleware {
  const verify = createLocalJWKSet({
    keys: keys.map(({ kid, kty, n, e, alg, use }) => ({ kid, kty, n, e, alg, use })),
  });
  const answerTo = async (token: string): Promise<Record<string, unknown> | undefined> => {
    const expected = {
      issuer,
      typ: 'at+jwt',
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'aud', 'iat', 'exp', 'jti', 'client_id'],
    };
    const { payload } = await jwtVerify(token, verify, expected);
    const client = clients.find((one) => one.id === payload.client_id && one.audience === payload.aud);
    if (!client || !(await store.signInLives(payload.sub!, payload.iat!))) return undefined;
    const verdict = await entitlement.check(payload.sub!, client);
    return verdict.ok ? { sub: payload.sub, ...wholeClaims(verdict) } : undefined;
  };
  return async (ctx, next) => {
    if (ctx.path !== '/oidc/userinfo' || ctx.method !== 'GET') return next();
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(ctx.get('authorization'))?.[1];
    if (!token) return next();
    const answer = await answerTo(token).catch((fault: { code?: string }) => {
      if (!fault.code?.startsWith('ERR_J')) throw fault;
      return undefined;
    });
    ctx.set('Cache-Control', 'no-store');
    ctx.status = answer ? 200 : 401;
    if (!answer) ctx.set('WWW-Authenticate', `Bearer realm="${issuer}", error="invalid_token"`);
    ctx.body = answer ?? { error: 'invalid_token', error_description: 'invalid token provided' };
  };
}
