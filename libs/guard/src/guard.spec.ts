import { createServer, type Server } from 'node:http';
import { createHmac, createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { exportJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { createGuard, type Guard, GuardUnavailable } from './index.js';

const audience = 'https://eser.example.gov';
const one = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** An issuer that publishes keys; what it was asked is counted. */
class KeyServer {
  readonly asked: string[] = [];
  keys: object[] = [];
  userinfo: (authorization?: string) => [number, object] = () => [401, {}];
  issuerName?: string;
  down = false;
  private readonly server: Server = createServer((request, response) => {
    this.asked.push(request.url!);
    const [status, body] = this.answer(request.url!, request.headers.authorization);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

  get origin(): string {
    return `http://localhost:${(this.server.address() as { port: number }).port}`;
  }

  start = (): Promise<void> => new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  stop = (): Promise<unknown> => new Promise((resolve) => this.server.close(resolve));

  private answer(path: string, authorization?: string): [number, object] {
    if (this.down) return [503, {}];
    if (path.startsWith('/.well-known'))
      return [200, { issuer: this.issuerName ?? this.origin, jwks_uri: `${this.origin}/keys` }];
    return path === '/userinfo' ? this.userinfo(authorization) : [200, { keys: this.keys }];
  }
}

describe('guard', () => {
  const issuer = new KeyServer();
  let guard: Guard;
  const now = (): number => Math.floor(Date.now() / 1000);
  const claims = (bent: Record<string, unknown> = {}): JWTPayload => ({
    iss: issuer.origin,
    aud: audience,
    sub: 'account-1',
    client_id: 'eser',
    scope: 'permissions',
    staff_id: '2019553801',
    jti: randomUUID(),
    iat: now(),
    exp: now() + 300,
    permissions: [
      {
        application: 'ser-iep-form',
        role: 'iep-form',
        permission: 'iep-form-writer',
        systems: ['001'],
        sites: ['395001'],
      },
      { application: 'ser-iep-form', role: 'iep-form', permission: 'iep-form-approver', sites: ['001005'] },
    ],
    ...bent,
  });
  const signed = (
    bent: Record<string, unknown> = {},
    header: Partial<JWTHeaderParameters> = {},
    key: KeyObject = one.privateKey,
  ): Promise<string> =>
    new SignJWT(claims(bent)).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'one', ...header }).sign(key);
  /** A token put together by hand, for what no library would sign. */
  const forged = (header: object, payload: object, sign: (input: string) => string): string => {
    const input = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${input}.${sign(input)}`;
  };

  beforeAll(async () => {
    await issuer.start();
    issuer.keys = [
      { ...(await exportJWK(one.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' },
      { ...(await exportJWK(elliptic.publicKey)), kid: 'elliptic', alg: 'ES256', use: 'sig' },
    ];
    guard = createGuard({ issuer: issuer.origin, audience });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => issuer.stop());

  it('opens what the token says, where it says', async () => {
    const access = await guard.check(await signed());
    expect(access).toMatchObject({ subject: 'account-1', staffId: '2019553801', clientId: 'eser' });
    expect(access.may('iep-form-writer', { system: '001' })).toBe(true);
    expect(access.may('iep-form-writer', { system: '001', site: '001005' })).toBe(true);
    expect(access.may('iep-form-writer', { system: 'R36', site: '395001' })).toBe(true);
    expect(access.may('iep-form-writer', { system: 'R36' })).toBe(false);
    expect(access.may('iep-form-writer', { system: 'R36', site: '395002' })).toBe(false);
    expect(access.may('iep-form-writer', { system: '395', site: '395' })).toBe(false);
    expect(access.may('iep-form-approver', { system: '001' })).toBe(false);
    expect(access.may('iep-form-approver', { system: '001', site: '001005' })).toBe(true);
    expect(access.may('ser-data-writer', { system: '001', site: '001005' })).toBe(false);
    expect(access.where('iep-form-writer')).toEqual({ systems: ['001'], sites: ['395001'] });
    expect(access.where('nothing')).toBeUndefined();
  });

  it('TK-3 accepts ES256 of a key made for it', async () => {
    await expect(
      guard.check(await signed({}, { alg: 'ES256', kid: 'elliptic' }, elliptic.privateKey)),
    ).resolves.toBeTruthy();
  });

  const header = { alg: 'RS256', typ: 'at+jwt', kid: 'one' };
  const rs256 = (key: KeyObject) => (input: string) =>
    createSign('sha256').update(input).sign(key).toString('base64url');
  const forgeries: [string, () => string | Promise<string>, string][] = [
    ['alg none', () => forged({ ...header, alg: 'none' }, claims(), () => ''), 'token.wrong-algorithm'],
    [
      'alg None with a signature',
      () => forged({ ...header, alg: 'None' }, claims(), rs256(one.privateKey)),
      'token.wrong-algorithm',
    ],
    [
      'HS256 with the public key as the secret',
      () =>
        forged({ ...header, alg: 'HS256' }, claims(), (input) =>
          createHmac('sha256', one.publicKey.export({ format: 'pem', type: 'spki' }))
            .update(input)
            .digest('base64url'),
        ),
      'token.wrong-algorithm',
    ],
    ['another key under our kid', () => signed({}, {}, stranger.privateKey), 'token.wrong-signature'],
    [
      'a key the header brings along (jwk)',
      async () => signed({}, { jwk: await exportJWK(stranger.publicKey), kid: 'one' }, stranger.privateKey),
      'token.wrong-signature',
    ],
    [
      'a key address in the header (jku)',
      () => signed({}, { jku: 'https://evil.example/keys' }, stranger.privateKey),
      'token.wrong-signature',
    ],
    [
      'a certificate address in the header (x5u)',
      () => signed({}, { x5u: 'https://evil.example/cert' }, stranger.privateKey),
      'token.wrong-signature',
    ],
    [
      'an unknown crit',
      () => forged({ ...header, crit: ['trust-me'], 'trust-me': true }, claims(), rs256(one.privateKey)),
      'token.wrong-algorithm',
    ],
    ['an algorithm the key is not for', () => signed({}, { alg: 'PS256' }), 'token.unknown-key'],
    ['an unknown kid', () => signed({}, { kid: 'nobody' }), 'token.unknown-key'],
    ['a kid that is a path', () => signed({}, { kid: '../../etc/passwd' }), 'token.unknown-key'],
    ['an ID token', () => signed({}, { typ: 'JWT' }), 'token.wrong-type'],
    ['a token without typ', () => signed({}, { typ: undefined }), 'token.wrong-type'],
    ['a logout token', () => signed({}, { typ: 'logout+jwt' }), 'token.wrong-type'],
    ['a token for another application', () => signed({ aud: 'https://canopy.example.gov' }), 'token.wrong-audience'],
    [
      'a token for several applications',
      () => signed({ aud: [audience, 'https://canopy.example.gov'] }),
      'token.wrong-audience',
    ],
    ['a token without audience', () => signed({ aud: undefined }), 'token.wrong-claims'],
    ['a token of another issuer', () => signed({ iss: 'https://evil.example' }), 'token.wrong-issuer'],
    ['an issuer with a slash more', () => signed({ iss: `${issuer.origin}/` }), 'token.wrong-issuer'],
    ['a token that is too old', () => signed({ iat: now() - 600, exp: now() - 300 }), 'token.expired'],
    ['a token without end', () => signed({ exp: undefined }), 'token.wrong-claims'],
    ['an end that is text', () => signed({ exp: 'never' as never }), 'token.wrong-claims'],
    ['a token from the future', () => signed({ iat: now() + 120, exp: now() + 300 }), 'token.not-yet-valid'],
    ['a token that is not valid yet', () => signed({ nbf: now() + 120 }), 'token.not-yet-valid'],
    ['a token without subject', () => signed({ sub: undefined }), 'token.wrong-claims'],
    ['a token without jti', () => signed({ jti: undefined }), 'token.wrong-claims'],
    ['a Staff ID that is a number', () => signed({ staff_id: 2019553801 }), 'token.wrong-claims'],
    ['permissions that are no list', () => signed({ permissions: 'all' }), 'token.wrong-claims'],
    [
      'permissions without places of the agreed form',
      () => signed({ permissions: [{ application: 'a', role: 'b', permission: 'c', systems: '001' }] }),
      'token.wrong-claims',
    ],
    ['no permissions at all', () => signed({ permissions: undefined }), 'token.wrong-claims'],
    [
      'a list to be read elsewhere',
      () => signed({ permissions: undefined, permissions_at: 'https://evil.example/userinfo' }),
      'token.wrong-claims',
    ],
    [
      'a changed payload',
      async () =>
        (await signed()).replace(
          /\.[^.]+\./,
          `.${Buffer.from(JSON.stringify(claims({ staff_id: '9999999999' }))).toString('base64url')}.`,
        ),
      'token.wrong-signature',
    ],
    ['a token cut short', async () => (await signed()).slice(0, -20), 'token.wrong-signature'],
    ['two parts', () => 'a.b', 'token.malformed'],
    ['an opaque token', () => 'h5dBGl3wYf0qgL4s9m', 'token.malformed'],
    ['five parts', () => 'a.b.c.d.e', 'token.malformed'],
    ['nothing', () => '', 'token.missing'],
    ['a megabyte', () => 'x'.repeat(1_000_000), 'token.malformed'],
  ];
  it.each(forgeries)('TK-3 refuses %s', async (_, make, code) => {
    await expect(guard.check(await make())).rejects.toMatchObject({ name: 'GuardRefusal', code });
  });

  it('TK-3 an algorithm this application did not choose is refused', async () => {
    const strict = createGuard({ issuer: issuer.origin, audience, algorithms: ['ES256'] });
    await expect(strict.check(await signed())).rejects.toMatchObject({ code: 'token.wrong-algorithm' });
  });

  it.each([
    { issuer: 'https://id.example.gov/' },
    { issuer: 'id.example.gov' },
    { audience: '' },
    { algorithms: [] },
    { algorithms: ['none' as never] },
    { algorithms: ['HS256' as never] },
  ])('refuses to be made with %j', (bent) => {
    expect(() => createGuard({ issuer: 'https://id.example.gov', audience, ...bent })).toThrow(TypeError);
  });

  it('keeps verified tokens until they end, and no more than it was told', async () => {
    const small = createGuard({ issuer: issuer.origin, audience, cacheSize: 2 });
    const tokens = await Promise.all([1, 2, 3].map((index) => signed({ sub: `account-${index}` })));
    const first = await small.check(tokens[0]);
    expect(await small.check(tokens[0])).toBe(first);
    await small.check(tokens[1]);
    await small.check(tokens[2]);
    expect(await small.check(tokens[0])).not.toBe(first);
    jest.useFakeTimers({
      now: Date.now() + 310_000,
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'queueMicrotask', 'performance'],
    });
    await expect(small.check(tokens[0])).rejects.toMatchObject({ code: 'token.expired' });
    jest.useRealTimers();
  });

  it('a person whose access ended is refused at once, kept tokens too; a later token opens again', async () => {
    const before = await signed({ sub: 'account-9', iat: now() - 10 });
    const other = await signed({ sub: 'account-8', iat: now() - 10 });
    await guard.check(before);
    guard.revoke('account-9', new Date(Date.now() - 5000));
    await expect(guard.check(before)).rejects.toMatchObject({ code: 'token.revoked' });
    await expect(guard.check(other)).resolves.toBeTruthy();
    await expect(guard.check(await signed({ sub: 'account-9' }))).resolves.toBeTruthy();
  });

  it('TK-3 a thousand invented key ids ask the issuer for its keys once', async () => {
    const fresh = createGuard({ issuer: issuer.origin, audience });
    await fresh.check(await signed());
    const asked = issuer.asked.length;
    for (let index = 0; index < 50; index += 1)
      await fresh.check(await signed({}, { kid: `k${index}` })).catch(() => undefined);
    expect(issuer.asked.length - asked).toBeLessThanOrEqual(1);
  });

  it('follows a rotation: a new key id is asked for', async () => {
    const fresh = createGuard({ issuer: issuer.origin, audience });
    await fresh.check(await signed());
    issuer.keys.push({ ...(await exportJWK(stranger.publicKey)), kid: 'two', alg: 'RS256', use: 'sig' });
    const at = Date.now() + 61_000;
    jest.spyOn(Date, 'now').mockImplementation(() => at);
    await expect(fresh.check(await signed({}, { kid: 'two' }, stranger.privateKey))).resolves.toBeTruthy();
    issuer.keys.pop();
  });

  it('an issuer that is away, or is somebody else, is no refusal but "ask later"', async () => {
    const fresh = createGuard({ issuer: issuer.origin, audience });
    const token = await signed();
    issuer.down = true;
    await expect(fresh.check(token)).rejects.toBeInstanceOf(GuardUnavailable);
    issuer.down = false;
    issuer.issuerName = 'https://evil.example';
    await expect(fresh.check(token)).rejects.toBeInstanceOf(GuardUnavailable);
    issuer.issuerName = undefined;
    await expect(fresh.check(token)).resolves.toBeTruthy();
  });

  it('reads a list that did not fit from the issuer, once, with the very token', async () => {
    const asked: (string | undefined)[] = [];
    issuer.userinfo = (authorization) => {
      asked.push(authorization);
      return [
        200,
        {
          sub: 'account-1',
          staff_id: '2019553801',
          permissions: [{ application: 'ser', role: 'ser-data', permission: 'ser-data-writer', sites: ['001005'] }],
        },
      ];
    };
    const token = await signed({ permissions: undefined, permissions_at: `${issuer.origin}/userinfo` });
    expect((await guard.check(token)).may('ser-data-writer', { system: '001', site: '001005' })).toBe(true);
    await guard.check(token);
    expect(asked).toEqual([`Bearer ${token}`]);
    issuer.userinfo = () => [200, { sub: 'account-2', permissions: [] }];
    await expect(
      guard.check(await signed({ permissions: undefined, permissions_at: `${issuer.origin}/userinfo` })),
    ).rejects.toMatchObject({ code: 'token.wrong-claims' });
  });
});
