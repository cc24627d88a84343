import { createHmac, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { jest } from '@jest/globals';
import { exportJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { createGuard, type Guard } from './index.js';

const audience = 'https://eser.example.gov';
const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
const caep = 'https://schemas.openid.net/secevent/caep/event-type/';
type Bent = Record<string, unknown>;

describe('signals received by the guard', () => {
  let server: Server;
  let issuer: string;
  let guard: Guard;
  const now = (): number => Math.floor(Date.now() / 1000);
  beforeAll(async () => {
    const jwk = { ...(await exportJWK(key.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
    server = createServer((request, response) => {
      const body = request.url === '/keys' ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/keys` };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://localhost:${(server.address() as { port: number }).port}`;
  });
  beforeEach(() => {
    guard = createGuard({ issuer, audience, clientId: 'eser' });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const sign = (claims: JWTPayload, header: JWTHeaderParameters, by: KeyObject): Promise<string> =>
    new SignJWT(claims).setProtectedHeader(header).sign(by);
  const access = (bent: Bent = {}): Promise<string> =>
    sign(
      {
        iss: issuer,
        aud: audience,
        sub: 'account-1',
        client_id: 'eser',
        staff_id: '2019553801',
        permissions: [],
        jti: randomUUID(),
        iat: now(),
        exp: now() + 300,
        ...bent,
      },
      { alg: 'RS256', typ: 'at+jwt', kid: 'one' },
      key.privateKey,
    );
  const logoutClaims = (bent: Bent = {}): JWTPayload => ({
    iss: issuer,
    aud: 'eser',
    sub: 'account-1',
    sid: 'session-1',
    jti: randomUUID(),
    iat: now(),
    exp: now() + 120,
    events: { [logoutEvent]: {} },
    ...bent,
  });
  const user = (): object => ({ format: 'iss_sub', iss: issuer, sub: 'account-1' });
  const eventClaims = (bent: Bent = {}, kind = 'session-revoked'): JWTPayload => ({
    iss: issuer,
    aud: 'eser',
    sub_id: { format: 'complex', user: user(), session: { format: 'opaque', id: 'session-1' } },
    jti: randomUUID(),
    iat: now(),
    events: { [`${caep}${kind}`]: { event_timestamp: now() - 1 } },
    ...bent,
  });

  /** Both ways in, so that what is refused is refused at both. */
  const doors = {
    'logout token': {
      typ: 'logout+jwt',
      claims: logoutClaims,
      receive: (token: string | undefined) => guard.receiveLogoutToken(token),
    },
    event: {
      typ: 'secevent+jwt',
      claims: (bent: Bent = {}) => eventClaims(bent),
      receive: (token: string | undefined) => guard.receiveEvent(token),
    },
  };

  it('OA-11 a logout token names the session, and ends what was issued until then', async () => {
    const held = await access();
    await guard.check(held);
    const { typ, claims, receive } = doors['logout token'];
    const token = await sign(claims(), { alg: 'RS256', typ, kid: 'one' }, key.privateKey);
    expect(await receive(token)).toEqual({ subject: 'account-1', sid: 'session-1' });
    await expect(guard.check(held)).rejects.toMatchObject({ code: 'token.revoked' });
    await expect(guard.check(await access({ sub: 'account-2' }))).resolves.toBeTruthy();
    await expect(guard.check(await access({ iat: now() + 1 }))).resolves.toBeTruthy();
  });

  it.each(['session-revoked', 'token-claims-change'])(
    'OA-11 the event %s ends what was issued until then',
    async (kind) => {
      const held = await access();
      const happened = now() - 1;
      const token = await sign(
        eventClaims({ events: { [`${caep}${kind}`]: { event_timestamp: happened } } }, kind),
        { alg: 'RS256', typ: 'secevent+jwt', kid: 'one' },
        key.privateKey,
      );
      expect(await guard.receiveEvent(token)).toEqual({
        kind,
        subject: 'account-1',
        sid: 'session-1',
        happenedAt: new Date(happened * 1000),
      });
      await expect(guard.check(held)).rejects.toMatchObject({ code: 'token.revoked' });
    },
  );

  it('an event about a person without a session is about all of theirs', async () => {
    const token = await sign(
      eventClaims({ sub_id: user() }),
      { alg: 'RS256', typ: 'secevent+jwt', kid: 'one' },
      key.privateKey,
    );
    expect(await guard.receiveEvent(token)).toMatchObject({ subject: 'account-1' });
  });

  const handmade = (header: object, payload: object, signature: (input: string) => string): string => {
    const input = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${input}.${signature(input)}`;
  };
  type Forge = (door: { typ: string; claims: (bent?: Bent) => JWTPayload }) => string | Promise<string> | undefined;
  const proper = (door: { typ: string }): JWTHeaderParameters => ({ alg: 'RS256', typ: door.typ, kid: 'one' });
  const bent =
    (change: () => Bent): Forge =>
    (door) =>
      sign(door.claims(change()), proper(door), key.privateKey);
  const forgeries: [string, Forge, string][] = [
    ['nothing', () => undefined, 'token.missing'],
    ['no JWT', () => 'logout', 'token.malformed'],
    ['alg none', (it) => handmade({ ...proper(it), alg: 'none' }, it.claims(), () => ''), 'token.wrong-algorithm'],
    [
      'HS256 with the public key as the secret',
      (it) =>
        handmade({ ...proper(it), alg: 'HS256' }, it.claims(), (input) =>
          createHmac('sha256', key.publicKey.export({ format: 'pem', type: 'spki' }))
            .update(input)
            .digest('base64url'),
        ),
      'token.wrong-algorithm',
    ],
    [
      'a stranger’s key under our kid',
      (it) => sign(it.claims(), proper(it), stranger.privateKey),
      'token.wrong-signature',
    ],
    ['an unknown kid', (it) => sign(it.claims(), { ...proper(it), kid: 'two' }, key.privateKey), 'token.unknown-key'],
    ['an access token', () => access(), 'token.wrong-type'],
    ['an ID token', (it) => sign(it.claims(), { ...proper(it), typ: 'JWT' }, key.privateKey), 'token.wrong-type'],
    ['one for another application', bent(() => ({ aud: 'reporting' })), 'token.wrong-audience'],
    ['one for the API of this application', bent(() => ({ aud: audience })), 'token.wrong-audience'],
    ['one for several', bent(() => ({ aud: ['eser', 'reporting'] })), 'token.wrong-audience'],
    ['one without audience', bent(() => ({ aud: undefined })), 'token.wrong-claims'],
    ['one of another issuer', bent(() => ({ iss: 'https://evil.example' })), 'token.wrong-issuer'],
    ['one that is six minutes old', bent(() => ({ iat: now() - 360, exp: undefined })), 'token.expired'],
    ['one from the future', bent(() => ({ iat: now() + 60 })), 'token.not-yet-valid'],
    ['one without iat', bent(() => ({ iat: undefined })), 'token.wrong-claims'],
    ['one without jti', bent(() => ({ jti: undefined })), 'token.wrong-claims'],
    ['one without events', bent(() => ({ events: undefined })), 'token.wrong-claims'],
    ['one about another event', bent(() => ({ events: { [`${caep}credential-change`]: {} } })), 'token.wrong-claims'],
    ['events that are text', bent(() => ({ events: logoutEvent })), 'token.wrong-claims'],
    ['one without anybody', bent(() => ({ sub: undefined, sub_id: undefined })), 'token.wrong-claims'],
  ];
  describe.each(Object.entries(doors))('OA-11 as a %s', (_, door) => {
    it.each(forgeries)('refuses %s, and nobody is signed out', async (__, forge, code) => {
      const held = await access();
      await expect(door.receive(await forge(door))).rejects.toMatchObject({ name: 'GuardRefusal', code });
      await expect(guard.check(held)).resolves.toBeTruthy();
    });

    it('a replayed one counts once', async () => {
      const token = (await sign(door.claims(), proper(door), key.privateKey))!;
      const answers = await Promise.allSettled(Array.from({ length: 5 }, () => door.receive(token)));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await expect(door.receive(token)).rejects.toMatchObject({ code: 'token.replayed' });
      const later = Date.now() + 304_000;
      jest.spyOn(Date, 'now').mockImplementation(() => later);
      const again = door.receive(token);
      await expect(again).rejects.toMatchObject({ name: 'GuardRefusal' });
    });
  });

  it('a logout token with a nonce is an ID token in disguise', async () => {
    const token = await sign(
      logoutClaims({ nonce: 'n' }),
      { alg: 'RS256', typ: 'logout+jwt', kid: 'one' },
      key.privateKey,
    );
    await expect(guard.receiveLogoutToken(token)).rejects.toMatchObject({ code: 'token.wrong-claims' });
  });

  it.each<[string, () => Bent]>([
    ['a subject of another issuer', () => ({ sub_id: { ...user(), iss: 'https://evil.example' } })],
    ['a subject by e-mail', () => ({ sub_id: { format: 'email', email: 'a@school.example' } })],
    [
      'a session that is no text',
      () => ({ sub_id: { format: 'complex', user: user(), session: { format: 'opaque', id: 7 } } }),
    ],
    ['an end', () => ({ exp: now() + 60 })],
    ['no time', () => ({ events: { [`${caep}session-revoked`]: {} } })],
    ['two events', () => ({ events: { [`${caep}session-revoked`]: { event_timestamp: 1 }, [logoutEvent]: {} } })],
  ])('refuses an event with %s', async (_, change) => {
    const token = await sign(eventClaims(change()), { alg: 'RS256', typ: 'secevent+jwt', kid: 'one' }, key.privateKey);
    await expect(guard.receiveEvent(token)).rejects.toMatchObject({ code: 'token.wrong-claims' });
  });

  it('a guard that does not know its client id receives nothing', async () => {
    const nameless = createGuard({ issuer, audience });
    await expect(nameless.receiveLogoutToken('x')).rejects.toThrow('clientId is missing');
  });
});
