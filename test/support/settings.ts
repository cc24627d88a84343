import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { demoMark, readSettings, type Settings } from '#settings';

const random = (): string => demoMark + randomBytes(32).toString('base64url');
const eserKey = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...eserKey.privateKey.export({ format: 'jwk' }), kid: 'eser-test', alg: 'PS256', use: 'sig' };
const publicJwk = { ...eserKey.publicKey.export({ format: 'jwk' }), kid: 'eser-test', alg: 'PS256', use: 'sig' };

/** Settings of a test system: fresh secrets, a database, other settings by name. */
export function testSettings(databaseUrl: string, others: Record<string, string> = {}): Settings {
  return readSettings({
    EDLINK_MODE: 'demo',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL: '20',
    SMTP_URL: 'smtp://127.0.0.1:1',
    COOKIE_SECRETS: random(),
    DATA_SECRET: random(),
    IDENTITY_SECRET: random(),
    PASSWORD_SECRET: random(),
    PORTAL_CLIENT_SECRET: random(),
    ESER_CLIENT_KEY: JSON.stringify(jwk),
    ESER_CLIENT_KEYS: JSON.stringify({ keys: [publicJwk] }),
    ...others,
  });
}
