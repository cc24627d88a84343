import { keyedHash, newToken, sameText, sha256 } from '#kernel';
import type { Account } from './account.js';

type Owner = Pick<Account, 'id' | 'passwordVersion'>;

const mark = (secret: string, owner: Owner, nonce: string): string =>
  keyedHash(secret, 'known-device', `${owner.id}\0${owner.passwordVersion}\0${nonce}`);

/** A value for a browser somebody signed in with: good for that account until its passphrase changes. Proves nothing else. */
export function newDevice(secret: string, owner: Owner): string {
  const nonce = newToken();
  return `${nonce}.${mark(secret, owner, nonce)}`;
}

/** Whether we gave this value out for this account. */
export function deviceKnown(secrets: string[], owner: Owner, device: string): boolean {
  const [nonce = '', given = ''] = device.split('.');
  return secrets.some((secret) => sameText(given, mark(secret, owner, nonce)));
}

/** What tries from a device are counted under. */
export const deviceName = (device: string): string => sha256(device.split('.')[0]!);
