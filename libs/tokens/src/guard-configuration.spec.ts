import type { Configuration } from 'oidc-provider';
import { testSettings } from '../../../test/support/settings.js';
import { DangerousConfiguration, guardConfiguration, type GuardedPlace } from './guard-configuration.js';
import { type Decisions, providerConfiguration } from './provider-configuration.js';
import type { IssuerKey } from './signing-keys.service.js';

const settings = testSettings('postgres://nowhere', { ISSUER_ORIGIN: 'https://id.example.gov' });
const ours = (): Configuration => ({
  ...providerConfiguration(settings, [], [{ kid: 'one', kty: 'RSA' }] as IssuerKey[], {} as Decisions),
});
const place: GuardedPlace = { issuer: 'https://id.example.gov', production: true, proxy: false, trustedHops: 0 };
const cookies = (others: object): Partial<Configuration> => ({ cookies: { ...ours().cookies, ...others } });
const features = (others: object): Partial<Configuration> => ({ features: { ...ours().features, ...others } });
const ttl = (others: object): Partial<Configuration> => ({ ttl: { ...ours().ttl, ...others } });

describe('the configuration guard', () => {
  it('OA-17 accepts our own configuration', () => {
    expect(() => guardConfiguration(ours(), place)).not.toThrow();
  });

  const wrong: [string, Partial<Configuration>, Partial<GuardedPlace>, RegExp][] = [
    ['devInteractions on', features({ devInteractions: { enabled: true } }), {}, /devInteractions/],
    ['devInteractions left to the default', features({ devInteractions: undefined }), {}, /devInteractions/],
    ['no cookie keys', cookies({ keys: undefined }), {}, /cookie keys/],
    ['an empty list of cookie keys', cookies({ keys: [] }), {}, /cookie keys/],
    ['a placeholder for a cookie key', cookies({ keys: ['some secret key'] }), {}, /cookie keys/],
    ['a monotonous cookie key', cookies({ keys: ['a'.repeat(64)] }), {}, /cookie keys/],
    ['an http issuer', {}, { issuer: 'http://id.example.gov' }, /https/],
    ['pairwise without a salt', { subjectTypes: ['pairwise'] }, {}, /pairwise/],
    ['proxy without a trusted hop', {}, { proxy: true }, /proxy/],
    ['response type id_token', { responseTypes: ['code', 'id_token'] }, {}, /response types/],
    ['response types left to the default', { responseTypes: undefined }, {}, /response types/],
    ['PKCE for public clients only', { pkce: { required: () => false } }, {}, /PKCE/],
    ['PKCE left to the default', { pkce: undefined }, {}, /PKCE/],
    ['dynamic registration', features({ registration: { enabled: true } }), {}, /registration/],
    ['request objects', features({ requestObjects: { enabled: true } }), {}, /request objects/],
    ['client credentials', features({ clientCredentials: { enabled: true } }), {}, /client credentials/],
    ['device flow', features({ deviceFlow: { enabled: true } }), {}, /device flow/],
    ['CIBA', features({ ciba: { enabled: true } }), {}, /CIBA/],
    ['the memory adapter', { adapter: undefined }, {}, /adapter/],
    ['no signing keys', { jwks: undefined }, {}, /signing keys/],
    ['redirect URI may be left out', { allowOmittingSingleRegisteredRedirectUri: true }, {}, /redirect URI/],
    ['codes of ten minutes', ttl({ AuthorizationCode: 600 }), {}, /codes live/],
    ['ID tokens of an hour', ttl({ IdToken: 3600 }), {}, /ID tokens/],
    ['refresh tokens kept', { rotateRefreshToken: false }, {}, /rotated/],
    [
      'cookies without the __Host- prefix',
      cookies({ names: { session: 'edlink_issuer_session', interaction: 'i', resume: 'r' } }),
      {},
      /named as ours/,
    ],
    ["the library's cookie names", cookies({ names: undefined }), {}, /named as ours/],
    ['cookies scripts can read', cookies({ long: { httpOnly: false, sameSite: 'lax' } }), {}, /HttpOnly/],
    ['cookies sent across sites', cookies({ short: { httpOnly: true, sameSite: 'none' } }), {}, /SameSite/],
    ['client_secret_jwt', { clientAuthMethods: ['client_secret_basic', 'client_secret_jwt'] }, {}, /client_secret_jwt/],
    ['public clients', { clientAuthMethods: ['none'] }, {}, /or none/],
    ['HMAC assertions', { enabledJWA: { ...ours().enabledJWA, clientAuthSigningAlgValues: ['HS256'] } }, {}, /HMAC/],
    ["the library's error page", { renderError: undefined }, {}, /error page/],
  ];
  it.each(wrong)('OA-17 refuses %s', (_, configuration, elsewhere, words) => {
    expect(() => guardConfiguration({ ...ours(), ...configuration }, { ...place, ...elsewhere })).toThrow(words);
  });

  it("OA-17 tells all faults of the library's defaults at once, a line each", () => {
    try {
      guardConfiguration({}, { ...place, proxy: true });
      throw new Error('was accepted');
    } catch (fault) {
      expect(fault).toBeInstanceOf(DangerousConfiguration);
      expect((fault as DangerousConfiguration).faults.length).toBeGreaterThan(12);
    }
  });

  it('SE-2 names cookies __Host- where the issuer is https, with two keys for rotation', () => {
    const { cookies: kept } = ours();
    expect(Object.values(kept!.names!)).toEqual([
      '__Host-edlink_issuer_session',
      '__Host-edlink_issuer_interaction',
      '__Host-edlink_issuer_resume',
    ]);
    expect(kept!.long).toEqual({ httpOnly: true, sameSite: 'lax', path: '/', secure: true, signed: true });
    expect(kept!.keys).toBe(settings.COOKIE_SECRETS);
  });
});
