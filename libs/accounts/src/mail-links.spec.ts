import { type Actor, days, minutes, newToken, type Problem, type SignedIn } from '#kernel';
import { passphrase, startAccounts, type TestAccounts } from '../../../test/support/accounts.js';
import {
  AccountFreeze,
  AccountsService,
  AddressChangeService,
  type LinkPurpose,
  PassphraseChange,
  PassphraseReset,
  RegistrationService,
} from './index.js';
import { OldRows } from './old-rows.js';

let lab: TestAccounts;
let people = 0;
const stranger = (): Actor => ({ client: 'issuer', address: `2001:db8:${(++people).toString(16)}::1` });
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (problem: Problem) => problem.code,
  );

/** Makes a fresh link of each kind; tells its token and, where there is one, its account. */
const makers: Record<LinkPurpose, () => Promise<{ token: string; accountId?: string }>> = {
  'confirm-address': async () => {
    const userName = `new.person.${++people}`;
    await lab.get(RegistrationService).register(stranger(), {
      userName,
      firstName: 'Inez',
      lastName: 'Guidry',
      email: `${userName}@acadia.example.org`,
      passphrase,
    });
    return { token: await lab.token('account.confirm-address') };
  },
  'reset-passphrase': async () => {
    const account = await lab.account(`forgetful.${++people}`);
    await lab.get(PassphraseReset).ask(stranger(), account.userName);
    return { token: await lab.token('account.reset-passphrase'), accountId: account.id };
  },
  'change-address': async () => {
    const account = await lab.account(`moving.${++people}`);
    await lab.get(AddressChangeService).ask({ ...stranger(), accountId: account.id } as SignedIn, {
      email: `moved.${people}@bayou.example.org`,
      current: passphrase,
    });
    return { token: await lab.token('account.change-address'), accountId: account.id };
  },
  'not-me': async () => {
    const account = await lab.account(`robbed.${++people}`);
    await lab.get(AddressChangeService).ask({ ...stranger(), accountId: account.id } as SignedIn, {
      email: `thief.${people}@evil.example.org`,
      current: passphrase,
    });
    return { token: await lab.token('account.address-asked'), accountId: account.id };
  },
};

/** Uses a token at the door of each kind. */
const doors: Record<LinkPurpose, (token: string) => Promise<unknown>> = {
  'confirm-address': (token) => lab.get(RegistrationService).confirm(stranger(), token),
  'reset-passphrase': (token) => lab.get(PassphraseReset).open(stranger(), token),
  'change-address': (token) => lab.get(AddressChangeService).confirm(stranger(), token),
  'not-me': (token) => lab.get(AccountFreeze).freeze(stranger(), token),
};
const purposes = Object.keys(makers) as LinkPurpose[];

beforeAll(async () => {
  lab = await startAccounts();
});
afterAll(() => lab?.stop());

describe('links in mails', () => {
  it('RS-1 tokens have 256 random bits and are kept as SHA-256 only', async () => {
    const tokens = Array.from({ length: 10_000 }, newToken);
    expect(new Set(tokens).size).toBe(10_000);
    expect(tokens.every((token) => Buffer.from(token, 'base64url').length === 32)).toBe(true);
    const ones = tokens
      .flatMap((token) => [...Buffer.from(token, 'base64url')])
      .reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    expect(ones / (10_000 * 256)).toBeCloseTo(0.5, 2);

    const { token } = await makers['reset-passphrase']();
    const [column] = await lab.sql<{ character_maximum_length: number }>(
      `select character_maximum_length from information_schema.columns where table_name = 'mail_link' and column_name = 'token_hash'`,
    );
    expect(column!.character_maximum_length).toBe(64);
    for (const table of ['mail_link', 'message', 'audit_entry', 'graphile_worker.jobs']) {
      const rows = await lab.sql<{ row: string }>(`select t::text as row from ${table} t`);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.filter(({ row }) => row.includes(token))).toEqual([]);
    }
    const dump = await lab.sql<{ token_hash: string }>(`select token_hash from mail_link where used_at is null`);
    for (const { token_hash } of dump)
      expect(await refusal(doors['reset-passphrase'](token_hash))).toBe('accounts.link-unusable');
  });

  it.each(purposes.flatMap((made) => purposes.filter((door) => door !== made).map((door) => [made, door] as const)))(
    'RS-2 a link made to %s does not open %s, and still works where it belongs',
    async (made, door) => {
      const { token } = await makers[made]();
      expect(await refusal(doors[door](token))).toBe('accounts.link-unusable');
      expect(await refusal(doors[made](token))).toBe('done');
    },
  );

  it.each(purposes)('RS-3 of 8 parallel uses of a %s link one works', async (purpose) => {
    const { token } = await makers[purpose]();
    const ends = await Promise.all(Array.from({ length: 8 }, () => refusal(doors[purpose](token))));
    expect(ends.filter((end) => end === 'done')).toHaveLength(1);
    expect(new Set(ends)).toEqual(new Set(['done', 'accounts.link-unusable']));
    expect(await refusal(doors[purpose](token))).toBe('accounts.link-unusable');
  });

  it.each([
    ['confirm-address', 24 * 60],
    ['reset-passphrase', 30],
    ['change-address', 24 * 60],
    ['not-me', 7 * 24 * 60],
  ] as const)('RS-3 a %s link works for %i minutes by the clock at use', async (purpose, life) => {
    const [early, late] = [await makers[purpose](), await makers[purpose]()];
    lab.clock.advance(minutes(life) - 5000);
    expect(await refusal(doors[purpose](early.token))).toBe('done');
    lab.clock.advance(6000);
    expect(await refusal(doors[purpose](late.token))).toBe('accounts.link-unusable');
    lab.clock.advance(-minutes(life) - 1000);
  });

  it.each(['reset-passphrase', 'change-address'] as const)(
    'RS-2 a new address, a new passphrase or a closed account kill a %s link',
    async (purpose) => {
      for (const change of [
        `email = 'x' || email, email_key = 'x' || email_key, email_version = email_version + 1`,
        `password_version = password_version + 1`,
        `status = 'disabled'`,
      ]) {
        const { token, accountId } = await makers[purpose]();
        await lab.sql(`update account set ${change} where id = ?`, [accountId]);
        expect(await refusal(doors[purpose](token))).toBe('accounts.link-unusable');
      }
    },
  );

  it('RS-9 neither a new passphrase nor a second change of address kills the owner’s way to stop it', async () => {
    const { token, accountId } = await makers['not-me']();
    const [before] = await lab.sql<{ email: string }>(`select email from account where id = ?`, [accountId]);
    await doors['change-address'](await lab.token('account.change-address'));
    await lab.sql(`update account set password_version = password_version + 1 where id = ?`, [accountId]);
    expect(await refusal(doors['not-me'](token))).toBe('done');
    const [after] = await lab.sql<{ email: string; status: string }>(`select email, status from account where id = ?`, [
      accountId,
    ]);
    expect(after).toEqual({ email: before!.email, status: 'frozen' });
  });

  it('RS-5 a frozen account signs nobody in and no reset opens it; opened again by somebody else it is as before', async () => {
    const { token, accountId } = await makers['not-me']();
    const pending = await lab.token('account.change-address');
    await doors['not-me'](token);
    expect(await refusal(doors['change-address'](pending))).toBe('accounts.link-unusable');
    const accounts = lab.get(AccountsService);
    const account = (await accounts.find(accountId!))!;
    await lab.get(PassphraseReset).ask(stranger(), account.userName);
    const wording = await lab.mail('account.reset-passphrase');
    expect(wording.action).toBeUndefined();
    expect(wording.paragraphs.join(' ')).toContain('closed at the moment');
    await accounts.enable({ client: 'jobs' }, accountId!, 'called back');
    expect((await accounts.find(accountId!))!.status).toBe('active');
  });

  /** An account that was taken over: the owner's way to stop it, and the one in a mail that already went to the thief. */
  async function robbed(): Promise<{ owner: string; thief: string; accountId: string; email: string }> {
    const { token: owner, accountId } = await makers['not-me']();
    const [{ email }] = (await lab.sql<{ email: string }>(`select email from account where id = ?`, [accountId])) as [
      { email: string },
    ];
    lab.clock.advance(minutes(1));
    await doors['change-address'](await lab.token('account.change-address'));
    await lab.get(PassphraseChange).change({ ...stranger(), accountId: accountId! } as SignedIn, {
      current: passphrase,
      passphrase: 'a thief chose four words',
    });
    const thief = await lab.token('account.passphrase-changed');
    return { owner, thief, accountId: accountId!, email };
  }
  const stateOf = async (accountId: string): Promise<unknown> =>
    (await lab.sql(`select email, status, password_hash from account where id = ?`, [accountId]))[0];

  it('RS-9 once the owner froze it, no link in a mail to the thief moves the address again, also after it was opened', async () => {
    const { owner, thief, accountId, email } = await robbed();
    await doors['not-me'](owner);
    expect(await refusal(doors['not-me'](thief))).toBe('accounts.link-unusable');
    await lab.get(AccountsService).enable({ client: 'jobs' }, accountId, 'called back');
    expect(await refusal(doors['not-me'](thief))).toBe('accounts.link-unusable');
    // Nor does the passphrase the thief knows open it: a mail to the owner sets a new one.
    expect(await stateOf(accountId)).toEqual({ email, status: 'active', password_hash: null });
  });

  it('RS-9 a thief who freezes first has won nothing: the owner’s earlier link brings the address back', async () => {
    const { owner, thief, accountId, email } = await robbed();
    await doors['not-me'](thief);
    expect(await refusal(doors['not-me'](owner))).toBe('done');
    expect(await stateOf(accountId)).toEqual({ email, status: 'frozen', password_hash: null });
  });

  it('what is over goes: counters with their window, links and registrations after a month; the rest stays', async () => {
    const { token } = await makers['confirm-address']();
    const { token: kept } = await makers['reset-passphrase']();
    const count = async (table: string): Promise<number> =>
      (await lab.sql<{ count: number }>(`select count(*)::int as count from ${table}`))[0]!.count;
    await lab.get(OldRows).sweep();
    expect(await refusal(doors['reset-passphrase'](kept))).toBe('done');
    expect(await refusal(doors['confirm-address'](token))).toBe('done');
    expect(await lab.sql(`select 1 from registration where confirmed_at is not null and password_hash <> ''`)).toEqual(
      [],
    );
    await makers['confirm-address']();
    expect(await count('registration')).toBeGreaterThan(0);
    lab.clock.advance(days(40));
    await lab.get(OldRows).sweep();
    expect([await count('mail_link'), await count('registration'), await count('attempt_counter')]).toEqual([0, 0, 0]);
    lab.clock.advance(-days(40));
  });

  it('ML-2 an address is read from its row when the mail is sent', async () => {
    const account = await lab.account('addressed');
    const { addressBook } = await import('./address-book.js');
    const { MikroORM } = await import('@mikro-orm/postgresql');
    const em = lab.get(MikroORM as never as new () => { em: { fork(): never } }).em.fork();
    expect(await addressBook(em, { kind: 'account', id: account.id })).toEqual({
      name: 'Odette Fontenot',
      address: account.email,
    });
    await lab.sql(
      `update account set email = 'else@bayou.example.org', first_name = 'Visit evil.test now' where id = ?`,
      [account.id],
    );
    expect(await addressBook(em, { kind: 'account', id: account.id })).toEqual({
      name: '',
      address: 'else@bayou.example.org',
    });
    await lab.sql(`update account set email = 'a@la.gov,b@evil.test' where id = ?`, [account.id]);
    expect(await addressBook(em, { kind: 'account', id: account.id })).toBeUndefined();
  });
});
