import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoMark } from '#settings';

const words =
  'amber basil cedar delta ember fable grove heron inlet jasper kettle lantern meadow nutmeg otter pebble quartz ripple saddle timber umber velvet willow yonder'.split(
    ' ',
  );

/** What a demonstration needs and nobody should choose: made once, kept in the data directory, refused in production. */
export interface DemoSecrets {
  environment: Record<string, string>;
  /** One passphrase for all invented people. */
  passphrase: string;
}

/** Reads the secrets of this data directory, or makes them at the first start. */
export function demoSecrets(directory: string): DemoSecrets {
  const file = join(directory, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoSecrets;
  const random = (): string => demoMark + randomBytes(32).toString('base64url');
  const eser = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const about = { kid: demoMark + randomBytes(6).toString('hex'), alg: 'PS256', use: 'sig' };
  const secrets: DemoSecrets = {
    environment: {
      COOKIE_SECRETS: random(),
      DATA_SECRET: random(),
      IDENTITY_SECRET: random(),
      PASSWORD_SECRET: random(),
      PORTAL_CLIENT_SECRET: random(),
      ESER_CLIENT_KEY: JSON.stringify({ ...eser.privateKey.export({ format: 'jwk' }), ...about }),
      ESER_CLIENT_KEYS: JSON.stringify({ keys: [{ ...eser.publicKey.export({ format: 'jwk' }), ...about }] }),
    },
    passphrase: Array.from({ length: 4 }, () => words[randomInt(words.length)]).join(' '),
  };
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}
