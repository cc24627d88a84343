import { hash } from '@node-rs/argon2';
import { type Actor, hours, minutes, type Problem, seconds, systemActor } from '#kernel';
import { passphrase, startAccounts, type TestAccounts } from '../../../test/support/accounts.js';
import { AccountsService, PasswordSignIn, Passwords } from './index.js';
import { PassphraseReset } from './passphrase-reset.service.js';

let lab: TestAccounts;
let signIn: PasswordSignIn;
let passwords: Passwords;
let accounts: AccountsService;
let networks = 0;

/** Somebody from a network nobody tried from yet. */
const stranger = (): Actor => ({
  client: 'issuer',
  address: `198.51.${Math.floor(++networks / 250)}.${networks % 250}`,
});
const refused = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'let in',
    (problem: Problem) => problem.code,
  );
const wrong = (name: string, actor = stranger(), device?: string): Promise<string> =>
  refused(signIn.signIn(actor, { name, password: 'not the passphrase', device }));
const right = (name: string, actor = stranger(), device?: string) =>
  signIn.signIn(actor, { name, password: passphrase, device });

beforeAll(async () => {
  lab = await startAccounts();
  signIn = lab.get(PasswordSignIn);
  passwords = lab.get(Passwords);
  accounts = lab.get(AccountsService);
});
afterAll(() => lab?.stop());

describe('signing in', () => {
  it('ID-5 by user name or address, in any case; a user name is never taken for an address', async () => {
    const account = await lab.account('Marie.Landry');
    for (const name of [
      'Marie.Landry',
      'mARIE.lANDRY',
      'ＭＡＲＩＥ.landry',
      'marie.landry@acadia.example.org',
      'MARIE.LANDRY@ACADIA.example.org',
    ]) {
      expect((await right(name)).account.id).toBe(account.id);
    }
    expect(await wrong('marie.landry@')).toBe('accounts.sign-in-refused');
    await expect(lab.account('MARIE.landry', { email: 'other@acadia.example.org' })).rejects.toMatchObject({
      code: 'accounts.user-name-taken',
    });
    await expect(lab.account('other.name', { email: 'Marie.Landry@Acadia.Example.Org' })).rejects.toMatchObject({
      code: 'accounts.address-taken',
    });
  });

  it('PW-1 a passphrase typed with composed or decomposed letters is the same', async () => {
    await lab.account('rene.b', { passphrase: 'café au lait every morning' });
    await expect(
      signIn.signIn(stranger(), { name: 'rene.b', password: 'cafe\u0301 au lait every morning' }),
    ).resolves.toBeDefined();
  });

  it('PW-2 a passphrase of three years ago is as good as on the first day', async () => {
    await lab.account('old.hand');
    await lab.sql(`update account set password_changed_at = now() - interval '3 years' where user_name = 'old.hand'`);
    await expect(right('old.hand')).resolves.toBeDefined();
  });

  it('PW-4 a cheap hash is made anew at sign-in, and only then', async () => {
    const account = await lab.account('cheap.hash');
    const cheap = await hash(passphrase, {
      memoryCost: 8192,
      timeCost: 1,
      parallelism: 1,
      secret: Buffer.from(lab.settings.PASSWORD_SECRET),
    });
    await lab.sql(`update account set password_hash = ? where id = ?`, [cheap, account.id]);
    await wrong('cheap.hash');
    const stored = async (): Promise<string> =>
      (await lab.sql<{ password_hash: string }>(`select password_hash from account where id = ?`, [account.id]))[0]!
        .password_hash;
    expect(await stored()).toBe(cheap);
    await right('cheap.hash');
    expect(await stored()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1/);
    await expect(right('cheap.hash')).resolves.toBeDefined();
  });

  it('hostile names are refused like unknown ones', async () => {
    for (const name of ['\u0000', 'x\u0000y', 'a'.repeat(10_000), "' or 1=1 --", '@', '\ud800', '../..', '%s%s'])
      expect(await wrong(name)).toBe('accounts.sign-in-refused');
  });
});

describe('work done', () => {
  it('EN-2 exactly one hash of the current cost, whatever the account is', async () => {
    const states = [
      'en2.active',
      'en2.disabled',
      'en2.frozen',
      'en2.nopass',
      'en2.absent',
      'absent@acadia.example.org',
    ];
    for (const name of states.slice(0, 4)) await lab.account(name);
    await lab.sql(`update account set status = 'disabled' where user_name = 'en2.disabled'`);
    await lab.sql(`update account set status = 'frozen' where user_name = 'en2.frozen'`);
    await lab.sql(`update account set password_hash = null where user_name = 'en2.nopass'`);
    const answers = new Set<string>();
    for (const name of states) {
      for (const password of ['not the passphrase', ...(name === 'en2.active' ? [] : [passphrase])]) {
        const before = passwords.done;
        const problem = await signIn.signIn(stranger(), { name, password }).then(
          () => undefined,
          (fault: Problem) => fault,
        );
        answers.add(JSON.stringify([problem?.code, problem?.status, problem?.title, problem?.detail, problem?.errors]));
        expect(passwords.done - before).toBe(1);
      }
    }
    expect([...answers]).toHaveLength(1);
  });

  it('PW-5 five hundred at once: some are checked, the rest hear 503, and those count as no try', async () => {
    await lab.account('flooded');
    const counted = async (): Promise<number> =>
      Number(
        (
          await lab.sql<{ sum: string }>(`select sum(count) from attempt_counter where key like 'sign-in:network:%'`)
        )[0]!.sum,
      );
    const before = await counted();
    const ends = await Promise.all(Array.from({ length: 500 }, (_, at) => wrong(`nobody.${at}`)));
    expect(new Set(ends)).toEqual(new Set(['accounts.sign-in-refused', 'kernel.busy']));
    expect((await counted()) - before).toBe(ends.filter((end) => end === 'accounts.sign-in-refused').length);
    await expect(right('flooded')).resolves.toBeDefined();
  });
});

describe('wrong tries', () => {
  it('LK-3 of 50 parallel wrong tries at most 5 reach the hash', async () => {
    await lab.account('parallel');
    const before = passwords.done;
    await Promise.all(Array.from({ length: 50 }, () => wrong('parallel')));
    expect(passwords.done - before).toBe(5);
    const nobody = passwords.done;
    await Promise.all(Array.from({ length: 50 }, () => wrong('parallel.nobody')));
    expect(passwords.done - nobody).toBe(5);
  });

  it('LK-1 the wait grows from a second to an hour; a try while waiting neither counts nor lengthens it', async () => {
    await lab.account('waits');
    for (let at = 0; at < 5; at++) await wrong('waits');
    for (const wait of [1, 2, 4, 8, 16, 32, 64]) {
      expect(await refused(right('waits'))).toBe('accounts.sign-in-refused');
      const [row] = await lab.sql<{ left: string }>(
        `select extract(epoch from not_before - ?::timestamptz) as left from attempt_counter where key like 'sign-in:account:%' order by window_ends_at desc limit 1`,
        [lab.clock.now()],
      );
      expect(Number(row!.left)).toBeLessThanOrEqual(wait);
      lab.clock.advance(seconds(wait));
      const before = passwords.done;
      await wrong('waits');
      expect(passwords.done - before).toBe(1);
    }
    lab.clock.advance(hours(1));
    await expect(right('waits')).resolves.toBeDefined();
    await expect(right('waits')).resolves.toBeDefined(); // the row began anew
  });

  it('LK-1 after 100 in a row only a reset helps; a known browser signs in at try 50; the stranger stays blocked', async () => {
    const account = await lab.account('besieged');
    const { device } = await right('besieged');
    for (let at = 0; at < 50; at++) {
      lab.clock.advance(hours(1));
      await wrong('besieged');
    }
    await expect(right('besieged', stranger(), device)).resolves.toBeDefined();
    expect(await refused(right('besieged'))).toBe('accounts.sign-in-refused'); // the stranger's wait goes on
    for (let at = 0; at < 101; at++) {
      lab.clock.advance(hours(1));
      await wrong('besieged');
    }
    const before = passwords.done;
    lab.clock.advance(hours(24));
    expect(await refused(right('besieged'))).toBe('accounts.sign-in-refused');
    expect(await refused(right('besieged', stranger(), device))).toBe('accounts.sign-in-refused');
    expect(passwords.done).toBe(before);

    const reset = lab.get(PassphraseReset);
    await reset.ask(stranger(), 'besieged');
    const proof = await reset.open(stranger(), await lab.token('account.reset-passphrase'));
    await reset.finish(stranger(), proof, `${passphrase} again`);
    await expect(
      signIn.signIn(stranger(), { name: account.userName, password: `${passphrase} again` }),
    ).resolves.toBeDefined();
  });

  it('LK-1 a device is known to one account, and only until its passphrase changes', async () => {
    await lab.account('dev.one');
    await lab.account('dev.two');
    const { device } = await right('dev.one');
    for (const name of ['dev.one', 'dev.two']) for (let at = 0; at < 5; at++) await wrong(name);
    expect(await refused(right('dev.two', stranger(), device))).toBe('accounts.sign-in-refused');
    await expect(right('dev.one', stranger(), device)).resolves.toBeDefined();
    expect(await refused(right('dev.one', stranger(), `${device}x`))).toBe('accounts.sign-in-refused');
    await lab.sql(`update account set password_version = password_version + 1 where user_name = 'dev.one'`);
    expect(await refused(right('dev.one', stranger(), device))).toBe('accounts.sign-in-refused');
  });

  it('LK-2 one network gets 100 wrong tries in ten minutes over all accounts, however its address is written', async () => {
    const spellings = ['2001:db8:5:6::1', '2001:0DB8:0005:0006:1:2:3:4', '2001:db8:5:6:ffff::', '2001:DB8:5:6::abcd'];
    const before = passwords.done;
    for (let at = 0; at < 300; at++) await wrong(`stuffed.${at}`, { client: 'issuer', address: spellings[at % 4] });
    expect(passwords.done - before).toBe(100);
    await lab.account('neighbour');
    expect(await refused(right('neighbour', { client: 'issuer', address: '2001:db8:5:6::2' }))).toBe(
      'accounts.sign-in-refused',
    );
    await expect(right('neighbour', { client: 'issuer', address: '2001:db8:5:7::2' })).resolves.toBeDefined();
    lab.clock.advance(minutes(11));
    await expect(right('neighbour', { client: 'issuer', address: '2001:db8:5:6::2' })).resolves.toBeDefined();
  });

  it('LK-2 right passphrases do not use up the network of a school', async () => {
    await lab.account('many.times');
    const school: Actor = { client: 'issuer', address: '203.0.113.50' };
    for (let at = 0; at < 120; at++) await right('many.times', school);
    await expect(right('many.times', school)).resolves.toBeDefined();
  });
});

describe('sessions', () => {
  it('SE-4 a session lives while the account is active and nothing was ended since', async () => {
    const { id } = await lab.account('sessions');
    const first = await right('sessions');
    expect(await accounts.sessionLives(id, first.authTime)).toBe(true);
    await accounts.signOutEverywhere({ ...stranger(), accountId: id });
    expect(await accounts.sessionLives(id, first.authTime)).toBe(false);
    const second = await right('sessions'); // within the same second
    expect(second.authTime).toBeGreaterThan(first.authTime);
    expect(await accounts.sessionLives(id, second.authTime)).toBe(true);
    await accounts.disable(systemActor, id, 'left');
    expect(await accounts.sessionLives(id, second.authTime)).toBe(false);
    expect(await accounts.findActive(id)).toBeUndefined();
    await accounts.enable(systemActor, id, 'came back');
    expect(await accounts.sessionLives(id, second.authTime)).toBe(false);
  });

  it('SE-4 also what a machine with a fast clock signed in ends', async () => {
    const { id } = await lab.account('fast.clock');
    lab.clock.advance(seconds(120));
    const { authTime } = await right('fast.clock');
    lab.clock.advance(-seconds(120));
    await accounts.signOutEverywhere({ ...stranger(), accountId: id });
    expect(await accounts.sessionLives(id, authTime)).toBe(false);
    expect(await accounts.sessionLives(id, (await right('fast.clock')).authTime)).toBe(true);
  });

  it('SE-4 a sign-in under way when the account is closed or its passphrase changes is refused', async () => {
    for (const change of [`status = 'disabled'`, `password_version = password_version + 1`]) {
      const name = `under.way.${change.length}`;
      const { id } = await lab.account(name);
      const slow = passwords.fits.bind(passwords);
      passwords.fits = async (stored, typed) => {
        const fits = await slow(stored, typed);
        await lab.sql(`update account set ${change} where id = ?`, [id]);
        return fits;
      };
      try {
        expect(await refused(right(name))).toBe('accounts.sign-in-refused');
      } finally {
        passwords.fits = slow;
      }
    }
  });
});
