import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { GuardUnavailable } from './refusal.js';

export type Fetch = typeof fetch;

const askedFor = 2000;
/** An unknown key id makes us ask again, but once a minute at most: tokens with invented ids must not cost the issuer anything. */
const askedAgainAfter = 60_000;
const keptFor = 10 * 60_000;

/** The issuer's published keys: found by discovery, kept, asked for again when a token names a new one. */
export class IssuerKeys {
  private found?: Promise<JWTVerifyGetKey>;

  constructor(
    private readonly issuer: string,
    private readonly ask: Fetch,
  ) {}

  /** Key for a token's header, as jose wants it. */
  readonly get: JWTVerifyGetKey = async (header, token) => (await this.keys())(header, token);

  private keys(): Promise<JWTVerifyGetKey> {
    this.found ??= this.discover().catch((fault: unknown) => {
      this.found = undefined;
      throw fault;
    });
    return this.found;
  }

  private async discover(): Promise<JWTVerifyGetKey> {
    const document = await askJson(this.ask, `${this.issuer}/.well-known/openid-configuration`, 'its configuration');
    const { issuer, jwks_uri: address } = document as { issuer?: string; jwks_uri?: string };
    if (
      issuer !== this.issuer ||
      typeof address !== 'string' ||
      new URL(address).origin !== new URL(this.issuer).origin
    ) {
      throw new GuardUnavailable('its configuration', {
        cause: new Error(`${this.issuer} describes itself as ${String(issuer)}`),
      });
    }
    const options = { timeoutDuration: askedFor, cooldownDuration: askedAgainAfter, cacheMaxAge: keptFor };
    return createRemoteJWKSet(new URL(address), options);
  }
}

/** A JSON document from the issuer: no redirects, two seconds. @throws GuardUnavailable */
export async function askJson(
  ask: Fetch,
  address: string,
  what: string,
  headers: Record<string, string> = {},
): Promise<unknown> {
  try {
    const response = await ask(address, {
      headers: { accept: 'application/json', ...headers },
      redirect: 'error',
      signal: AbortSignal.timeout(askedFor),
    });
    if (!response.ok) throw new Error(`${address} answered ${response.status}`);
    return await response.json();
  } catch (cause) {
    throw new GuardUnavailable(what, { cause });
  }
}
