import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import {
  type Configuration,
  randomNonce,
  randomState,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client';
import { type AuthenticateOptions, Strategy } from 'openid-client/passport';

/** What the issuer vouched for: who, since when, and the ID token to sign out with. */
export interface Proof {
  accountId: string;
  /** Seconds since 1970. */
  authTime: number;
  idToken: string;
}

/** Nobody stays signed in longer without typing the passphrase again (SE-3); with it every ID token carries `auth_time`. */
const maxAge = 12 * 60 * 60;

/**
 * openid-client's passport strategy: authorization code with PKCE, and `state`, `nonce` and `iss` checked (RP-1).
 * By itself the strategy sends `state` and `nonce` only where PKCE is missing; here they are always sent.
 */
export class IssuerStrategy extends PassportStrategy(Strategy, 'issuer') {
  constructor(config: Configuration, callbackURL: string) {
    super({ config, callbackURL, scope: 'openid', sessionKey: 'signIn' });
  }

  override authorizationRequestParams<Options extends AuthenticateOptions>(
    request: Request,
    options: Options,
  ): URLSearchParams {
    const params = new URLSearchParams(super.authorizationRequestParams(request, options) as URLSearchParams);
    params.set('state', randomState());
    params.set('nonce', randomNonce());
    params.set('max_age', String(maxAge));
    return params;
  }

  validate(tokens: TokenEndpointResponse & TokenEndpointResponseHelpers): Proof {
    const claims = tokens.claims();
    if (!claims?.auth_time || !tokens.id_token) throw new Error('the issuer sent no ID token with auth_time');
    return { accountId: claims.sub, authTime: claims.auth_time, idToken: tokens.id_token };
  }
}
