import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { passphrase } from '../support/accounts.js';
import { startIssuer, type TestIssuer } from '../support/issuer.js';
import type { Visitor } from '../support/visitor.js';

/** 515 strings that break things; the test says so when they are not there. */
const naughty = join(process.env.EDLINK_SHARED ?? '../shared', 'data/strings/blns.json');

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer?.stop());

const form = (userName: string, others: Record<string, string> = {}) => ({
  firstName: 'Céleste',
  lastName: 'Arceneaux',
  userName,
  email: `${userName}@acadia.example.org`,
  passphrase,
  ...others,
});

async function registered(fields: Record<string, string>): Promise<Visitor> {
  await issuer.sql(`delete from attempt_counter`);
  const visitor = issuer.visitor();
  await visitor.get(`${issuer.origin}/register`);
  const page = await visitor.send(fields);
  expect([page.status, page.url.pathname]).toEqual([200, '/register/sent']);
  return visitor;
}

/** The link of the newest mail to an address. */
async function linkTo(address: string): Promise<string> {
  await issuer.deliver();
  return issuer.mailbox.lastTo(address).links[0]!;
}

describe('registering', () => {
  it('from the form over the mail to the first sign-in; nothing exists before the address is proven', async () => {
    const visitor = await registered(form('celeste.a'));
    expect(await issuer.sql(`select 1 from account where user_name = 'celeste.a'`)).toHaveLength(0);
    const link = await linkTo('celeste.a@acadia.example.org');
    let page = await visitor.get(link);
    expect(page.url.href).toBe(`${issuer.origin}/confirm`);
    expect(page.text).toContain('celeste.a@acadia.example.org');
    page = await visitor.send();
    expect(page.url.pathname).toBe('/confirm/done');
    expect(page.html).toContain(`href="${issuer.settings.PORTAL_ORIGIN}/sign-in"`);
    await issuer.signedIn('celeste.a');
    const audit = await issuer.sql<{ action: string; account_id: string | null }>(
      `select action, account_id from audit_entry where action in ('account.register', 'account.confirm-address', 'account.sign-in') order by id`,
    );
    expect(audit.map(({ action, account_id }) => [action, account_id !== null])).toEqual([
      ['account.register', false],
      ['account.confirm-address', true],
      ['account.sign-in', true],
    ]);
  });

  it('RS-7 opening the link, by GET or HEAD and however often, uses nothing up; the address is clean and no referrer is sent', async () => {
    await registered(form('prefetched'));
    const link = await linkTo('prefetched@acadia.example.org');
    for (let at = 0; at < 5; at++) {
      const scanner = issuer.visitor();
      const first = await scanner.once(at % 2 ? 'GET' : 'HEAD', link);
      expect([first.status, first.location]).toEqual([303, `${issuer.origin}/confirm`]);
      expect(first.headers.get('referrer-policy')).toBe('no-referrer');
      expect(first.headers.get('set-cookie')).toMatch(
        /edlink_issuer_confirm_address=[\w-]{43};.*HttpOnly; SameSite=Lax/,
      );
      expect((await scanner.get(`${issuer.origin}/confirm`)).status).toBe(200);
    }
    const visitor = issuer.visitor();
    const page = await visitor.get(link);
    expect(page.html).not.toContain(new URL(link).searchParams.get('token'));
    expect((await visitor.send()).url.pathname).toBe('/confirm/done');
  });

  it('EN-3 a known address gets the same answer, one reminder an hour, and nothing is created or changed', async () => {
    await issuer.account('known', { email: 'Known.Person@acadia.example.org' });
    const before = await issuer.sql(`select * from account where user_name = 'known'`);
    issuer.mailbox.clear();
    for (let at = 0; at < 3; at++)
      await registered(form(`somebody.${at}`, { email: 'known.person@acadia.example.org' }));
    expect(await issuer.sql(`select * from account where user_name = 'known'`)).toEqual(before);
    expect(
      await issuer.sql(`select 1 from registration where email_key = 'known.person@acadia.example.org'`),
    ).toHaveLength(0);
    await issuer.deliver();
    const mail = issuer.mailbox.lastTo('Known.Person@acadia.example.org');
    expect(mail.subject).toBe('You have an account already');
    expect(mail.links).toEqual([`${issuer.origin}/forgot`]);
  });

  it('EN-3 three wishes in one hour are one reminder', async () => {
    await issuer.account('reminded');
    issuer.mailbox.clear();
    await issuer.sql(`delete from attempt_counter`);
    for (let at = 0; at < 3; at++) {
      const visitor = issuer.visitor();
      await visitor.get(`${issuer.origin}/register`);
      await visitor.send(form(`other.${at}`, { email: 'reminded@acadia.example.org' }));
    }
    await issuer.deliver();
    expect(
      issuer.mailbox.mails().filter((mail) => mail.recipients.includes('reminded@acadia.example.org')),
    ).toHaveLength(1);
  });

  it('a user name taken meanwhile is told after the proof, and another one can be chosen with the same link', async () => {
    await registered(form('popular', { email: 'first@acadia.example.org' }));
    const first = issuer.visitor();
    const second = issuer.visitor();
    const [firstLink] = [await linkTo('first@acadia.example.org')];
    await registered(form('Popular', { email: 'second@acadia.example.org' }));
    const secondLink = await linkTo('second@acadia.example.org');
    await first.get(firstLink);
    await second.get(secondLink); // the page is open while the other one is faster
    await first.send();
    let page = await second.send();
    expect([page.status, page.text.includes('Somebody else has this user name')]).toEqual([422, true]);
    page = await second.send({ userName: 'x' });
    expect(page.status).toBe(422);
    page = await second.send({ userName: 'popular.two' });
    expect(page.url.pathname).toBe('/confirm/done');
    await issuer.signedIn('popular.two');
  });

  it('of two registrations with one address the first confirmed counts; the other hears so', async () => {
    const one = await registered(form('twice.a', { email: 'twice@acadia.example.org' }));
    const oneLink = await linkTo('twice@acadia.example.org');
    const other = await registered(form('twice.b', { email: 'Twice@acadia.example.org' }));
    const otherLink = await linkTo('Twice@acadia.example.org');
    await one.get(oneLink);
    expect((await one.send()).url.pathname).toBe('/confirm/done');
    await other.get(otherLink);
    const page = await other.send();
    expect([page.status, page.text.includes('There is an account with this address already')]).toEqual([409, true]);
    expect(await issuer.sql(`select 1 from account where email_key = 'twice@acadia.example.org'`)).toHaveLength(1);
  });

  it('faults stand beside the fields and in the summary; what was typed stays, the passphrase does not', async () => {
    const visitor = issuer.visitor();
    await visitor.get(`${issuer.origin}/register`);
    const page = await visitor.send(
      form('a@b', { lastName: '\u202eevil', email: 'a@la.gov,b@evil.test', passphrase: 'shortpass' }),
    );
    expect(page.status).toBe(422);
    for (const field of ['lastName', 'userName', 'email', 'passphrase']) {
      expect(page.html).toContain(`href="#${field}"`);
      expect(page.html).toContain(`id="${field}-fault"`);
    }
    expect(page.html).toContain('value="Céleste"');
    expect(page.html).toContain('value="a@la.gov,b@evil.test"');
    expect(page.html).not.toContain('shortpass');
    expect(page.html).toContain('<title>Error: Register');
    expect(await issuer.sql(`select 1 from registration where user_name = 'a@b'`)).toHaveLength(0);
  });

  (existsSync(naughty) ? it : it.skip)(
    'each of the naughty strings, in every field: a clear answer, never a fault of ours, never markup',
    async () => {
      const strings = JSON.parse(readFileSync(naughty, 'utf8')) as string[];
      const visitor = issuer.visitor();
      await visitor.get(`${issuer.origin}/register`);
      const { _token } = visitor.form().hidden as { _token: string };
      const odd: string[] = [];
      for (const text of strings) {
        await issuer.sql(`delete from attempt_counter`);
        const page = await visitor.once('POST', `${issuer.origin}/register`, {
          _token,
          firstName: text,
          lastName: text,
          userName: text,
          email: text,
          passphrase: text,
        });
        const free = page.html
          .replaceAll(/value="[^"]*"/g, '')
          .replaceAll(/Choose a passphrase of at (least|most)[^<]*/g, '');
        if (
          page.status !== 422 ||
          /<script(?! src="\/assets)|<img(?! src="\/assets\/edlink)|<svg|onerror=|javascript:/i.test(free)
        )
          odd.push(`${page.status} ${text}`);
      }
      expect(odd).toEqual([]);
    },
  );
});
