import {
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
  type ResourceServer,
} from 'oidc-provider';
import type { Settings } from '#settings';
import type { RelyingClient } from '#signals';
import type { Verdict } from './entitlement.js';
import { type AdapterHooks, OidcAdapter } from './oidc-adapter.js';
import { renderError, renderSignedOut, renderSignOut } from './oidc-pages.js';
import { sessionSeconds } from './oidc-store.js';
import type { IssuerKey } from './signing-keys.service.js';

/** Longest life of an access token, seconds. */
const accessTokenSeconds = 300;
const codeSeconds = 60;
const interactionSeconds = 60 * 60;
/** Clocks of applications may differ from ours by this much. */
const clockTolerance = 10;
const assertionSeconds = 60;

/** What decides in the places where the library asks. */
export interface Decisions extends AdapterHooks {
  policy: interactionPolicy.Prompt[];
  findAccount: Configuration['findAccount'];
  loadExistingGrant: Configuration['loadExistingGrant'];
  verdictOf(ctx: KoaContextWithOIDC): Promise<Verdict>;
  accessTokenClaims: Configuration['extraTokenClaims'];
  mayIntrospect: (ctx: KoaContextWithOIDC, clientId: string, token: object) => Promise<boolean>;
}

const now = (): number => Math.floor(Date.now() / 1000);

/** The whole configuration of the OpenID Provider. The library's defaults are not ours: all that matters is said here. */
export function providerConfiguration(
  settings: Settings,
  clients: RelyingClient[],
  keys: IssuerKey[],
  decide: Decisions,
): Configuration {
  const https = settings.ISSUER_ORIGIN.startsWith('https://');
  const cookie = { httpOnly: true, sameSite: 'lax', path: '/', secure: https, signed: true } as const;
  const name = (what: string): string => `${https ? '__Host-' : ''}edlink_issuer_${what}`;
  return {
    adapter: (kind: string) => new OidcAdapter(kind, decide),
    clients: clients.map(metadataOf),
    jwks: { keys } as Configuration['jwks'],
    cookies: {
      names: { session: name('session'), interaction: name('interaction'), resume: name('resume') },
      long: cookie,
      short: cookie,
      keys: settings.COOKIE_SECRETS,
    },
    responseTypes: ['code'],
    scopes: ['openid', 'permissions'],
    claims: { openid: ['sub'], permissions: ['staff_id', 'permissions'] },
    subjectTypes: ['public'],
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['PS256', 'ES256'], idTokenSigningAlgValues: ['RS256'] },
    clockTolerance,
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    acceptQueryParamAccessTokens: false,
    clientBasedCORS: () => false,
    routes: {
      authorization: '/oidc/auth',
      end_session: '/oidc/session/end',
      introspection: '/oidc/token/introspection',
      jwks: '/oidc/jwks',
      pushed_authorization_request: '/oidc/request',
      revocation: '/oidc/token/revocation',
      token: '/oidc/token',
      userinfo: '/oidc/userinfo',
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: codeSeconds,
      IdToken: accessTokenSeconds,
      Interaction: interactionSeconds,
      Grant: sessionSeconds.overall,
      RefreshToken: (_ctx, token) => withinSession((token as { authTime?: number }).authTime),
      Session: (_ctx, session) => withinSession(session.loginTs),
    },
    // A token lives at most as long as the session it began in; each refresh is a new token (OA-5).
    expiresWithSession: () => true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    revokeGrantPolicy: () => true,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      registration: { enabled: false },
      requestObjects: { enabled: false },
      clientCredentials: { enabled: false },
      deviceFlow: { enabled: false },
      userinfo: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      introspection: {
        enabled: true,
        allowedPolicy: (ctx, client, token) => decide.mayIntrospect(ctx, client.clientId, token),
      },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: renderSignOut, postLogoutSuccessSource: renderSignedOut },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, client, oneOf) => audienceOf(clients, client.clientId) ?? (oneOf as never),
        getResourceServerInfo: (_ctx, resource, client) => resourceOf(clients, resource, client.clientId),
      },
    },
    interactions: { policy: decide.policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: decide.findAccount,
    loadExistingGrant: decide.loadExistingGrant,
    extraTokenClaims: decide.accessTokenClaims,
    assertJwtClientAuthClaimsAndHeader: (ctx, claims) => checkAssertion(claims, ctx.oidc.issuer),
    renderError,
  };
}

/** Idle limit, cut at the overall limit counted from the moment the person proved who they are. */
const withinSession = (authTime = now()): number =>
  Math.max(1, Math.min(sessionSeconds.idle, authTime + sessionSeconds.overall - now()));

const audienceOf = (clients: RelyingClient[], id: string): string | undefined =>
  clients.find((client) => client.id === id)?.audience;

/** A client gets tokens for itself only, so a token for one application opens no other (TK-1). */
function resourceOf(clients: RelyingClient[], resource: string, clientId: string): ResourceServer {
  const client = clients.find((one) => one.id === clientId);
  if (!client?.audience || client.audience !== resource) throw new errors.InvalidTarget();
  return {
    audience: client.audience,
    scope: 'permissions',
    accessTokenFormat: client.accessToken,
    accessTokenTTL: accessTokenSeconds,
    jwt: { sign: { alg: 'RS256' } },
  };
}

function metadataOf(client: RelyingClient): NonNullable<Configuration['clients']>[number] {
  return {
    client_id: client.id,
    client_name: client.name,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    response_types: ['code'],
    grant_types: client.audience ? ['authorization_code', 'refresh_token'] : ['authorization_code'],
    scope: client.audience ? 'openid permissions' : 'openid',
    require_auth_time: true,
    ...(client.backchannelLogoutUri !== undefined && {
      backchannel_logout_uri: client.backchannelLogoutUri,
      backchannel_logout_session_required: true,
    }),
    token_endpoint_auth_method: client.authentication,
    ...(client.keys
      ? { jwks: client.keys as never, token_endpoint_auth_signing_alg: client.algorithm }
      : { client_secret: client.secret }),
  };
}

/** Our issuer as a single text, short-lived, about the client itself (OA-6). Signature, `iss` and `jti` are the library's. */
function checkAssertion(claims: Record<string, unknown>, issuer: string): void {
  const wrong =
    (claims.aud !== issuer && 'aud must be the issuer, as a single text') ||
    (claims.sub !== claims.iss && 'sub must be the client_id') ||
    (Number(claims.exp) > now() + assertionSeconds + clockTolerance && 'exp must be within 60 seconds');
  if (wrong) throw new errors.InvalidClientAuth(wrong);
}
