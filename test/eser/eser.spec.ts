import { request as httpRequest } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { jest } from '@jest/globals';
import { hours, minutes } from '#kernel';
import { createEser } from '../../apps/eser/src/create.js';
import { duties } from '../../apps/eser/src/duties.js';
import { MovableClock } from '../support/clock.js';
import { seedGrant, seedPerson, startTestProvider, type TestProvider, type SeededPerson } from '../support/oidc.js';
import { freePort } from '../support/ports.js';
import { testSettings } from '../support/settings.js';
import { Visitor } from '../support/visitor.js';

describe('eSER, the sample application', () => {
  const clock = new MovableClock();
  let issuer: TestProvider;
  let eser: NestExpressApplication;
  let origin: string;
  let writer: SeededPerson;
  beforeAll(async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    issuer = await startTestProvider({ ESER_PORT: String(port) });
    eser = await createEser(issuer.settings, { clock });
    await eser.listen(port);
    writer = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, writer, { code: '395001', systemCode: 'R36' });
    await seedGrant(issuer.sql, writer, { level: 'system', code: '001' });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await eser?.close();
    await issuer?.stop();
  });

  /** A browser; with a person, whoever signs in at the issuer there. */
  const visitor = (person?: SeededPerson): Visitor => {
    const made = new Visitor();
    if (person) made.headers = { 'x-test-account': person.accountId };
    return made;
  };
  const later = (milliseconds: number): void => {
    const { now } = Date;
    const at = now() + milliseconds;
    jest.spyOn(Date, 'now').mockImplementation(() => at);
  };

  it('shows a stranger only the way to sign in', async () => {
    const page = await visitor().get(origin);
    expect(page.text).toContain('Sign in with your EdLink account');
    const asked = await visitor().once('GET', `${origin}/duties/write-iep`);
    expect(asked.location).toBe(`${origin}/sign-in?returnTo=%2Fduties%2Fwrite-iep`);
  });

  it('shows after signing in what the person may do, and where', async () => {
    const browser = visitor(writer);
    const page = await browser.get(`${origin}/sign-in`);
    expect(page.url.href).toBe(`${origin}/`);
    expect(page.text).toContain('What you may do, and where');
    expect(page.text).toContain(writer.staffId);
    expect(page.text).toContain('All sites of school system 001');
    expect(page.text).toContain('Site 395001');
    expect(page.html).not.toMatch(/eyJ|<script/);
  });

  it('opens each duty whose permission is held, refuses each other with its name and the way to ask', async () => {
    const browser = visitor(writer);
    await browser.get(`${origin}/sign-in?returnTo=/duties/write-iep`);
    expect(browser.page!.url.pathname).toBe('/duties/write-iep');
    for (const duty of duties) {
      const page = await browser.get(`${origin}/duties/${duty.path}`);
      const held = duty.permission === 'iep-form-writer';
      expect(page.status).toBe(held ? 200 : 403);
      expect(page.text).toContain(duty.permissionName);
      const link = `${issuer.settings.PORTAL_ORIGIN}/requests/new?application=${duty.application}&amp;role=${duty.role}&amp;permission=${duty.permission}`;
      expect(page.html.includes(link)).toBe(!held);
    }
  });

  it.each([
    ['system=001', true],
    ['system=001&site=001005', true],
    ['system=R36&site=395001', true],
    ['system=R36', false],
    ['system=R36&site=395002', false],
    ['system=002&site=002001', false],
  ])('answers for a place: %s', async (query, open) => {
    const browser = visitor(writer);
    await browser.get(`${origin}/sign-in`);
    const page = await browser.get(`${origin}/duties/write-iep?${query}`);
    expect(page.status).toBe(open ? 200 : 403);
    expect(page.text).toContain(open ? 'Open to you' : 'Not open to you');
  });

  it.each(['system=<b>', 'system=001&site=javascript:alert(1)', 'system=0 1', 'system=001&system=002', 'system[a]=1'])(
    'is not led astray by %s',
    async (query) => {
      const browser = visitor(writer);
      await browser.get(`${origin}/sign-in`);
      const page = await browser.get(`${origin}/duties/write-iep?${query}`);
      expect(page.status).toBe(200);
      expect(page.text).not.toContain('Open to you:');
      expect(page.html).not.toMatch(/<b>|javascript:/);
    },
  );

  it('OA-10 tells a person without any permission which ones would let them in', async () => {
    const newcomer = await seedPerson(issuer.sql);
    const browser = visitor(newcomer);
    const page = await browser.get(`${origin}/sign-in`);
    expect(page.status).toBe(403);
    for (const duty of duties) expect(page.text).toContain(duty.permissionName);
    expect(page.html).toContain(
      `${issuer.settings.PORTAL_ORIGIN}/requests/new?application=ser-iep-form&amp;role=iep-form&amp;permission=iep-form-writer`,
    );
    expect((await browser.get(origin)).text).toContain('Sign in with your EdLink account');
    await seedGrant(issuer.sql, newcomer);
    expect((await browser.get(`${origin}/sign-in`)).text).toContain('Site 001005');
  });

  it('renews the token once, however many pages wait for it, and follows what changed', async () => {
    const person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
    const browser = visitor(person);
    await browser.get(`${origin}/sign-in`);
    await seedGrant(issuer.sql, person, { permission: 'iep-form-approver' });
    later(minutes(4.9));
    const pages = await Promise.all(
      Array.from({ length: 12 }, () =>
        fetch(`${origin}/duties/approve-iep`, { headers: { cookie: cookieOf(browser) } }),
      ),
    );
    expect(pages.map((page) => page.status)).toEqual(Array(12).fill(200));
    const { rows } = await issuer.sql.query(
      `select count(*)::int as n from oidc_artifact where kind = 'RefreshToken' and account_id = $1`,
      [person.accountId],
    );
    expect((rows as { n: number }[])[0]!.n).toBe(2);
  });

  it('ends the session when the refresh is refused', async () => {
    const person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
    const browser = visitor(person);
    await browser.get(`${origin}/sign-in`);
    await issuer.sql.query('update grant_version set superseded_at = now() where account_id = $1', [person.accountId]);
    later(minutes(4.9));
    const refused = await browser.get(`${origin}/duties/write-iep`);
    expect(refused.status).toBe(401);
    expect(refused.text).toContain('no permission for eSER');
    expect((await browser.get(origin)).text).toContain('Sign in with your EdLink account');
  });

  it('SE-3 ends after 30 minutes without a page, and after 12 hours whatever happens', async () => {
    const browser = visitor(writer);
    await browser.get(`${origin}/sign-in`);
    clock.advance(minutes(29));
    expect((await browser.get(origin)).text).toContain('What you may do');
    clock.advance(minutes(31));
    expect((await browser.get(origin)).text).toContain('Sign in with your EdLink account');
    await browser.get(`${origin}/sign-in`);
    for (let half = 0; half < 24; half += 1) {
      clock.advance(minutes(29));
      await browser.get(origin);
    }
    clock.advance(hours(12) - 24 * minutes(29));
    expect((await browser.get(origin)).text).toContain('Sign in with your EdLink account');
  });

  it('SE-1 the session id is new after signing in, and one planted before opens nothing', async () => {
    const browser = visitor(writer);
    await browser.once('GET', `${origin}/sign-in`);
    const before = cookieOf(browser);
    await browser.get(`${origin}/sign-in`);
    expect(cookieOf(browser)).not.toBe(before);
    const planted = await fetch(origin, { headers: { cookie: before } });
    expect(await planted.text()).toContain('Sign in with your EdLink account');
  });

  it('SE-2 its cookie is HttpOnly, SameSite=Lax and for the whole site; __Host- where the origin is https', async () => {
    const { headers } = await visitor().once('GET', `${origin}/sign-in`);
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^edlink_eser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const secure = await createEser({ ...issuer.settings, ESER_ORIGIN: 'https://eser.example.gov' });
    const port = await freePort();
    await secure.listen(port);
    const lines = await new Promise<string[]>((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', path: '/sign-in', headers: { host: 'eser.example.gov' } }, (response) =>
        resolve(response.headers['set-cookie'] ?? []),
      )
        .on('error', reject)
        .end();
    });
    expect(lines).toEqual([
      expect.stringMatching(/^__Host-edlink_eser=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    await secure.close();
  });

  it('OA-9 refuses an answer with another issuer, another state, no state or a state used before', async () => {
    const browser = visitor(writer);
    const left = await browser.once('GET', `${origin}/sign-in`);
    const state = new URL(left.location!).searchParams.get('state')!;
    expect(
      (
        await browser.get(
          `${origin}/callback?code=x&state=other&iss=${encodeURIComponent(issuer.settings.ISSUER_ORIGIN)}`,
        )
      ).status,
    ).toBe(400);
    expect((await browser.get(`${origin}/callback?code=x`)).status).toBe(400);
    expect(
      (
        await visitor(writer).get(
          `${origin}/callback?code=x&state=${state}&iss=${encodeURIComponent(issuer.settings.ISSUER_ORIGIN)}`,
        )
      ).status,
    ).toBe(400);
    expect(
      (await browser.get(`${origin}/callback?code=x&state=${state}&iss=https%3A%2F%2Fevil.example`)).text,
    ).toContain('could not be finished');
    expect(
      (
        await browser.get(
          `${origin}/callback?code=x&state=${state}&iss=${encodeURIComponent(issuer.settings.ISSUER_ORIGIN)}`,
        )
      ).text,
    ).toContain('no longer open');
  });

  it('OA-9 refuses an answer without iss, and a code of another sign-in (nonce)', async () => {
    const browser = visitor(writer);
    const first = new URL((await browser.once('GET', `${origin}/sign-in`)).location!);
    expect((await browser.get(`${origin}/callback?code=x&state=${first.searchParams.get('state')}`)).text).toContain(
      'could not be finished',
    );
    const [one, other] = [visitor(writer), visitor(writer)];
    one.stayAt = 'http://nowhere';
    const left = await other.once('GET', `${origin}/sign-in`);
    const state = new URL(left.location!).searchParams.get('state')!;
    let at = (await one.once('GET', `${origin}/sign-in`)).location!;
    while (!at.startsWith(`${origin}/callback`)) at = (await one.once('GET', at)).location!;
    const stolen = new URL(at);
    stolen.searchParams.set('state', state);
    expect((await other.get(stolen.href)).text).toContain('could not be finished');
  });

  it('WB-1 signing out needs the form of this session', async () => {
    const browser = visitor(writer);
    await browser.get(`${origin}/sign-in`);
    for (const [body, headers] of [
      [{}, {}],
      [{ _token: 'x'.repeat(43) }, {}],
      [{ _token: 'right' }, { origin: 'https://evil.example' }],
      [{ _token: 'right' }, { origin: 'null' }],
      [{ _token: 'right' }, { 'sec-fetch-site': 'cross-site' }],
    ] as [Record<string, string>, Record<string, string>][]) {
      const right = /name="_token" value="([^"]+)"/.exec(browser.page!.html)?.[1] ?? '';
      const fields = body._token === 'right' ? { _token: right } : body;
      expect((await visitorLike(browser).once('POST', `${origin}/sign-out`, fields, headers)).status).toBe(403);
    }
    expect((await browser.once('GET', `${origin}/sign-out`)).status).toBe(404);
    expect((await browser.get(origin)).text).toContain('What you may do');
  });

  it("SE-6 signing out ends the session here, revokes its tokens and leads to the issuer's own question", async () => {
    const person = await seedPerson(issuer.sql);
    await seedGrant(issuer.sql, person);
    const browser = visitor(person);
    await browser.get(`${origin}/sign-in`);
    const kept = cookieOf(browser);
    const token = /name="_token" value="([^"]+)"/.exec(browser.page!.html)![1]!;
    const answer = await browser.once('POST', `${origin}/sign-out`, { _token: token });
    expect(answer.headers.get('clear-site-data')).toContain('"cache"');
    expect(answer.location).toContain(`${issuer.settings.ISSUER_ORIGIN}/oidc/session/end?`);
    expect(await (await fetch(origin, { headers: { cookie: kept } })).text()).toContain(
      'Sign in with your EdLink account',
    );
    const question = await browser.get(answer.location!);
    expect(question.text).toContain('Sign out everywhere?');
    expect(question.html).not.toMatch(/<script(?! src)/);
    expect(
      (
        await issuer.sql.query(`select 1 from oidc_artifact where kind = 'RefreshToken' and account_id = $1`, [
          person.accountId,
        ])
      ).rowCount,
    ).toBe(0);
    const left = await browser.send({ logout: 'yes' });
    expect(left.url.href).toMatch(`${origin}/signed-out`);
    expect((await browser.once('GET', `${origin}/sign-in`)).location).toContain('/oidc/auth?');
    expect(
      (await issuer.sql.query(`select 1 from oidc_artifact where account_id = $1`, [person.accountId])).rowCount,
    ).toBe(0);
  });

  it('WB-2 every answer carries the headers, error pages too', async () => {
    const browser = visitor(writer);
    for (const path of ['/', '/sign-in', '/nothing', '/callback', '/signed-out', '/duties/nothing']) {
      const { headers, html } = await browser.once('GET', `${origin}${path}`);
      expect(headers.get('content-security-policy')).toMatch(
        /default-src 'none'.*frame-ancestors 'none'.*base-uri 'none'/,
      );
      expect(headers.get('content-security-policy')).not.toMatch(/script-src|unsafe/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(html).not.toMatch(/at \/|node_modules/);
    }
  });

  it('RS-6 answers under its own address only', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      httpRequest(
        { port: Number(new URL(origin).port), host: 'localhost', path: '/', headers: { host: 'evil.example' } },
        (response) => resolve(response.statusCode!),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });

  it('says so when the issuer cannot be reached, and does not start without its key', async () => {
    const port = await freePort();
    const alone = await createEser({
      ...issuer.settings,
      ISSUER_ORIGIN: 'http://localhost:1',
      ESER_ORIGIN: `http://localhost:${port}`,
    });
    await alone.listen(port);
    const page = await visitor().get(`http://localhost:${port}/sign-in`);
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('10');
    await alone.close();
    await expect(createEser(testSettings('postgres://nowhere', { ESER_CLIENT_KEY: '' }))).rejects.toThrow(
      'ESER_CLIENT_KEY is not set',
    );
  });
});

const cookieOf = (browser: Visitor): string => {
  const [name, cookie] = [...browser.cookies].find(([one]) => one.startsWith('edlink_eser'))!;
  return `${name}=${cookie.value}`;
};

/** The same cookies, another page. */
function visitorLike(other: Visitor): Visitor {
  const made = new Visitor();
  for (const [name, cookie] of other.cookies) made.cookies.set(name, cookie);
  return made;
}
