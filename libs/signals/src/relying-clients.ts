import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot, type Settings } from '#settings';

/** An application that signs people in with us, as config/clients.yaml and the settings describe it. */
export interface RelyingClient {
  id: string;
  name: string;
  authentication: 'client_secret_basic' | 'private_key_jwt';
  secret?: string;
  /** Public keys its client assertions are checked with. */
  keys?: { keys: object[] };
  algorithm?: 'PS256' | 'ES256';
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  /** Catalogue codes whose permissions it is told; empty: an active account is enough to enter. */
  applications: string[];
  /** Who its access tokens are for. */
  audience?: string;
  accessToken?: 'jwt' | 'opaque';
  /** Where it takes logout tokens (OpenID back-channel logout). */
  backchannelLogoutUri?: string;
  /** Where it takes signed events about people's access (RFC 8935). */
  signalsUri?: string;
}

interface Described {
  name?: unknown;
  authentication?: unknown;
  secret?: unknown;
  keys?: unknown;
  algorithm?: unknown;
  redirect_uris?: unknown;
  post_logout_redirect_uris?: unknown;
  applications?: unknown;
  audience?: unknown;
  access_token?: unknown;
  backchannel_logout_uri?: unknown;
  signals_uri?: unknown;
}

const known = [
  'name',
  'authentication',
  'secret',
  'keys',
  'algorithm',
  'redirect_uris',
  'post_logout_redirect_uris',
  'applications',
  'audience',
  'access_token',
  'backchannel_logout_uri',
  'signals_uri',
];

/** Thrown at start with one line for each fault of config/clients.yaml. */
export class ClientsFault extends Error {
  constructor(readonly faults: string[]) {
    super(`config/clients.yaml needs attention:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** The clients of this installation. @throws ClientsFault with every fault at once */
export function readClients(
  settings: Settings,
  text = readFileSync(join(projectRoot, 'config/clients.yaml'), 'utf8'),
): RelyingClient[] {
  const faults: string[] = [];
  const described = (parse(text) ?? {}) as Record<string, Described>;
  const clients = Object.entries(described).flatMap(([id, one]) =>
    readClient(id, one, settings, (fault) => faults.push(`${id}: ${fault}`)),
  );
  const audiences = clients.flatMap((client) => client.audience ?? []);
  if (new Set(audiences).size !== audiences.length)
    faults.push('two clients have the same audience; a token for one would open the other');
  if (faults.length) throw new ClientsFault(faults);
  return clients;
}

type Complain = (fault: string) => void;

function readClient(id: string, one: Described, settings: Settings, complain: Complain): RelyingClient[] {
  if (!/^[a-z][a-z0-9-]*$/.test(id)) complain('the id must be lower case letters, digits and hyphens');
  for (const field of Object.keys(one)) if (!known.includes(field)) complain(`"${field}" is not a field of a client`);
  const named = (name: unknown): unknown => {
    if (typeof name !== 'string' || !(name in settings)) complain(`"${String(name)}" is not the name of a setting`);
    return settings[name as keyof Settings];
  };
  const method = one.authentication;
  if (method !== 'client_secret_basic' && method !== 'private_key_jwt')
    complain('authentication must be client_secret_basic or private_key_jwt');
  const proof = method === 'private_key_jwt' ? named(one.keys) : named(one.secret);
  const texts = [
    ...list(one.redirect_uris, 'redirect_uris', complain),
    ...list(one.post_logout_redirect_uris ?? [], 'post_logout_redirect_uris', complain),
    String(one.audience ?? ''),
    String(one.backchannel_logout_uri ?? ''),
    String(one.signals_uri ?? ''),
  ];
  const empty = [...texts.join(' ').matchAll(/\{(\w+)\}/g)].some(([, name]) => named(name) === undefined);
  if (proof === undefined || empty) return [];

  const fill = (from: string): string =>
    from.replace(/\{(\w+)\}/g, (_, name: string) => String(settings[name as keyof Settings]));
  const redirectUris = list(one.redirect_uris, 'redirect_uris', complain).map(fill);
  if (!redirectUris.length) complain('needs at least one redirect URI');
  const client: RelyingClient = {
    id,
    name: String(one.name ?? id),
    authentication: method as RelyingClient['authentication'],
    redirectUris,
    postLogoutRedirectUris: list(one.post_logout_redirect_uris ?? [], 'post_logout_redirect_uris', complain).map(fill),
    applications: list(one.applications ?? [], 'applications', complain),
    ...(method === 'private_key_jwt' ? keysOf(proof, one.algorithm, complain) : { secret: proof as string }),
    ...resourceOf(one, fill, complain),
    ...(one.backchannel_logout_uri !== undefined && { backchannelLogoutUri: fill(String(one.backchannel_logout_uri)) }),
    ...(one.signals_uri !== undefined && { signalsUri: fill(String(one.signals_uri)) }),
  };
  const { redirectUris: arrivals, postLogoutRedirectUris: exits, backchannelLogoutUri, signalsUri } = client;
  for (const uri of [...arrivals, ...exits, backchannelLogoutUri ?? [], signalsUri ?? []].flat())
    checkAddress(uri, settings, complain);
  return [client];
}

function list(value: unknown, field: string, complain: Complain): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value as string[];
  complain(`${field} must be a list of texts`);
  return [];
}

function keysOf(proof: unknown, algorithm: unknown, complain: Complain): Pick<RelyingClient, 'keys' | 'algorithm'> {
  const keys = (proof as { keys?: object[] }).keys;
  if (!Array.isArray(keys) || !keys.length) complain('its keys must be a JWKS with at least one public key');
  else if (keys.some((key) => 'd' in key)) complain('its keys hold a private key; only the public half belongs here');
  if (algorithm !== 'PS256' && algorithm !== 'ES256') complain('algorithm must be PS256 or ES256');
  return { keys: proof as { keys: object[] }, algorithm: algorithm as 'PS256' | 'ES256' };
}

function resourceOf(
  one: Described,
  fill: (from: string) => string,
  complain: Complain,
): Pick<RelyingClient, 'audience' | 'accessToken'> {
  if (one.audience === undefined && one.access_token === undefined) return {};
  if (typeof one.audience !== 'string' || !URL.canParse(fill(one.audience)))
    complain('audience must be the address of the application');
  if (one.access_token !== 'jwt' && one.access_token !== 'opaque') complain('access_token must be jwt or opaque');
  return { audience: fill(String(one.audience)), accessToken: one.access_token as 'jwt' | 'opaque' };
}

/** https, or loopback in a demonstration; no fragment, no user name, no wildcard (OA-2). */
function checkAddress(uri: string, settings: Settings, complain: Complain): void {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  const loopback =
    settings.EDLINK_MODE === 'demo' &&
    url?.protocol === 'http:' &&
    ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (!url || (url.protocol !== 'https:' && !loopback) || /[#*@\\]/.test(uri) || url.href !== uri) {
    complain(`"${uri}" must be a complete https address without fragment, user name or wildcard`);
  }
}

/** Origins of all clients: where forms of the issuer may lead after redirects. */
export const originsOf = (clients: RelyingClient[]): string[] => [
  ...new Set(
    clients.flatMap((client) =>
      [...client.redirectUris, ...client.postLogoutRedirectUris].map((uri) => new URL(uri).origin),
    ),
  ),
];
