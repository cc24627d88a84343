import { newId } from '#kernel';
import { routesOf } from '#web';
import type { SeenPage } from '../support/visitor.js';
import { asProxied, sessionCookie, startPortal, type TestPortal } from './portal.js';
import { ask, type Story, tellStory } from './story.js';

describe('headers of the portal', () => {
  let portal: TestPortal;
  let story: Story;
  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  const directives = ({ headers }: SeenPage): Record<string, string> =>
    Object.fromEntries(
      (headers.get('content-security-policy') ?? '')
        .split(';')
        .map((part) => [part.trim().split(' ')[0]!, part.trim().split(' ').slice(1).join(' ')]),
    );

  /** What every answer must carry (WB-2). */
  function expectSafe(page: SeenPage, what: string): void {
    const safe = {
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
      'x-powered-by': null,
      server: null,
    };
    expect([what, Object.fromEntries(Object.keys(safe).map((name) => [name, page.headers.get(name)]))]).toEqual([
      what,
      safe,
    ]);
    expect(directives(page)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'font-src': "'self'",
      'connect-src': "'self'",
      'form-action': `'self' ${portal.settings.ISSUER_ORIGIN}`,
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'object-src': "'none'",
    });
    // Nothing inline for that policy to stop.
    expect(page.html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:/i);
  }

  it('WB-2 every page has them', async () => {
    const { id } = await ask(portal, story.teacher, story.school);
    for (const { path } of routesOf(portal.app).filter(({ method }) => method === 'GET')) {
      for (const person of [undefined, story.teacher, story.coordinator, story.officer]) {
        const visitor = person ? await portal.signedIn(person) : portal.stranger();
        expectSafe(await visitor.open(path.replace(':id', id)), path);
      }
    }
  });

  it('WB-2 IN-5 every page that says no has them, and tells nothing of the inside', async () => {
    const teacher = await portal.signedIn(story.teacher);
    const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };
    const answers: [string, number, SeenPage][] = [
      ['absent page', 404, await teacher.open('/no-such-page')],
      ['absent request', 404, await teacher.open(`/requests/${newId()}`)],
      ['no id', 404, await teacher.open('/requests/%F0%9F%98%80')],
      ['a character nobody types', 400, await teacher.open('/requests/%00')],
      ['bad escape', 400, await teacher.open('/requests/%E0%A4%A')],
      ['refused', 403, await teacher.open('/state/disputes')],
      ['no token', 403, await teacher.once('POST', '/requests', 'x=y', urlencoded)],
      ['other method', 404, await teacher.once('PUT', '/requests', 'x=y', urlencoded)],
      ['too large', 413, await teacher.once('POST', '/requests', 'x'.repeat(200_000), urlencoded)],
      ['too many fields', 413, await teacher.once('POST', '/requests', 'a=b&'.repeat(2000), urlencoded)],
      ['broken json', 400, await teacher.once('POST', '/requests', '{"a":', { 'content-type': 'application/json' })],
      [
        'unknown charset',
        400,
        await teacher.once('POST', '/requests', 'x=y', {
          'content-type': 'application/x-www-form-urlencoded; charset=utf-99',
        }),
      ],
      ['twice', 400, await teacher.open('/requests/new?application=a&application=b')],
      ['not json', 401, await portal.stranger().open('/places?q=x', { accept: 'application/json' })],
      ['long address', 404, await teacher.open(`/${'x'.repeat(5000)}`)],
    ];
    for (const [what, status, page] of answers) {
      expect([what, page.status]).toEqual([what, status]);
      expectSafe(page, what);
      expect(page.html).not.toMatch(
        /at \/|node_modules|select |insert |\.ts:|stack|_foreign|_unique|PostgreSQL|MikroORM/i,
      );
    }
    expect(answers[0]![2].text).toMatch(/reference: [0-9a-f]{8}/);
    expect(answers.at(-2)![2].headers.get('content-type')).toContain('application/problem+json');
  });

  it('WB-2 R-13 a database that keeps people waiting gives a page, soon, and nothing hangs', async () => {
    const teacher = await portal.signedIn(story.teacher);
    await portal.em.transactional(async (em) => {
      await em.execute('lock table web_session in access exclusive mode');
      const began = Date.now();
      const page = await teacher.open('/');
      expect(page.status).toBe(503);
      expect(page.headers.get('retry-after')).toBe('5');
      expect(page.text).toContain('Nothing was changed');
      expectSafe(page, 'busy');
      expect(Date.now() - began).toBeLessThan(5000);
    });
    expect((await teacher.open('/')).status).toBe(200);
  });

  it.each(['evil.test', 'localhost', 'localhost:1', 'evil.test\t'])('RS-6 the Host %j is not ours', async (host) => {
    const { status, html } = await asProxied(portal, '/', { host });
    expect([400, 421]).toContain(status);
    expect(html).not.toContain('evil');
  });

  it('SE-2 cookies: HttpOnly, SameSite=Lax, whole site, named for the app; nothing of the person in them', async () => {
    const visitor = portal.stranger();
    const { headers } = await visitor.open('/');
    for (const line of headers.getSetCookie())
      expect(line).toMatch(/^edlink_portal_browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(headers.getSetCookie()).toHaveLength(1);
  });
});

describe('headers of the portal behind https', () => {
  it('SE-2 WB-2 cookies are __Host- and Secure, and HSTS holds a year', async () => {
    const portal = await startPortal({ PORTAL_ORIGIN: 'https://portal.example.gov', TRUSTED_PROXY_HOPS: '1' });
    try {
      const { teacher } = await tellStory(portal);
      const proxy = { host: 'portal.example.gov', 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };
      const first = await asProxied(portal, '/', proxy);
      expect(first.headers['strict-transport-security']).toBe('max-age=31536000');
      expect(first.headers['set-cookie']).toEqual([
        expect.stringMatching(/^__Host-edlink_portal_browser=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
      ]);

      expect(sessionCookie(portal.settings)).toBe('__Host-edlink_portal');
      const { cookies } = await portal.signedIn(teacher);
      const session = `${sessionCookie(portal.settings)}=${cookies.get(sessionCookie(portal.settings))!.value}`;
      const cookie = `${session}; ${first.headers['set-cookie']![0]!.split(';')[0]}`;
      const home = await asProxied(portal, '/', { ...proxy, cookie });
      expect(home.html).toContain('Thibeaux');
      const token = /name="_token" value="([0-9a-f]+)"/.exec(home.html)![1]!;
      const out = await asProxied(
        portal,
        '/sign-out',
        { ...proxy, cookie, origin: 'https://portal.example.gov' },
        `_token=${token}`,
      );
      expect(out.status).toBe(303);
      expect(out.headers['set-cookie']).toEqual([
        expect.stringMatching(/^__Host-edlink_portal=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
      ]);
      const plain = await asProxied(
        portal,
        '/',
        { ...proxy, cookie, origin: 'http://portal.example.gov' },
        `_token=${token}`,
      );
      expect(plain.status).toBe(404);
    } finally {
      await portal.stop();
    }
  });
});
