import type { Settings } from '#settings';

/** What this application must know. An integrator reads it from wherever their settings live. */
export interface EserOptions {
  /** Public address of this application; also the audience of its tokens. */
  origin: string;
  /** Public address of the issuer. */
  issuer: string;
  /** Where people ask for permissions. */
  portal: string;
  clientId: string;
  /** Private key (JWK) this application proves itself with. */
  clientKey: JsonWebKey & { kid?: string };
}

export const ESER_OPTIONS = Symbol('eser options');

/** @throws Error when there is no client key */
export function eserOptions(settings: Settings): EserOptions {
  if (!settings.ESER_CLIENT_KEY)
    throw new Error('ESER_CLIENT_KEY is not set: eSER cannot prove itself to the issuer without its private key.');
  return {
    origin: settings.ESER_ORIGIN,
    issuer: settings.ISSUER_ORIGIN,
    portal: settings.PORTAL_ORIGIN,
    clientId: 'eser',
    clientKey: settings.ESER_CLIENT_KEY as EserOptions['clientKey'],
  };
}
