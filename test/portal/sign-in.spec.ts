import type { NestExpressApplication } from '@nestjs/platform-express';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { AccountsService } from '#accounts';
import { systemActor } from '#kernel';
import type { Settings } from '#settings';
import { createIssuer } from '../../apps/issuer/src/create.js';
import { createPortal } from '../../apps/portal/src/create.js';
import { freshDatabase } from '../support/database.js';
import { freePort } from '../support/ports.js';
import { testSettings } from '../support/settings.js';
import { Visitor } from '../support/visitor.js';

const passphrase = 'violet harbor trumpet mosaic';

/** The real issuer and the real portal on one database; people type their passphrase. */
describe('signing in at the portal', () => {
  let settings: Settings;
  let portal: NestExpressApplication;
  let issuer: NestExpressApplication;
  let em: EntityManager;
  let accounts: AccountsService;
  let drop: () => Promise<void>;
  let count = 0;

  beforeAll(async () => {
    const database = await freshDatabase();
    drop = database.drop;
    const [portalPort, issuerPort] = [await freePort(), await freePort()];
    settings = testSettings(database.url, {
      PORTAL_PORT: String(portalPort),
      ISSUER_PORT: String(issuerPort),
      DATABASE_POOL: '8',
    });
    portal = await createPortal(settings);
    await portal.listen(portalPort);
    em = portal.get(MikroORM).em.fork();
    accounts = portal.get(AccountsService, { strict: false });
  });
  afterAll(async () => {
    await portal?.close();
    await issuer?.close();
    await drop?.();
  });

  const aPerson = async (): Promise<{ id: string; userName: string }> => {
    const userName = `odile${++count}`;
    const id = await accounts.add(systemActor, {
      userName,
      firstName: 'Odile',
      lastName: 'Guidry',
      email: `${userName}@school.example.org`,
      passphrase,
    });
    return { id, userName };
  };

  /** From a page of the portal to the passphrase and back. */
  async function signIn(visitor: Visitor, userName: string, from = '/sign-in'): Promise<void> {
    await visitor.get(settings.PORTAL_ORIGIN + from);
    await visitor.send({ name: userName, passphrase });
  }

  const sessionOf = (visitor: Visitor): string | undefined => visitor.cookies.get('edlink_portal')?.value;

  it('says so and recovers when the issuer starts after it', async () => {
    const visitor = new Visitor();
    const away = await visitor.get(`${settings.PORTAL_ORIGIN}/sign-in`);
    expect(away.status).toBe(503);
    expect(away.text).toContain('Sign-in is not available right now');

    const late = new Visitor().get(`${settings.PORTAL_ORIGIN}/sign-in`);
    issuer = await createIssuer(settings);
    await issuer.listen(settings.ISSUER_PORT);
    expect([200, 503]).toContain((await late).status);
    expect((await visitor.get(`${settings.PORTAL_ORIGIN}/sign-in`)).url.origin).toBe(settings.ISSUER_ORIGIN);
  });

  it('RP-1 leads through the issuer with state, nonce and PKCE, and back to the page that was wanted', async () => {
    const { userName } = await aPerson();
    const visitor = new Visitor();
    const sent = await visitor.once('GET', `${settings.PORTAL_ORIGIN}/sign-in?returnTo=%2Fhelp%3Fx%3D1`);
    const request = new URL(sent.location!);
    expect(request.origin).toBe(settings.ISSUER_ORIGIN);
    expect(Object.fromEntries(request.searchParams)).toMatchObject({
      client_id: 'portal',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${settings.PORTAL_ORIGIN}/sign-in/callback`,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      max_age: '43200',
    });
    await visitor.get(sent.location!);
    const page = await visitor.send({ name: userName, passphrase });
    expect([page.status, page.url.href]).toEqual([200, `${settings.PORTAL_ORIGIN}/help?x=1`]);
    expect((await visitor.get(`${settings.PORTAL_ORIGIN}/`)).text).toContain('Odile Guidry');
  });

  it('a page that needs sign-in is the page one comes back to', async () => {
    const { userName } = await aPerson();
    const visitor = new Visitor();
    await signIn(visitor, userName, '/notifications');
    expect(visitor.page!.url.href).toBe(`${settings.PORTAL_ORIGIN}/notifications`);
  });

  it('SE-1 gives the browser a new session id; the one from before opens nothing', async () => {
    const { id, userName } = await aPerson();
    const visitor = new Visitor();
    await visitor.get(`${settings.PORTAL_ORIGIN}/sign-in`);
    const planted = sessionOf(visitor)!;
    await visitor.send({ name: userName, passphrase });
    expect(sessionOf(visitor)).toBeDefined();
    expect(sessionOf(visitor)).not.toBe(planted);
    const attacker = new Visitor();
    attacker.cookies.set('edlink_portal', { value: planted, path: '/' });
    expect((await attacker.get(`${settings.PORTAL_ORIGIN}/`)).text).not.toContain('Odile');
    expect(await em.execute('select 1 from web_session where account_id = ?', [id])).toHaveLength(1);
  });

  it('RP-1 an answer of another browser, of nobody, twice, or bent, signs nobody in', async () => {
    const { id, userName } = await aPerson();
    /** Everything but the last step: where the issuer sends the browser back to. */
    const answerFor = async (visitor: Visitor): Promise<string> => {
      visitor.cookies.delete('edlink_portal');
      let answer = await visitor.once('GET', `${settings.PORTAL_ORIGIN}/sign-in`);
      while (!answer.location?.startsWith(`${settings.PORTAL_ORIGIN}/sign-in/callback`)) {
        if (answer.location) answer = await visitor.once('GET', answer.location);
        else {
          const form = visitor.form();
          answer = await visitor.once('POST', form.action, { ...form.hidden, name: userName, passphrase });
        }
      }
      return answer.location;
    };
    const victim = new Visitor();
    const callback = await answerFor(victim);

    const attacker = new Visitor();
    expect((await attacker.once('GET', callback)).status).toBe(400);
    await attacker.get(`${settings.PORTAL_ORIGIN}/sign-in`);
    const refused = await attacker.once('GET', callback);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Sign-in was not finished');

    const bent: [string, (address: URL) => void][] = [
      ['state', (address) => address.searchParams.set('state', 'x')],
      ['no state', (address) => address.searchParams.delete('state')],
      ['iss', (address) => address.searchParams.set('iss', 'https://evil.test')],
      ['no iss', (address) => address.searchParams.delete('iss')],
      ['two states', (address) => address.searchParams.append('state', 'x')],
    ];
    for (const [what, bend] of bent) {
      const address = new URL(await answerFor(victim));
      bend(address);
      expect([what, (await victim.once('GET', address.href)).status]).toEqual([what, 400]);
    }
    expect(await em.execute('select 1 from web_session where account_id = ?', [id])).toHaveLength(0);
    expect((await victim.once('GET', await answerFor(victim))).status).toBe(303);
    expect(await em.execute('select 1 from web_session where account_id = ?', [id])).toHaveLength(1);
  });

  it('an answer of the issuer that says no is told as such', async () => {
    const visitor = new Visitor();
    const sent = await visitor.once('GET', `${settings.PORTAL_ORIGIN}/sign-in`);
    const state = new URL(sent.location!).searchParams.get('state')!;
    const parameters = new URLSearchParams({
      error: 'access_denied',
      error_description: '<b>no</b>',
      state,
      iss: settings.ISSUER_ORIGIN,
    });
    const page = await visitor.once('GET', `${settings.PORTAL_ORIGIN}/sign-in/callback?${parameters}`);
    expect(page.status).toBe(400);
    expect(page.html).not.toContain('<b>no');
  });

  it.each([
    '//evil.test',
    'https://evil.test/',
    '/\\evil.test',
    'javascript:alert(1)',
    '/a/..//evil.test',
    '%2f%2fevil.test',
  ])('WB-3 sign-in leads to no place outside: %s', async (text) => {
    const { userName } = await aPerson();
    const visitor = new Visitor();
    await signIn(visitor, userName, `/sign-in?returnTo=${encodeURIComponent(text)}`);
    expect(visitor.page!.url.href).toBe(`${settings.PORTAL_ORIGIN}/`);
    const again = await visitor.once('GET', `${settings.PORTAL_ORIGIN}/sign-in?returnTo=${encodeURIComponent(text)}`);
    expect(again.location).toBe(`${settings.PORTAL_ORIGIN}/`);
  });

  it('returnTo=account leads to the account page of the issuer', async () => {
    const { userName } = await aPerson();
    const visitor = new Visitor();
    await signIn(visitor, userName, '/sign-in?returnTo=account');
    expect(visitor.page!.url.href).toBe(`${settings.ISSUER_ORIGIN}/account`);
    expect(visitor.page!.status).toBe(200);
  });

  it('SE-6 signing out ends the session here and at the issuer', async () => {
    const { userName } = await aPerson();
    const visitor = new Visitor();
    await signIn(visitor, userName);
    const cookies = new Map(visitor.cookies);
    await visitor.get(`${settings.PORTAL_ORIGIN}/`);
    let page = await visitor.send({}, '/sign-out');
    // The issuer may ask before it ends its own session.
    if (page.url.origin === settings.ISSUER_ORIGIN) page = await visitor.send({}, visitor.form().action);
    expect([page.status, page.url.origin + page.url.pathname]).toEqual([200, `${settings.PORTAL_ORIGIN}/signed-out`]);
    expect(page.headers.get('clear-site-data')).toBe('"cache", "cookies", "storage"');

    const back = new Visitor();
    for (const [name, cookie] of cookies) back.cookies.set(name, cookie);
    expect((await back.get(`${settings.PORTAL_ORIGIN}/`)).text).not.toContain('Odile');
    await back.get(`${settings.PORTAL_ORIGIN}/sign-in`);
    expect(back.page!.url.origin).toBe(settings.ISSUER_ORIGIN);
    expect(back.page!.html).toContain('name="passphrase"');
  });

  it('SE-4 after the account is disabled no sign-in is left, and none can be made of the issuer session', async () => {
    const { id, userName } = await aPerson();
    const visitor = new Visitor();
    await signIn(visitor, userName);
    await accounts.disable(systemActor, id, 'left the school');
    expect((await visitor.get(`${settings.PORTAL_ORIGIN}/`)).text).not.toContain('Odile');
    const page = await visitor.get(`${settings.PORTAL_ORIGIN}/sign-in`);
    expect(page.url.origin).toBe(settings.ISSUER_ORIGIN);
    expect(page.html).toContain('name="passphrase"');
  });
});
