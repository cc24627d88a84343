import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hash,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto';

/** Random id (122 bits): not guessable, never reused (CO-8, ID-4). */
export const newId = (): string => randomUUID();

/** 256 random bits as base64url, for links and sessions (RS-1, SE-1). */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** SHA-256, hex: how tokens and session ids are stored, and how a file is told from another. */
export const sha256 = (content: string | Uint8Array): string => hash('sha256', content);

/** HMAC-SHA-256, hex. `purpose` keeps one kind of value from standing for another (TK-5). */
export const keyedHash = (secret: string, purpose: string, text: string): string =>
  createHmac('sha256', secret).update(`${purpose}\0${text}`).digest('hex');

/** Compares two texts in constant time. */
export const sameText = (one: string, other: string): boolean =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());

const keyFor = (secret: string, purpose: string): Buffer =>
  createHmac('sha256', secret).update(`seal\0${purpose}`).digest();

/** AES-256-GCM: `v1.<nonce>.<tag>.<text>` in base64url, readable only with the same secret and purpose. */
export function seal(secret: string, purpose: string, clear: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyFor(secret, purpose), nonce);
  const sealed = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
  return [
    'v1',
    nonce.toString('base64url'),
    cipher.getAuthTag().toString('base64url'),
    sealed.toString('base64url'),
  ].join('.');
}

/** Opens what `seal` made; throws when it was made with another secret or purpose, or changed since. */
export function unseal(secret: string, purpose: string, sealed: string): string {
  const [version, nonce, tag, body] = sealed.split('.');
  if (version !== 'v1' || !nonce || !tag || body === undefined) throw new Error('not a sealed text');
  const decipher = createDecipheriv('aes-256-gcm', keyFor(secret, purpose), Buffer.from(nonce, 'base64url'));
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8');
}
