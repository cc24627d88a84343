import { connect } from 'node:net';
import type { LinkPurpose } from '#accounts';
import { passphrase } from '../support/accounts.js';
import { startIssuer, type TestIssuer } from '../support/issuer.js';
import type { Visitor } from '../support/visitor.js';

let issuer: TestIssuer;
let people = 0;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer?.stop());
beforeEach(() => issuer.sql(`delete from attempt_counter`));

const paths: Record<LinkPurpose, string> = {
  'confirm-address': '/confirm',
  'reset-passphrase': '/reset',
  'change-address': '/address',
  'not-me': '/not-me',
};
const purposes = Object.keys(paths) as LinkPurpose[];

async function linkTo(address: string, subject?: string): Promise<string> {
  await issuer.deliver();
  const mail = issuer.mailbox
    .mails()
    .findLast((one) => one.recipients.includes(address) && (!subject || one.subject === subject));
  if (!mail?.links[0]) throw new Error(`no link came to ${address}`);
  return mail.links[0];
}

/** Through the pages to a mail with a link of each kind. */
const makers: Record<LinkPurpose, () => Promise<string>> = {
  'confirm-address': async () => {
    const userName = `new.${++people}`;
    const visitor = issuer.visitor();
    await visitor.get(`${issuer.origin}/register`);
    await visitor.send({
      firstName: 'Inez',
      lastName: 'Guidry',
      userName,
      email: `${userName}@acadia.example.org`,
      passphrase,
    });
    return linkTo(`${userName}@acadia.example.org`);
  },
  'reset-passphrase': async () => {
    const userName = `forgetful.${++people}`;
    await issuer.account(userName);
    const visitor = issuer.visitor();
    await visitor.get(`${issuer.origin}/forgot`);
    await visitor.send({ name: userName });
    return linkTo(`${userName}@acadia.example.org`);
  },
  'change-address': async () => (await moving()).newLink(),
  'not-me': async () => (await moving()).oldLink(),
};

async function moving() {
  const userName = `moving.${++people}`;
  await issuer.account(userName);
  const visitor = await issuer.signedIn(userName);
  await visitor.get(`${issuer.origin}/account/address`);
  const page = await visitor.send({ email: `${userName}@bayou.example.org`, current: passphrase });
  expect(page.text).toContain('Check the mail at the new address');
  return {
    newLink: () => linkTo(`${userName}@bayou.example.org`),
    oldLink: () => linkTo(`${userName}@acadia.example.org`, 'Somebody asked to change your e-mail address'),
  };
}

/** Opens the page a token belongs to, or not, and presses its button, as far as there is one. */
async function tryAt(door: LinkPurpose, link: string): Promise<string> {
  const visitor = issuer.visitor();
  await visitor.get(`${issuer.origin}/forgot`);
  const { hidden } = visitor.form();
  const page = await visitor.get(`${issuer.origin}${paths[door]}${new URL(link).search}`);
  const end = await visitor.once('POST', `${issuer.origin}${paths[door]}`, hidden);
  return `${page.status} ${end.status} ${end.location ? new URL(end.location).pathname : /<h1>([^<]*)/.exec(end.html)?.[1]}`;
}

describe('links through their pages', () => {
  it.each(purposes.flatMap((made) => purposes.filter((door) => door !== made).map((door) => [made, door] as const)))(
    'RS-2 a link made to %s is refused at %s',
    async (made, door) => {
      const link = await makers[made]();
      expect(await tryAt(door, link)).toBe('422 422 This link no longer works');
      const own = await tryAt(made, link);
      expect(own).toBe(
        `200 303 ${{ 'confirm-address': '/confirm/done', 'reset-passphrase': '/reset/passphrase', 'change-address': '/address/done', 'not-me': '/not-me/done' }[made]}`,
      );
      expect(await tryAt(made, link)).toBe('422 422 This link no longer works');
    },
  );

  it('RS-4 no page of the reset can be reached by its address, with another browser or with another person’s flow', async () => {
    for (const path of ['/reset', '/reset/passphrase'])
      expect((await issuer.visitor().get(`${issuer.origin}${path}`)).status).toBe(422);
    const visitor = issuer.visitor();
    await visitor.get(await makers['reset-passphrase']());
    const page = await visitor.send();
    expect(page.url.pathname).toBe('/reset/passphrase');

    const thief = issuer.visitor();
    await thief.get(`${issuer.origin}/forgot`);
    const { hidden } = thief.form();
    expect(
      (
        await thief.once('POST', `${issuer.origin}/reset/passphrase`, {
          ...hidden,
          passphrase: 'copper ladder winter thimble',
        })
      ).status,
    ).toBe(422);
    const short = await visitor.send({ passphrase: 'short' });
    expect([short.status, short.text.includes('at least 15')]).toEqual([422, true]);
    expect((await visitor.send({ passphrase: 'copper ladder winter thimble' })).url.pathname).toBe('/reset/done');
    expect((await visitor.get(`${issuer.origin}/reset/passphrase`)).status).toBe(422);
    expect((await visitor.get(`${issuer.origin}/account`)).location).toBe(
      `${issuer.settings.PORTAL_ORIGIN}/sign-in?returnTo=account`,
    ); // RS-5: not signed in
  });

  it('RS-7 the token is in no page, in no audit row and gone from the cookie after use', async () => {
    const link = await makers['reset-passphrase']();
    const token = new URL(link).searchParams.get('token')!;
    const visitor = issuer.visitor();
    const page = await visitor.get(link);
    expect(page.url.search).toBe('');
    expect(page.html).not.toContain(token);
    expect(page.headers.get('referrer-policy')).toBe('same-origin'); // of an address without the token
    expect((await issuer.visitor().once('GET', link)).headers.get('referrer-policy')).toBe('no-referrer');
    await visitor.send();
    expect([...visitor.cookies.keys()].filter((name) => name.includes('reset_passphrase'))).toEqual([]);
    expect(await issuer.sql(`select 1 from audit_entry e where e::text like ?`, [`%${token}%`])).toHaveLength(0);
  });
});

describe('RS-6 headers never decide where a link leads', () => {
  /** Sends a POST byte by byte as given; answers status line and Location. */
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(issuer.settings.ISSUER_PORT), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      socket.on('end', () => resolve(answer));
      socket.on('error', reject);
    });
  const variants: [string, (host: string) => { line?: string; headers: string[] }][] = [
    ['another Host', () => ({ headers: ['Host: evil.test'] })],
    ['Host with another port', (host) => ({ headers: [`Host: ${host.split(':')[0]}:1`] })],
    ['Host with a trailing dot', (host) => ({ headers: [`Host: ${host.replace(':', '.:')}`] })],
    ['Host with a user', (host) => ({ headers: [`Host: evil.test@${host}`] })],
    ['two Hosts', (host) => ({ headers: [`Host: ${host}`, 'Host: evil.test'] })],
    ['no Host', () => ({ headers: [] })],
    ['an absolute request line', (host) => ({ line: 'http://evil.test/forgot', headers: [`Host: ${host}`] })],
    ['X-Forwarded-Host', (host) => ({ headers: [`Host: ${host}`, 'X-Forwarded-Host: evil.test'] })],
    [
      'X-Forwarded-Proto',
      (host) => ({ headers: [`Host: ${host}`, 'X-Forwarded-Proto: https', 'X-Forwarded-Port: 444'] }),
    ],
    ['Forwarded', (host) => ({ headers: [`Host: ${host}`, 'Forwarded: host=evil.test;proto=https'] })],
    [
      'X-Original-URL',
      (host) => ({ headers: [`Host: ${host}`, 'X-Original-URL: http://evil.test/', 'X-Rewrite-URL: /evil'] }),
    ],
    ['X-Host', (host) => ({ headers: [`Host: ${host}`, 'X-Host: evil.test', 'X-HTTP-Host-Override: evil.test'] })],
  ];

  it.each(variants)('RS-6 %s', async (_, variant) => {
    const userName = `hosted.${++people}`;
    await issuer.account(userName);
    const visitor: Visitor = issuer.visitor();
    await visitor.get(`${issuer.origin}/forgot`);
    const body = new URLSearchParams({ ...visitor.form().hidden, name: userName }).toString();
    const { line = '/forgot', headers } = variant(new URL(issuer.origin).host);
    const cookies = [...visitor.cookies].map(([name, cookie]) => `${name}=${cookie.value}`).join('; ');
    const answer = await raw(
      [
        `POST ${line} HTTP/1.1`,
        ...headers,
        `Origin: ${issuer.origin}`,
        `Cookie: ${cookies}`,
        'Content-Type: application/x-www-form-urlencoded',
        `Content-Length: ${body.length}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 (303|400|403|421) /);
    expect(answer).not.toContain('evil');
    const where = /^Location: (.*)\r$/im.exec(answer)?.[1];
    if (where !== undefined) expect(where).toBe('/forgot/sent');
    issuer.mailbox.clear();
    await issuer.deliver();
    for (const mail of issuer.mailbox.mails()) {
      expect(mail.links.every((link) => link.startsWith(`${issuer.origin}/`))).toBe(true);
      expect(`${mail.text}${mail.html}`).not.toContain('evil');
    }
  });

  it('RS-6 a Host that is not ours is refused before anything is done, on every kind of page', async () => {
    for (const path of [
      '/',
      '/register',
      '/oidc/auth',
      '/.well-known/openid-configuration',
      '/assets/edlink/edlink.css',
    ]) {
      expect(await raw(`GET ${path} HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 421 /,
      );
    }
  });
});

describe('RS-8 how many mails strangers can cause', () => {
  const ask = async (name: string): Promise<void> => {
    const visitor = issuer.visitor();
    await visitor.get(`${issuer.origin}/forgot`);
    await issuer.sql(`delete from attempt_counter where key like 'mail:network:%'`); // as from many networks
    expect((await visitor.send({ name })).url.pathname).toBe('/forgot/sent');
  };

  it('RS-8 a hundred wishes in one hour are three mails; plus addresses and dots are the same mailbox', async () => {
    await issuer.account('flooded.person', { email: 'flooded.person@acadia.example.org' });
    await issuer.deliver();
    issuer.mailbox.clear();
    for (let at = 0; at < 4; at++) {
      await ask('flooded.person@acadia.example.org');
      await issuer.deliver();
    }
    const visitor = issuer.visitor();
    for (let at = 0; at < 96; at++) {
      await issuer.sql(`delete from attempt_counter where key like 'mail:network:%'`);
      await visitor.get(`${issuer.origin}/register`);
      const email = at % 2 ? `flooded.person+${at}@acadia.example.org` : 'f.looded.person@acadia.example.org';
      expect(
        (await visitor.send({ firstName: 'Inez', lastName: 'Guidry', userName: `flood.${at}`, email, passphrase })).url
          .pathname,
      ).toBe('/register/sent');
    }
    await issuer.deliver();
    expect(issuer.mailbox.mails()).toHaveLength(3);
  });

  it('RS-8 one network causes at most 20 mails an hour, ten a day go to one mailbox', async () => {
    issuer.mailbox.clear();
    const visitor = issuer.visitor();
    for (let at = 0; at < 30; at++) await issuer.account(`neighbour.${at}`);
    for (let at = 0; at < 30; at++) {
      await visitor.get(`${issuer.origin}/forgot`);
      await visitor.send({ name: `neighbour.${at}` });
    }
    await issuer.deliver();
    expect(issuer.mailbox.mails()).toHaveLength(20);

    const id = await issuer.account('all.day');
    for (let hour = 0; hour < 12; hour++) {
      for (let at = 0; at < 4; at++) {
        await ask('all.day');
        await issuer.sql(`update message set state = 'sent'`); // or the next one would be merged with it
      }
      issuer.clock.advance(61 * 60 * 1000);
    }
    expect(await issuer.sql(`select 1 from message where recipient_id = ?`, [id])).toHaveLength(10);
  });
});
