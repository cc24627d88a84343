import { AccountsService } from '#accounts';
import { hours, minutes, sha256 } from '#kernel';
import { anAccount } from '../support/people.js';
import { sessionCookie, startPortal, type TestPortal } from './portal.js';

describe('portal sessions', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startPortal();
  });
  afterAll(() => portal?.stop());

  const person = async (): Promise<{ accountId: string }> => ({ accountId: await anAccount(portal.em) });
  const isIn = (html: string): boolean => html.includes('Sign out');

  it('SE-3 minute 29 is inside, minute 31 without a request is outside', async () => {
    const visitor = await portal.signedIn(await person());
    portal.clock.advance(minutes(29));
    expect(isIn((await visitor.open('/')).html)).toBe(true);
    portal.clock.advance(minutes(29));
    expect(isIn((await visitor.open('/')).html)).toBe(true);
    portal.clock.advance(minutes(31));
    expect(isIn((await visitor.open('/')).html)).toBe(false);
    const { status, location } = await visitor.open('/notifications');
    expect([status, location]).toEqual([303, `${portal.origin}/sign-in?returnTo=%2Fnotifications`]);
  });

  it('SE-3 twelve hours are the end, however busy; the page tells how long is left', async () => {
    const visitor = await portal.signedIn(await person());
    for (let passed = 0; passed < hours(12) - minutes(20); passed += minutes(20)) {
      portal.clock.advance(minutes(20));
      const { html } = await visitor.open('/');
      expect(html).toContain('data-session-idle="1800"');
      const left = Number(/data-session-overall="(\d+)"/.exec(html)?.[1]);
      expect(Math.abs(left - (hours(12) - passed - minutes(20)) / 1000)).toBeLessThan(30);
    }
    portal.clock.advance(minutes(20));
    expect(isIn((await visitor.open('/')).html)).toBe(false);
  });

  it('SE-3 extending keeps the session alive', async () => {
    const visitor = await portal.signedIn(await person());
    const token = await visitor.token();
    portal.clock.advance(minutes(28));
    const { status } = await visitor.once('POST', '/session/extend', `_token=${token}`, {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    });
    expect(status).toBe(204);
    portal.clock.advance(minutes(28));
    expect(isIn((await visitor.open('/')).html)).toBe(true);
  });

  it('SE-4 the next request after the account ended its sessions is refused, in every browser', async () => {
    const somebody = await person();
    const browsers = await Promise.all([1, 2, 3].map(() => portal.signedIn(somebody)));
    for (const browser of browsers) expect(isIn((await browser.open('/')).html)).toBe(true);
    const accounts = portal.app.get(AccountsService, { strict: false });
    await accounts.signOutEverywhere({ client: 'portal', ...somebody });
    for (const browser of browsers) expect(isIn((await browser.open('/')).html)).toBe(false);
    expect(
      await portal.em.execute('select 1 from web_session where account_id = ?', [somebody.accountId]),
    ).toHaveLength(0);
  });

  it('SE-4 with 100 requests in flight, none that starts after the end is served', async () => {
    const somebody = await person();
    const visitor = await portal.signedIn(somebody);
    const accounts = portal.app.get(AccountsService, { strict: false });
    const started: { at: number; page: Promise<{ html: string }> }[] = [];
    const fire = setInterval(() => started.push({ at: performance.now(), page: visitor.open('/') }), 3);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await accounts.disable({ client: 'jobs' }, somebody.accountId, 'left');
    const acknowledged = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 150));
    clearInterval(fire);
    const answers = await Promise.all(
      started.map(async ({ at, page }) => ({ late: at > acknowledged, served: isIn((await page).html) })),
    );
    expect(answers.filter(({ late }) => late).length).toBeGreaterThan(10);
    expect(answers.some(({ late, served }) => !late && served)).toBe(true);
    expect(answers.filter(({ late, served }) => late && served)).toEqual([]);
  });

  it('SE-1 the audit log and the table hold the hash of a session, never its id', async () => {
    const visitor = await portal.signedIn(await person());
    await visitor.open('/review');
    const id = decodeURIComponent(visitor.cookies.get(sessionCookie(portal.settings))!.value)
      .slice(2)
      .split('.')[0]!;
    const [entry] = await portal.em.execute<{ session: string }[]>(
      `select session from audit_entry where action = 'page.open' and target = 'GET /review' order by id desc limit 1`,
    );
    expect(entry?.session).toBe(sha256(id));
    expect(await portal.em.execute('select 1 from web_session where id_hash = ?', [sha256(id)])).toHaveLength(1);
    const everything = JSON.stringify([
      await portal.em.execute('select * from web_session'),
      await portal.em.execute('select * from audit_entry'),
    ]);
    expect(everything).not.toContain(id);
  });

  it('SE-1 a session id somebody made up opens nothing and is not taken over', async () => {
    const visitor = portal.stranger();
    visitor.cookies.set(sessionCookie(portal.settings), {
      value: encodeURIComponent('s:made-up.signature'),
      path: '/',
    });
    expect(isIn((await visitor.open('/')).html)).toBe(false);
    expect(await portal.em.execute('select 1 from web_session where id_hash = ?', [sha256('made-up')])).toHaveLength(0);
  });

  it('SE-6 GET does not sign out; POST does, clears the site, and Back shows nothing', async () => {
    const visitor = await portal.signedIn(await person());
    expect((await visitor.open('/sign-out')).status).toBe(404);
    expect((await visitor.open('/signed-out?state=forged')).headers.get('clear-site-data')).toBeNull();
    const cookie = visitor.cookies.get(sessionCookie(portal.settings))!;
    expect(isIn((await visitor.open('/')).html)).toBe(true);
    expect(visitor.page!.headers.get('cache-control')).toBe('no-store');

    const out = await visitor.post('/sign-out');
    expect(out.status).toBe(303);
    expect(out.headers.get('clear-site-data')).toBe('"cache", "storage"');
    const back = portal.stranger();
    back.cookies.set(sessionCookie(portal.settings), cookie);
    expect(isIn((await back.open('/')).html)).toBe(false);

    const end = await visitor.open(out.location!);
    expect(end.status).toBe(200);
    expect(end.headers.get('clear-site-data')).toBe('"cache", "cookies", "storage"');
  });
});
