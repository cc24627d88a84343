import type { NextFunction, Request, Response } from 'express';
import { hours } from '#kernel';
import {
  anotherInstance,
  seedGrant,
  seedPerson,
  startTestProvider,
  TestBrowser,
  TestClient,
  type TestProvider,
  type SeededPerson,
} from '../../../test/support/oidc.js';
import { freePort } from '../../../test/support/ports.js';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { OidcHost } from './oidc-host.js';
import { OidcStore } from './oidc-store.js';

describe('the session at the issuer', () => {
  let issuer: TestProvider;
  let pages: NestExpressApplication;
  let origin: string;
  let person: SeededPerson;
  beforeAll(async () => {
    issuer = await startTestProvider();
    person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
    const answer =
      (work: (request: Request, response: Response) => Promise<unknown>) =>
      (request: unknown, response: unknown, next?: unknown) => {
        work(request as Request, response as Response).then(
          (value) => (response as Response).json(value ?? null),
          next as NextFunction,
        );
      };
    const proof = (request: Request) => ({
      accountId: String(request.headers['x-test-account']),
      authTime: Number(request.headers['x-test-auth-time'] ?? Math.floor(Date.now() / 1000)),
      amr: ['pwd'],
    });
    pages = await anotherInstance(issuer.settings, undefined, (app) => {
      const [server, oidc] = [app.getHttpAdapter(), app.get(OidcHost)];
      server.get(
        '/who',
        answer((request, response) => oidc.sessionOf(request, response)),
      );
      server.get(
        '/start',
        answer((request, response) => oidc.startSession(request, response, proof(request))),
      );
      server.get(
        '/out',
        answer((request, response) => oidc.signOut(request, response)),
      );
    });
    const port = await freePort();
    await pages.listen(port, '127.0.0.1');
    origin = `http://localhost:${port}`;
  });
  afterAll(async () => {
    await pages?.close();
    await issuer?.stop();
  });

  const who = async (
    browser: TestBrowser,
  ): Promise<{ accountId: string; authTime: number; sessionRef: string; clients: string[] } | null> =>
    (await browser.fetch(`${origin}/who`)).json() as never;

  it('is the one applications sign in with', async () => {
    const browser = new TestBrowser(person.accountId);
    expect(await who(browser)).toBeNull();
    const client = new TestClient(issuer.settings);
    await client.tokens(browser);
    expect(await who(browser)).toMatchObject({ accountId: person.accountId, clients: ['eser'] });
    const sessionRef = (await who(browser))!.sessionRef;
    await client.code(browser, { prompt: 'login' });
    expect((await who(browser))!.sessionRef).toBe(sessionRef);
    expect(JSON.stringify([...browser.cookies.values()])).not.toContain(sessionRef);
  });

  it('can begin without an application, and then opens one without asking again', async () => {
    const browser = new TestBrowser(person.accountId);
    await browser.fetch(`${origin}/start`);
    expect((await who(browser))!.clients).toEqual([]);
    expect((await new TestClient(issuer.settings).authorize(browser, { prompt: 'none' })).get('code')).toBeTruthy();
  });

  it('SE-1 a new sign-in makes a new session id', async () => {
    const browser = new TestBrowser(person.accountId);
    await browser.fetch(`${origin}/start`);
    const before = browser.cookies.get('edlink_issuer_session');
    await browser.fetch(`${origin}/start`);
    expect(browser.cookies.get('edlink_issuer_session')).not.toBe(before);
    const planted = new TestBrowser();
    planted.cookies.set('edlink_issuer_session', before!);
    expect(await who(planted)).toBeNull();
  });

  it('SE-1 a session planted before signing in opens nothing afterwards', async () => {
    const attacker = new TestBrowser();
    // Asking to sign out makes a session nobody is signed in to; its cookie carries our signature.
    await attacker.fetch(`${issuer.settings.ISSUER_ORIGIN}/oidc/session/end`);
    expect(attacker.cookies.size).toBeGreaterThan(0);
    const victim = new TestBrowser(person.accountId);
    for (const [name, value] of attacker.cookies) victim.cookies.set(name, value);
    await victim.fetch(`${origin}/start`);
    expect(await who(victim)).toMatchObject({ accountId: person.accountId });
    expect(await who(attacker)).toBeNull();
    expect(
      (await new TestClient(issuer.settings).authorize(new TestBrowserWith(attacker), { prompt: 'none' })).get('error'),
    ).toBe('login_required');
  });

  it('SE-2 an id without our signature is no session', async () => {
    const browser = new TestBrowser(person.accountId);
    await browser.fetch(`${origin}/start`);
    browser.cookies.delete('edlink_issuer_session.sig');
    expect(await who(browser)).toBeNull();
  });

  it('SE-6 signing out ends the session and every token that began in it', async () => {
    const browser = new TestBrowser(person.accountId);
    const client = new TestClient(issuer.settings);
    const { refresh_token: token } = await client.tokens(browser);
    const kept = new TestBrowser();
    for (const [name, value] of browser.cookies) kept.cookies.set(name, value);
    await browser.fetch(`${origin}/out`);
    expect(await who(browser)).toBeNull();
    expect(await who(kept)).toBeNull();
    expect((await client.refresh(token!)).body.error).toBe('invalid_grant');
  });

  it('SE-4 ending all sessions of an account ends session, codes and refresh tokens at once; signing in again works at once', async () => {
    const someone = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, someone);
    const client = new TestClient(issuer.settings);
    const browsers = [
      new TestBrowser(someone.accountId),
      new TestBrowser(someone.accountId),
      new TestBrowser(someone.accountId),
    ];
    const held = await Promise.all(
      browsers.map(async (browser) => ({
        browser,
        token: (await client.tokens(browser)).refresh_token!,
        code: await client.code(browser),
      })),
    );
    const { rows } = await issuer.sql.query(
      `update account set sessions_ended_at = now() where id = $1 returning floor(extract(epoch from sessions_ended_at))::int as at`,
      [someone.accountId],
    );
    for (const { browser, token, code } of held) {
      expect(await who(browser)).toBeNull();
      expect((await client.refresh(token)).body.error).toBe('invalid_grant');
      expect((await client.redeem(code)).body.error).toBe('invalid_grant');
      expect((await client.authorize(new TestBrowserWith(browser), { prompt: 'none' })).get('error')).toBe(
        'login_required',
      );
    }
    const again = new TestBrowser(someone.accountId, (rows as { at: number }[])[0]!.at + 1);
    expect((await client.refresh((await client.tokens(again)).refresh_token!)).status).toBe(200);
  });

  it('SE-3 idle for 30 minutes ends it, being at work keeps it, 12 hours end it', async () => {
    const someone = await seedPerson(issuer.sql);
    const left = async (): Promise<number> => {
      const { rows } = await issuer.sql.query(
        `select extract(epoch from expires_at - now())::int as left from oidc_artifact where kind = 'Session' and account_id = $1`,
        [someone.accountId],
      );
      return (rows as { left: number }[])[0]!.left;
    };
    const browser = new TestBrowser(someone.accountId);
    await browser.fetch(`${origin}/start`);
    expect(await left()).toBeLessThanOrEqual(1800);
    await issuer.sql.query(
      `update oidc_artifact set expires_at = now() + interval '1 minute' where kind = 'Session' and account_id = $1`,
      [someone.accountId],
    );
    expect(await who(browser)).toBeTruthy();
    expect(await left()).toBeGreaterThan(1700);
    await issuer.sql.query(
      `update oidc_artifact set auth_time = now() - interval '11 hours 59 minutes', expires_at = now() + interval '30 seconds' where kind = 'Session' and account_id = $1`,
      [someone.accountId],
    );
    expect(await who(browser)).toBeTruthy();
    expect(await left()).toBeLessThanOrEqual(60);
    await issuer.sql.query(
      `update oidc_artifact set expires_at = now() - interval '1 minute' where kind = 'Session' and account_id = $1`,
      [someone.accountId],
    );
    expect(await who(browser)).toBeNull();
  });

  it('what nothing can refer to any more is forgotten', async () => {
    await issuer.sql.query(`update oidc_artifact set expires_at = $1`, [new Date(Date.now() - hours(13))]);
    expect(await pages.get(OidcStore).purge()).toBeGreaterThan(0);
    expect((await issuer.sql.query('select 1 from oidc_artifact')).rowCount).toBe(0);
  });
});

/** The same browser, but nobody at it types a password. */
class TestBrowserWith extends TestBrowser {
  constructor(other: TestBrowser) {
    super();
    for (const [name, value] of other.cookies) this.cookies.set(name, value);
  }
}
