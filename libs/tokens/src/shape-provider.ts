import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Signals } from '#signals';
import type { Decider } from './decider.js';
import type { IssuerKey } from './signing-keys.service.js';
import { wholeListFor } from './whole-list.js';

const publicSeconds = 300;

/** What the library does not let us configure. */
export function shapeProvider(provider: Provider, decider: Decider, keys: IssuerKey[], signals: Signals): void {
  const issuer = new URL(provider.issuer);
  // Addresses are built from the configured issuer, whatever Host or Forwarded headers say (OA-9).
  Object.defineProperties(provider.request, {
    protocol: { get: () => issuer.protocol.slice(0, -1) },
    host: { get: () => issuer.host },
    origin: { get: () => issuer.origin },
  });
  // What the library would send at once becomes a row that is sent until it is confirmed (OA-11).
  provider.Client.prototype.backchannelLogout = function (accountId: string, sid: string) {
    return signals.sessionEndsAt(this.clientId, accountId, sid);
  };
  const { clients, entitlement, store } = decider;
  provider.use(wholeListFor({ issuer: provider.issuer, keys, clients, entitlement, store }) as never);
  provider.use(async (ctx, next) => {
    if (ctx.path.startsWith('/oidc/auth')) wholeSiteCookies(ctx as unknown as KoaContextWithOIDC);
    await next();
    const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>;
    if (oidc?.route === 'jwks' || oidc?.route === 'discovery')
      ctx.set('Cache-Control', `public, max-age=${publicSeconds}`);
    // What it knows as `fragment` is the query too (OA-1).
    if (oidc?.route === 'discovery') (ctx.body as Record<string, unknown>).response_modes_supported = ['query'];
    // Whoever refreshes has a person at work, so the session behind it goes on (SE-3).
    const { RefreshToken: refreshed } = (oidc?.entities ?? {}) as { RefreshToken?: { sessionUid?: string } };
    if (oidc?.route === 'token' && ctx.status === 200 && refreshed?.sessionUid)
      await store.touchSession(refreshed.sessionUid);
  });
}

/** The library ties the resume cookie to one path, which the `__Host-` prefix forbids (SE-2). */
function wholeSiteCookies(ctx: KoaContextWithOIDC): void {
  const { cookies } = ctx;
  const set = cookies.set.bind(cookies) as (name: string, value?: string | null, options?: object) => typeof cookies;
  cookies.set = ((name: string, value?: string | null, options?: object) =>
    set(name, value, { ...options, path: '/' })) as typeof cookies.set;
}
