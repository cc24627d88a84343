import type { Configuration } from 'oidc-provider';

/** Where a configuration will run. */
export interface GuardedPlace {
  issuer: string;
  production: boolean;
  /** The provider believes X-Forwarded headers. */
  proxy: boolean;
  trustedHops: number;
}

/** Thrown at start with one line for each dangerous value. */
export class DangerousConfiguration extends Error {
  constructor(readonly faults: string[]) {
    super(
      `The OpenID Provider does not start with this configuration:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
}

type Rule = [fault: string, wrong: (configuration: Configuration, place: GuardedPlace) => boolean];

const on = (feature: { enabled?: boolean } | undefined, byDefault: boolean): boolean => feature?.enabled ?? byDefault;
const keysOf = ({ cookies }: Configuration): unknown[] => (Array.isArray(cookies?.keys) ? cookies.keys : []);
const listOf = <T>(values: Iterable<T> | undefined): T[] => [...(values ?? [])];
const seconds = (ttl: unknown): number => (typeof ttl === 'number' ? ttl : Infinity);
const ours = (name: string | undefined, { issuer }: GuardedPlace): boolean =>
  name?.startsWith(issuer.startsWith('https://') ? '__Host-edlink_issuer_' : 'edlink_issuer_') ?? false;

/** The library's own defaults are among the wrong values, so each rule reads "not set" as the default. */
const rules: Rule[] = [
  ['devInteractions is on: anybody could sign in as anybody', ({ features }) => on(features?.devInteractions, true)],
  [
    'cookie keys are missing, short or a placeholder',
    (it) =>
      !keysOf(it).length ||
      keysOf(it).some((key) => typeof key !== 'string' || key.length < 43 || new Set(key).size < 12),
  ],
  ['the issuer is not an https address', (_, place) => place.production && !place.issuer.startsWith('https://')],
  [
    'subject type pairwise without a pairwiseIdentifier of our own',
    ({ subjectTypes, pairwiseIdentifier }) => listOf(subjectTypes).includes('pairwise') && !pairwiseIdentifier,
  ],
  [
    'forwarded headers are believed although no proxy is configured',
    (_, place) => place.proxy && place.trustedHops === 0,
  ],
  ['response types beyond code', ({ responseTypes }) => listOf(responseTypes).join() !== 'code'],
  [
    'PKCE is not required of every client',
    ({ pkce }) => pkce?.required === undefined || (pkce.required as () => boolean)() !== true,
  ],
  ['dynamic registration is on', ({ features }) => on(features?.registration, false)],
  ['request objects are on', ({ features }) => on(features?.requestObjects, false)],
  ['client credentials grant is on', ({ features }) => on(features?.clientCredentials, false)],
  ['device flow or CIBA is on', ({ features }) => on(features?.deviceFlow, false) || on(features?.ciba, false)],
  ['an adapter of its own is missing: codes would live in memory', ({ adapter }) => !adapter],
  ['signing keys are missing: the library would use its published ones', ({ jwks }) => !jwks?.keys?.length],
  ['a redirect URI may be left out', ({ allowOmittingSingleRegisteredRedirectUri: omit }) => omit ?? true],
  ['codes live longer than 60 seconds', ({ ttl }) => seconds(ttl?.AuthorizationCode) > 60],
  ['ID tokens live longer than 5 minutes', ({ ttl }) => seconds(ttl?.IdToken) > 300],
  ['refresh tokens are not rotated at each use', ({ rotateRefreshToken }) => rotateRefreshToken !== true],
  [
    'cookies are not named as ours',
    ({ cookies }, place) =>
      !['session', 'interaction', 'resume'].every((name) => ours(cookies?.names?.[name as 'session'], place)),
  ],
  [
    'cookies are not HttpOnly and SameSite',
    ({ cookies }) =>
      [cookies?.long, cookies?.short].some(
        (one) => !one?.httpOnly || !['lax', 'strict'].includes(String(one.sameSite)),
      ),
  ],
  [
    'client authentication by client_secret_jwt, client_secret_post or none',
    ({ clientAuthMethods }) =>
      !clientAuthMethods ||
      listOf(clientAuthMethods).some((method) => !['client_secret_basic', 'private_key_jwt'].includes(method)),
  ],
  [
    'HMAC or unsigned algorithms are allowed',
    ({ enabledJWA }) =>
      [enabledJWA?.clientAuthSigningAlgValues, enabledJWA?.idTokenSigningAlgValues].some(
        (list) => !list?.length || list.some((alg) => /^HS|none/.test(alg)),
      ),
  ],
  ["the error page is the library's own", ({ renderError }) => !renderError],
];

/**
 * Refuses to start an OpenID Provider that would be unsafe (OA-17). Checked each time a provider is made.
 * @throws DangerousConfiguration naming every wrong value at once
 */
export function guardConfiguration(configuration: Configuration, place: GuardedPlace): void {
  const faults = rules.filter(([, wrong]) => wrong(configuration, place)).map(([fault]) => fault);
  if (faults.length) throw new DangerousConfiguration(faults);
}
