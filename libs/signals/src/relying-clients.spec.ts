import { testSettings } from '../../../test/support/settings.js';
import { ClientsFault, originsOf, readClients } from './relying-clients.js';

const settings = testSettings('postgres://nowhere');
const faultsOf = (text: string, others = settings): string[] => {
  try {
    readClients(others, text);
  } catch (fault) {
    return (fault as ClientsFault).faults;
  }
  return [];
};
const eser = (lines: string): string => `eser:
  authentication: private_key_jwt
  algorithm: PS256
  keys: ESER_CLIENT_KEYS
  redirect_uris: ['{ESER_ORIGIN}/callback']
${lines}`;

describe('config/clients.yaml', () => {
  it('holds the portal and eSER; the reporting service when it has a secret', () => {
    expect(readClients(settings).map((client) => client.id)).toEqual(['portal', 'eser']);
    const more = testSettings('postgres://nowhere', {
      REPORTING_ORIGIN: 'http://localhost:3005',
      REPORTING_CLIENT_SECRET: settings.PORTAL_CLIENT_SECRET,
    });
    expect(readClients(more).map((client) => [client.id, client.accessToken])).toEqual([
      ['portal', undefined],
      ['eser', 'jwt'],
      ['reporting', 'opaque'],
    ]);
    expect(originsOf(readClients(settings))).toEqual([settings.PORTAL_ORIGIN, settings.ESER_ORIGIN]);
  });

  it('tells every fault at once', () => {
    const text = `Bad Name:\n  authentication: none\n  secret: PORTAL_CLIENT_SECRET\n  colour: red\n  redirect_uris: [https://x.example/*]\n`;
    expect(faultsOf(text)).toHaveLength(4);
  });

  it.each([
    'http://eser.example/callback',
    'https://eser.example/callback#part',
    'https://*.example/callback',
    'javascript:alert(1)',
    'https://user@eser.example/callback',
    'https://eser.example/../callback',
    'https://ESER.example/callback',
    'https://eser.example:443/callback',
    'https://eser.example\\callback',
    'https://eser.example',
    '//eser.example/callback',
  ])('OA-2 refuses the redirect URI %s', (uri) => {
    expect(faultsOf(eser('').replace('{ESER_ORIGIN}/callback', uri))).toEqual([
      expect.stringContaining('must be a complete https address'),
    ]);
  });

  it('OA-2 loopback addresses are for demonstrations only', () => {
    const production = { ...settings, EDLINK_MODE: 'production' as const };
    expect(faultsOf(eser(''))).toEqual([]);
    expect(faultsOf(eser(''), production)).toEqual([expect.stringContaining('https')]);
  });

  it('OA-6 keys must be public ones, algorithms strong, methods without secrets in the body', () => {
    const leaky = { ...settings, ESER_CLIENT_KEYS: { keys: [settings.ESER_CLIENT_KEY] } } as typeof settings;
    expect(faultsOf(eser(''), leaky)).toEqual([expect.stringContaining('private key')]);
    expect(faultsOf(eser('').replace('PS256', 'HS256'))).toEqual([expect.stringContaining('PS256 or ES256')]);
    expect(faultsOf(eser('').replace('private_key_jwt', 'client_secret_post'))).toContainEqual(
      expect.stringContaining('authentication must be'),
    );
  });

  it('TK-6 secrets are named, never written', () => {
    expect(
      faultsOf(`a:\n  authentication: client_secret_basic\n  secret: hunter2\n  redirect_uris: ['{ESER_ORIGIN}/x']`),
    ).toContainEqual(expect.stringContaining('not the name of a setting'));
  });

  it('TK-1 no two clients share an audience', () => {
    const two = `${eser(`  audience: '{ESER_ORIGIN}'\n  access_token: jwt\n`)}${eser(`  audience: '{ESER_ORIGIN}'\n  access_token: jwt\n`).replace('eser:', 'other:')}`;
    expect(faultsOf(two)).toEqual([expect.stringContaining('same audience')]);
  });
});
