import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { Changes, hours, minutes, newId, seconds, systemActor } from '#kernel';
import { Deliveries } from '#signals';
import { createWorker, type MailWorker } from '../../apps/jobs/src/create-worker.js';
import { isInside, postTo } from '../../libs/tokens/src/signal-post.js';
import { MovableClock } from '../support/clock.js';
import {
  seedGrant,
  seedPerson,
  startTestProvider,
  TestBrowser,
  TestClient,
  type TestProvider,
} from '../support/oidc.js';
import { freePort } from '../support/ports.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** The application at the other end, which answers as a test wants it to. */
class Application {
  readonly got: { path: string; type: string; token: string }[] = [];
  answer: Answer = (_, response) => response.writeHead(200).end();
  private server?: Server;

  constructor(readonly port: number) {}

  async up(): Promise<void> {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const token = body.replace(/^logout_token=/, '');
        this.got.push({ path: request.url!, type: request.headers['content-type']!, token });
        this.answer(request, response);
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(this.port, resolve));
  }

  async down(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

describe('telling applications', () => {
  const clock = new MovableClock();
  let issuer: TestProvider;
  let worker: MailWorker;
  let eser: Application;
  let client: TestClient;
  beforeAll(async () => {
    eser = new Application(await freePort());
    issuer = await startTestProvider({ ESER_PORT: String(eser.port) }, clock);
    client = new TestClient(issuer.settings);
    worker = await createWorker(issuer.settings, { clock });
    Logger.overrideLogger(false); // faults are what these tests make
    await worker.start();
  });
  beforeEach(async () => {
    await issuer.sql.query('update signal set dead_at = now() where sent_at is null and dead_at is null');
    eser.got.length = 0;
    eser.answer = (_, response) => response.writeHead(200).end();
    await eser.up();
  });
  afterEach(() => eser.down());
  afterAll(async () => {
    await worker?.stop();
    await issuer?.stop();
  });

  interface Present {
    accountId: string;
    sid: string;
    browser: TestBrowser;
  }

  async function signedIn(): Promise<Present> {
    const person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
    const browser = new TestBrowser(person.accountId);
    const { id_token: token } = await client.tokens(browser);
    return { accountId: person.accountId, sid: decodeJwt(token!).sid as string, browser };
  }
  const announce = (accountId: string): Promise<void> =>
    issuer.app.get(Changes).announce(systemActor, { cause: '', accountIds: [accountId], access: true });
  async function closed({ accountId }: Present): Promise<void> {
    await issuer.sql.query(`update account set status = 'disabled' where id = $1`, [accountId]);
    await announce(accountId);
  }
  const about = (accountId: string, kind: string): { path: string; type: string; token: string }[] =>
    eser.got.filter(({ token }) => {
      const claims = decodeJwt(token);
      return JSON.stringify(claims).includes(accountId) && JSON.stringify(claims.events).includes(kind);
    });
  async function until(what: () => boolean | Promise<boolean>, longest = 5000): Promise<void> {
    const end = Date.now() + longest;
    while (!(await what())) {
      if (Date.now() > end) throw new Error(`it did not happen: ${what.toString()}`);
      await pause(20);
    }
  }
  const confirmed = async (accountId: string): Promise<boolean> => {
    const [one] = await issuer.app.get(Deliveries).of(accountId, new Date(0));
    return one?.confirmedAt !== undefined;
  };
  const verified = (token: string, typ: string): Promise<{ payload: JWTPayload }> =>
    jwtVerify(token, createRemoteJWKSet(new URL('/oidc/jwks', issuer.settings.ISSUER_ORIGIN)), {
      issuer: issuer.settings.ISSUER_ORIGIN,
      audience: 'eser',
      typ,
      algorithms: ['RS256'],
      currentDate: clock.now(),
    });

  it('OA-11 a closed account: within a second a logout token with sub and sid, and a signed event', async () => {
    const person = await signedIn();
    const begun = Date.now();
    await closed(person);
    await until(
      () => about(person.accountId, 'logout').length + about(person.accountId, 'session-revoked').length === 2,
    );
    expect(Date.now() - begun).toBeLessThan(1000);
    const [logout] = about(person.accountId, 'logout');
    expect(logout).toMatchObject({ path: '/backchannel-logout', type: 'application/x-www-form-urlencoded' });
    const { payload } = await verified(logout!.token, 'logout+jwt');
    expect(Object.keys(payload).sort()).toEqual(['aud', 'events', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
    expect(payload).toMatchObject({
      sub: person.accountId,
      sid: person.sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    const [event] = about(person.accountId, 'session-revoked');
    expect(event).toMatchObject({ path: '/events', type: 'application/secevent+jwt' });
    const { payload: told } = await verified(event!.token, 'secevent+jwt');
    expect(Object.keys(told).sort()).toEqual(['aud', 'events', 'iat', 'iss', 'jti', 'sub_id']);
    expect(told).toMatchObject({
      sub_id: {
        format: 'complex',
        user: { format: 'iss_sub', iss: issuer.settings.ISSUER_ORIGIN, sub: person.accountId },
        session: { format: 'opaque', id: person.sid },
      },
      events: {
        'https://schemas.openid.net/secevent/caep/event-type/session-revoked': { event_timestamp: expect.any(Number) },
      },
    });
    await until(() => confirmed(person.accountId));
    const { rows } = await issuer.sql.query('select receipt from signal where account_id = $1', [person.accountId]);
    for (const { receipt } of rows as { receipt: object }[])
      expect(receipt).toEqual({
        status: 200,
        at: expect.any(String),
        bodyHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      });
  });

  it('OA-11 other permissions: an event that says where the new ones are read, and no logout', async () => {
    const { accountId } = await signedIn();
    await announce(accountId);
    await until(() => confirmed(accountId));
    expect(eser.got).toHaveLength(1);
    const { payload } = await verified(eser.got[0]!.token, 'secevent+jwt');
    expect(payload).toMatchObject({
      sub_id: { format: 'iss_sub', iss: issuer.settings.ISSUER_ORIGIN, sub: accountId },
      events: {
        'https://schemas.openid.net/secevent/caep/event-type/token-claims-change': {
          claims: { permissions_at: `${issuer.settings.ISSUER_ORIGIN}/oidc/userinfo` },
        },
      },
    });
  });

  it('SE-6 who signs out at the issuer is signed out everywhere', async () => {
    const person = await signedIn();
    const question = await person.browser.fetch(`${issuer.settings.ISSUER_ORIGIN}/oidc/session/end`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await question.text())![1]!;
    await person.browser.fetch(`${issuer.settings.ISSUER_ORIGIN}/oidc/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    });
    await until(() => confirmed(person.accountId));
    expect(decodeJwt(about(person.accountId, 'logout')[0]!.token)).toMatchObject({ sid: person.sid });
  });

  it('R-19 an application that was down for ten minutes hears of everything when it is back', async () => {
    await eser.down();
    const people = [await signedIn(), await signedIn(), await signedIn()];
    for (const person of people) await closed(person);
    for (let minute = 0; minute < 10; minute += 1) {
      clock.advance(minutes(1));
      await pause(100);
    }
    for (const { accountId } of people) {
      const [one] = await issuer.app.get(Deliveries).of(accountId, new Date(0));
      expect(one).toMatchObject({ application: 'eSER', toldAt: expect.any(Date) });
      expect(one).not.toHaveProperty('confirmedAt');
    }
    await eser.up();
    clock.advance(seconds(20));
    for (const { accountId } of people) await until(() => confirmed(accountId));
    // Tokens are made at each try: what arrives is fresh, and the session is the right one.
    const [late] = about(people[0]!.accountId, 'logout');
    expect((await verified(late!.token, 'logout+jwt')).payload.sid).toBe(people[0]!.sid);
  });

  it.each<[string, Answer]>([
    ['a fault', (_, response) => response.writeHead(500).end('oops')],
    ['silence', () => undefined],
    ['half an answer', (_, response) => void response.writeHead(200, { 'content-length': '10' }).write('a')],
    ['an endless answer', (_, response) => response.end('x'.repeat(100_000))],
    ['a way elsewhere', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['a refusal', (_, response) => response.writeHead(400).end('{"err":"invalid_request"}')],
  ])('R-19 %s confirms nothing; it is tried again until it is confirmed', async (_, answer) => {
    eser.answer = answer;
    const person = await signedIn();
    await closed(person);
    await until(async () => {
      const sql = `select 1 from signal where account_id = $1 and attempts > 0 and sent_at is null and (unanswered or receipt is not null)`;
      return (await issuer.sql.query(sql, [person.accountId])).rowCount! > 0;
    });
    expect(await confirmed(person.accountId)).toBe(false);
    expect(eser.got.map(({ path }) => path)).not.toContain('/elsewhere');
    eser.answer = (__, response) => response.writeHead(202).end();
    const jtis = (): unknown[] => about(person.accountId, 'logout').map(({ token }) => decodeJwt(token).jti);
    await until(async () => {
      clock.advance(seconds(30));
      return confirmed(person.accountId);
    }, 15_000);
    expect(new Set(jtis()).size).toBe(jtis().length);
  });

  it('R-19 nothing is tried after 24 hours', async () => {
    await eser.down();
    const person = await signedIn();
    await closed(person);
    clock.advance(hours(24));
    await until(async () => {
      clock.advance(seconds(30));
      const sql = 'select 1 from signal where account_id = $1 and dead_at is null';
      return (await issuer.sql.query(sql, [person.accountId])).rowCount === 0;
    }, 15_000);
    await eser.up();
  });

  it.each([
    '10.0.0.5',
    '127.0.0.1',
    '169.254.169.254',
    '172.20.1.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.5',
    '224.0.0.1',
  ])('OA-16 %s is an internal address', (address) => {
    expect(isInside(address)).toBe(true);
    expect(isInside('93.184.216.34') || isInside('2606:2800:220:1::1')).toBe(false);
  });

  it('OA-16 in production nothing is posted to http, to internal addresses or to names that lead there', async () => {
    const sent = { type: 'application/secevent+jwt', body: newId() };
    for (const address of [
      `http://localhost:${eser.port}/events`,
      `https://127.0.0.1:${eser.port}/events`,
      `https://[::1]:${eser.port}/events`,
      'https://169.254.169.254/latest',
    ])
      await expect(postTo(address, sent, false)).rejects.toThrow('no public https address');
    await expect(postTo(`https://localhost:${eser.port}/events`, sent, false)).rejects.toThrow('internal address');
    expect(eser.got).toEqual([]);
  });
});
