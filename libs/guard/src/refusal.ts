/** Why a token opens nothing. */
export type RefusalCode =
  | 'token.missing'
  | 'token.malformed'
  | 'token.wrong-type'
  | 'token.wrong-algorithm'
  | 'token.unknown-key'
  | 'token.wrong-signature'
  | 'token.wrong-issuer'
  | 'token.wrong-audience'
  | 'token.expired'
  | 'token.not-yet-valid'
  | 'token.wrong-claims'
  | 'token.revoked'
  | 'token.replayed';

const words: Record<RefusalCode, string> = {
  'token.missing': 'No access token was sent. Send it as "Authorization: Bearer <token>".',
  'token.malformed': 'This is not a signed JWT. Opaque tokens are for introspection, not for this guard.',
  'token.wrong-type': 'The token is of another type (typ). Access tokens are at+jwt; an ID token opens no application.',
  'token.wrong-algorithm': 'The token names an algorithm this application does not accept.',
  'token.unknown-key': 'The issuer publishes no key with the id this token names.',
  'token.wrong-signature': 'The signature does not fit: the token was forged or damaged.',
  'token.wrong-issuer': 'The token is from another issuer.',
  'token.wrong-audience': 'The token is for another application.',
  'token.expired': 'The token is too old. Refresh it, or sign in again.',
  'token.not-yet-valid': 'The token is from the future. Check the clocks of both machines.',
  'token.wrong-claims': 'The token lacks a claim every access token has, or holds one in the wrong form.',
  'token.revoked': "This person's access ended after the token was made. Sign in again.",
  'token.replayed': 'This logout token or event was received before; it counts once.',
};

/** A token that was refused: answer 401. `code` is stable, `message` is for the person who reads the log. */
export class GuardRefusal extends Error {
  constructor(
    readonly code: RefusalCode,
    options: { cause?: unknown } = {},
  ) {
    super(words[code], options);
    this.name = 'GuardRefusal';
  }
}

/** The issuer could not be asked for its keys or for a list: answer 503, the token may be good. */
export class GuardUnavailable extends Error {
  constructor(what: string, options: { cause?: unknown } = {}) {
    super(`The issuer could not be asked for ${what}.`, options);
    this.name = 'GuardUnavailable';
  }
}

/** jose's error codes in the words of this library. */
export function refusalOf(fault: unknown): GuardRefusal | GuardUnavailable {
  const {
    code,
    claim,
    reason,
    message = '',
  } = fault as { code?: string; claim?: string; reason?: string; message?: string };
  const refuse = (as: RefusalCode): GuardRefusal => new GuardRefusal(as, { cause: fault });
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return refuse('token.expired');
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return refuse('token.wrong-signature');
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
    case 'ERR_JOSE_NOT_SUPPORTED':
      return refuse('token.wrong-algorithm');
    case 'ERR_JWKS_NO_MATCHING_KEY':
    case 'ERR_JWKS_MULTIPLE_MATCHING_KEYS':
      return refuse('token.unknown-key');
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return refuse(claimRefusal(claim, reason));
    case 'ERR_JWS_INVALID':
    case 'ERR_JWT_INVALID':
      return refuse('token.malformed');
    default:
      return fault instanceof TypeError && /jws|jwt|compact/i.test(message)
        ? refuse('token.malformed')
        : new GuardUnavailable('its keys', { cause: fault });
  }
}

function claimRefusal(claim = '', reason = ''): RefusalCode {
  if (reason === 'missing') return 'token.wrong-claims';
  if (claim === 'typ') return 'token.wrong-type';
  if (claim === 'iss') return 'token.wrong-issuer';
  if (claim === 'aud') return 'token.wrong-audience';
  return claim === 'nbf' || claim === 'iat' ? 'token.not-yet-valid' : 'token.wrong-claims';
}
