import { MikroORM } from '@mikro-orm/postgresql';
import { AccountsService } from '#accounts';
import { newId, systemActor } from '#kernel';
import { RequestsService } from '#requests';
import { passphrase } from '../support/accounts.js';
import { startIssuer, type TestIssuer } from '../support/issuer.js';
import { anAssignment, aSite, aStaffMember, aStateOfficer, aSystem, aTeacher } from '../support/people.js';
import type { Visitor } from '../support/visitor.js';

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer?.stop());
beforeEach(() => issuer.sql(`delete from attempt_counter`));

const another = 'copper ladder winter thimble';
const isIn = async (visitor: Visitor): Promise<boolean> =>
  (await visitor.get(`${issuer.origin}/account`)).status === 200;
const mailsTo = async (address: string) => {
  await issuer.deliver();
  return issuer.mailbox.mails().filter((mail) => mail.recipients.includes(address));
};

describe('one’s own account', () => {
  it('sends a stranger to sign in at the portal, and back', async () => {
    const page = await issuer.visitor().get(`${issuer.origin}/account/passphrase`);
    expect([page.status, page.location]).toEqual([303, `${issuer.settings.PORTAL_ORIGIN}/sign-in?returnTo=account`]);
  });

  it('PW-6 a new passphrase needs the current one, ends every other session, and is told by exactly one mail', async () => {
    const id = await issuer.account('changer');
    const [mine, other] = [await issuer.signedIn('changer'), await issuer.signedIn('changer')];
    expect(await isIn(other)).toBe(true);
    await mine.get(`${issuer.origin}/account/passphrase`);
    let page = await mine.send({ current: 'not the passphrase', passphrase: another }, '/account/passphrase');
    expect([page.status, page.html.includes('id="current-fault"')]).toEqual([422, true]);
    page = await mine.send({ current: passphrase, passphrase: 'changer changer' }, '/account/passphrase');
    expect([page.status, page.html.includes('id="passphrase-fault"')]).toEqual([422, true]);
    page = await mine.send({ current: passphrase, passphrase }, '/account/passphrase');
    expect(page.status).toBe(422);
    expect(await isIn(other)).toBe(true);
    await mine.get(`${issuer.origin}/account/passphrase`);
    page = await mine.send({ current: passphrase, passphrase: another }, '/account/passphrase');
    expect([page.status, page.url.pathname, page.text.includes('Your passphrase is changed')]).toEqual([
      200,
      '/account',
      true,
    ]);
    expect(await isIn(other)).toBe(false);
    expect(await isIn(mine)).toBe(true);
    expect(await mailsTo('changer@acadia.example.org')).toHaveLength(1);
    await issuer.signedIn('changer', another);
    const rows = await issuer.sql<{ action: string; result: string }>(
      `select action, result from audit_entry where target = ? and action = 'account.change-passphrase' order by id`,
      [`account:${id}`],
    );
    expect(rows).toEqual([
      { action: 'account.change-passphrase', result: 'refused' },
      { action: 'account.change-passphrase', result: 'done' },
    ]);
  });

  it('PW-6 guessing the current passphrase from an open session is counted', async () => {
    await issuer.account('guessed');
    const visitor = await issuer.signedIn('guessed');
    await visitor.get(`${issuer.origin}/account/passphrase`);
    for (let at = 0; at < 5; at++)
      await visitor.send({ current: 'not the passphrase', passphrase: another }, '/account/passphrase');
    expect((await visitor.send({ current: passphrase, passphrase: another }, '/account/passphrase')).status).toBe(422);
    await issuer.signedIn('guessed'); // sign-in is not in the way of it
  });

  it('SE-4 disable and sign out everywhere end every session with their commit', async () => {
    const id = await issuer.account('everywhere');
    const three = [
      await issuer.signedIn('everywhere'),
      await issuer.signedIn('everywhere'),
      await issuer.signedIn('everywhere'),
    ];
    await three[0]!.get(`${issuer.origin}/account`);
    const end = await three[0]!.send({}, '/account/sign-out-everywhere');
    expect(end.url.pathname).toBe('/signed-out');
    for (const one of three) expect(await isIn(one)).toBe(false);

    const more = [await issuer.signedIn('everywhere'), await issuer.signedIn('everywhere')];
    // 200 requests while it happens: none that began after the commit sees the account.
    const accounts = issuer.app.get(AccountsService, { strict: false });
    let acknowledged = false;
    let late = 0;
    const cookie = [...more[0]!.cookies].map(([name, value]) => `${name}=${value.value}`).join('; ');
    const askMany = Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let at = 0; at < 25; at++) {
          const after = acknowledged;
          const answer = await fetch(`${issuer.origin}/account`, {
            redirect: 'manual',
            headers: { cookie, accept: 'text/html' },
          });
          await answer.arrayBuffer();
          if (after && answer.status === 200) late++;
        }
      }),
    );
    await accounts.disable(systemActor, id, 'left the school');
    acknowledged = true;
    await askMany;
    expect(late).toBe(0);
    for (const one of more) expect(await isIn(one)).toBe(false);
    await accounts.enable(systemActor, id, 'came back');
    for (const one of more) expect(await isIn(one)).toBe(false);
  });

  it('SE-6 only the button signs out; the browser is told to forget', async () => {
    await issuer.account('leaver');
    const visitor = await issuer.signedIn('leaver');
    expect((await visitor.get(`${issuer.origin}/sign-out`)).status).toBe(404);
    const page = await visitor.get(`${issuer.origin}/account`);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const kept = new Map(visitor.cookies);
    const { action, hidden } = visitor.form('/sign-out');
    const answer = await visitor.once('POST', action, hidden);
    expect([answer.status, answer.headers.get('clear-site-data')]).toEqual([303, '"cache", "cookies", "storage"']);
    const copied = issuer.visitor(); // somebody who copied the cookies before
    for (const [name, value] of kept) copied.cookies.set(name, value);
    expect(await isIn(copied)).toBe(false);
  });
});

describe('another e-mail address', () => {
  const ask = async (name: string, email: string, current = passphrase): Promise<Visitor> => {
    const visitor = await issuer.signedIn(name);
    await visitor.get(`${issuer.origin}/account/address`);
    await visitor.send({ email, current }, '/account/address');
    return visitor;
  };

  it('changes when the link at the new address is followed; both addresses are told', async () => {
    await issuer.account('mover');
    const visitor = await ask('mover', 'mover@bayou.example.org');
    expect(visitor.page!.text).toContain('Check the mail at the new address');
    expect(await mailsTo('mover@acadia.example.org')).toHaveLength(1);
    const [mail] = await mailsTo('mover@bayou.example.org');
    expect((await issuer.sql<{ email: string }>(`select email from account where user_name = 'mover'`))[0]!.email).toBe(
      'mover@acadia.example.org',
    );
    const phone = issuer.visitor();
    await phone.get(mail!.links[0]!);
    expect((await phone.send()).url.pathname).toBe('/address/done');
    expect((await issuer.sql<{ email: string }>(`select email from account where user_name = 'mover'`))[0]!.email).toBe(
      'mover@bayou.example.org',
    );
    expect((await mailsTo('mover@acadia.example.org')).map(({ subject }) => subject)).toEqual([
      'Somebody asked to change your e-mail address',
      'Your e-mail address was changed',
    ]);
    expect((await mailsTo('mover@bayou.example.org')).map(({ subject }) => subject)).toEqual([
      'Confirm your new e-mail address',
      'Your e-mail address was changed',
    ]);
    await issuer.signedIn('mover@bayou.example.org');
  });

  it('RS-9 "this was not me" from the old address: frozen, signed out, the address is back', async () => {
    const id = await issuer.account('victim');
    const thief = await ask('victim', 'thief@evil.example.org');
    const [link] = (await mailsTo('thief@evil.example.org'))[0]!.links;
    await thief.get(link!);
    await thief.send();
    const told = (await mailsTo('victim@acadia.example.org')).at(-1)!;
    const owner = issuer.visitor();
    const page = await owner.get(told.links[0]!);
    expect(page.text).toContain('Freeze my account');
    expect((await issuer.sql<{ status: string }>(`select status from account where id = ?`, [id]))[0]!.status).toBe(
      'active',
    );
    expect((await owner.send()).url.pathname).toBe('/not-me/done');
    const [row] = await issuer.sql<{ status: string; email: string }>(
      `select status, email from account where id = ?`,
      [id],
    );
    expect(row).toEqual({ status: 'frozen', email: 'victim@acadia.example.org' });
    expect(await isIn(thief)).toBe(false);
    await expect(issuer.signedIn('victim')).rejects.toThrow('was not signed in: 422');
  });

  it('RS-9 AC-6 a coordinator who freezes the account at the issuer holds no open request up: the state desk has it at once', async () => {
    const em = issuer.app.get(MikroORM).em.fork();
    const requests = issuer.app.get(RequestsService, { strict: false });
    const system = await aSystem(em);
    const coordinator = await aStaffMember(em);
    await anAssignment(em, coordinator.staffMemberId, { reach: 'system', system });
    const accountId = await issuer.account('deciding');
    await em.execute(`insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`, [
      newId(),
      accountId,
      coordinator.staffMemberId,
    ]);
    const officer = await aStateOfficer(em);
    const teacher = await aTeacher(em);
    await requests.submit(teacher.actor, {
      wishes: [
        {
          application: 'ser-iep-form',
          role: 'iep-form',
          permissions: ['iep-form-writer'],
          location: { level: 'site', code: await aSite(em, system) },
        },
      ],
      formKey: newId(),
    });
    const deciders = () => issuer.sql(`select staff_member_id as id from request_decider order by 1`);
    expect(await deciders()).toEqual([{ id: coordinator.staffMemberId }]);

    await ask('deciding', 'taker@evil.example.org');
    const told = (await mailsTo('deciding@acadia.example.org')).at(-1)!;
    const owner = issuer.visitor();
    await owner.get(told.links[0]!);
    await owner.send();
    expect(await deciders()).toEqual([{ id: officer.staffMemberId }]);
    await issuer.app.get(AccountsService, { strict: false }).enable(systemActor, accountId, 'Called back');
    expect(await deciders()).toEqual([{ id: coordinator.staffMemberId }]);
  });

  it('EN-1 an address of somebody else gets the same answer, its owner a reminder, and nothing changes', async () => {
    await issuer.account('holder');
    await issuer.account('wisher');
    const visitor = await ask('wisher', 'Holder@acadia.example.org');
    expect(visitor.page!.text).toContain('Check the mail at the new address');
    expect((await mailsTo('holder@acadia.example.org')).map(({ subject }) => subject)).toEqual([
      'You have an account already',
    ]);
  });

  it('needs the passphrase and one plain address', async () => {
    await issuer.account('careful');
    for (const [email, current, field] of [
      ['careful@bayou.example.org', 'not the passphrase', 'current'],
      ['a@la.gov,b@evil.test', passphrase, 'email'],
      ['CAREFUL@acadia.example.org', passphrase, 'email'],
    ] as const) {
      const visitor = await ask('careful', email, current);
      expect([visitor.page!.status, visitor.page!.html.includes(`id="${field}-fault"`)]).toEqual([422, true]);
      expect(visitor.page!.html).toContain(`value="${email}"`);
    }
    expect(
      await issuer.sql(
        `select 1 from address_change c join account a on a.id = c.account_id where a.user_name = 'careful'`,
      ),
    ).toHaveLength(0);
  });

  it('of two wishes for one free address the first proven wins', async () => {
    const names = ['rival.one', 'rival.two'];
    const links: string[] = [];
    for (const name of names) {
      await issuer.account(name);
      await ask(name, 'prize@bayou.example.org');
      links.push((await mailsTo('prize@bayou.example.org')).at(-1)!.links[0]!);
    }
    const ends = await Promise.all(
      links.map(async (link) => {
        const visitor = issuer.visitor();
        await visitor.get(link);
        return (await visitor.send()).status;
      }),
    );
    expect(ends.sort()).toEqual([200, 409]);
    expect(await issuer.sql(`select 1 from account where email_key = 'prize@bayou.example.org'`)).toHaveLength(1);
  });
});

describe('passphrases and other people', () => {
  it('PW-3 the name of a school or system is no passphrase', async () => {
    await issuer.sql(
      `insert into school_system (code, name, name_key, kind) values ('T77', 'Tchefuncte River Parish', 'tchefuncte river parish', 'parish')`,
    );
    await issuer.account('local.pride');
    const visitor = await issuer.signedIn('local.pride');
    await visitor.get(`${issuer.origin}/account/passphrase`);
    for (const chosen of ['Tchefuncte River Parish', 'tchefuncte-river-parish 2026', 'TchefuncteRiverParish1']) {
      const page = await visitor.send({ current: passphrase, passphrase: chosen }, '/account/passphrase');
      expect([chosen, page.status, page.text.includes('guessers try first')]).toEqual([chosen, 422, true]);
    }
  });

  it('PW-7 nobody but the owner sees or chooses one: no answer holds a hash, closing and opening leave it as it is', async () => {
    const id = await issuer.account('private');
    const accounts = issuer.app.get(AccountsService, { strict: false });
    const stored = () => issuer.sql<{ password_hash: string }>(`select password_hash from account where id = ?`, [id]);
    const before = await stored();
    await accounts.disable(systemActor, id, 'left the school');
    await accounts.enable(systemActor, id, 'came back');
    expect(await stored()).toEqual(before);
    const account = (await accounts.find(id))!;
    expect(JSON.stringify(account)).not.toContain('argon2');
    const visitor = await issuer.signedIn('private');
    expect((await visitor.get(`${issuer.origin}/account`)).html).not.toMatch(/argon2|password_hash/);
    expect(await issuer.sql(`select 1 from audit_entry e where e::text like '%argon2%'`)).toHaveLength(0);
  });
});
