import fc from 'fast-check';
import { type Actor, minutes, type Problem } from '#kernel';
import { passphrase, startAccounts, type TestAccounts } from '../../../test/support/accounts.js';
import { AccountsService, PassphraseReset, Passwords, PasswordSignIn } from './index.js';

let lab: TestAccounts;
let reset: PassphraseReset;
let people = 0;
const stranger = (): Actor => ({ client: 'issuer', address: `2001:db8:${(++people).toString(16)}::1` });
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (problem: Problem) => problem.code,
  );
const another = 'copper ladder winter thimble';

beforeAll(async () => {
  lab = await startAccounts();
  reset = lab.get(PassphraseReset);
});
afterAll(() => lab?.stop());

async function asked(userName = `forgot.${++people}`): Promise<{ userName: string; token: string; id: string }> {
  const { id } = await lab.account(userName);
  await reset.ask(stranger(), userName);
  return { userName, id, token: await lab.token('account.reset-passphrase') };
}

describe('a forgotten passphrase', () => {
  it('RS-4 ask, open, set: the new one signs in, the old one does not, sessions end, a mail tells of it', async () => {
    const signIn = lab.get(PasswordSignIn);
    const { userName, id, token } = await asked();
    const { authTime } = await signIn.signIn(stranger(), { name: userName, password: passphrase });
    await reset.look(token);
    const proof = await reset.open(stranger(), token);
    await reset.finish(stranger(), proof, another);
    expect(await lab.get(AccountsService).sessionLives(id, authTime)).toBe(false);
    await expect(signIn.signIn(stranger(), { name: userName, password: another })).resolves.toBeDefined();
    expect(await refusal(signIn.signIn(stranger(), { name: userName, password: passphrase }))).toBe(
      'accounts.sign-in-refused',
    );
    const told = await lab.sql<{ kind: string }>(`select kind from message where recipient_id = ? order by queued_at`, [
      id,
    ]);
    expect(told.map(({ kind }) => kind)).toEqual(['account.reset-passphrase', 'account.passphrase-changed']);
  });

  it('RS-4 the last step needs the proof of this very attempt', async () => {
    const [one, other] = [await asked(), await asked()];
    expect(await refusal(reset.finish(stranger(), '', another))).toBe('accounts.link-unusable');
    expect(await refusal(reset.finish(stranger(), one.token, another))).toBe('accounts.link-unusable'); // the token is no proof
    const first = await reset.open(stranger(), one.token);
    await reset.open(stranger(), other.token);
    expect(await refusal(reset.open(stranger(), first))).toBe('accounts.link-unusable'); // nor the proof a token
    await reset.ask(stranger(), one.userName);
    const again = await reset.open(stranger(), await lab.token('account.reset-passphrase'));
    expect(await refusal(reset.finish(stranger(), first, another))).toBe('accounts.link-unusable'); // an abandoned attempt
    expect(await refusal(reset.finish(stranger(), again, another))).toBe('done');
    expect(await refusal(reset.finish(stranger(), again, `${another}!`))).toBe('accounts.link-unusable');
  });

  it('RS-4 a proof ends after 15 minutes; an unfit passphrase does not use it up', async () => {
    const { token } = await asked();
    const proof = await reset.open(stranger(), token);
    expect(await refusal(reset.finish(stranger(), proof, 'too short'))).toBe('accounts.unfit');
    lab.clock.advance(minutes(15) + 1000);
    expect(await refusal(reset.finish(stranger(), proof, another))).toBe('accounts.link-unusable');
  });

  it('RS-4 of 8 parallel last steps one counts', async () => {
    const { token } = await asked();
    const proof = await reset.open(stranger(), token);
    const ends = await Promise.all(
      Array.from({ length: 8 }, (_, at) => refusal(reset.finish(stranger(), proof, `${another} ${at}`))),
    );
    expect(ends.filter((end) => end === 'done')).toHaveLength(1);
  });

  it.each(['disabled', 'frozen'])('RS-5 no step of it works for an account that is %s', async (status) => {
    const [early, late] = [await asked(), await asked()];
    const proof = await reset.open(stranger(), late.token);
    await lab.sql(`update account set status = ? where id in (?, ?)`, [status, early.id, late.id]);
    expect(await refusal(reset.open(stranger(), early.token))).toBe('accounts.link-unusable');
    expect(await refusal(reset.finish(stranger(), proof, another))).toBe('accounts.link-unusable');
    const rows = await lab.sql<{ status: string }>(`select status from account where id in (?, ?)`, [
      early.id,
      late.id,
    ]);
    expect(rows.map((row) => row.status)).toEqual([status, status]);
  });

  it('RS-4 a walk of all orders of steps: a new passphrase is set only after ask, open and set of one attempt', async () => {
    // The model: per attempt whether its link was used, and which attempt's proof counts. Hashing is not what is looked at.
    const passwords = lab.get(Passwords);
    passwords.hash = async (text) => `hash of ${text}`;
    const accounts = await Promise.all(
      [0, 1].map(async (at) => (await lab.account(`walk.${at}`, { passphrase: `${passphrase} ${at}` })).id),
    );
    const versionOf = async (id: string): Promise<number> =>
      (await lab.sql<{ password_version: number }>(`select password_version from account where id = ?`, [id]))[0]!
        .password_version;
    const step = fc.record({
      act: fc.constantFrom('ask', 'ask', 'open', 'open', 'open', 'finish', 'finish', 'finish', 'expire'),
      account: fc.constantFrom(0, 0, 0, 1),
      attempt: fc.nat(1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12, size: 'max' }), async (steps) => {
        const attempts: { account: number; token: string; proof?: string; state: 'mailed' | 'open' | 'dead' }[] = [];
        for (const { act, account, attempt } of steps) {
          const id = accounts[account]!;
          const mine = attempts.filter((one) => one.account === account);
          const chosen = mine[attempt % Math.max(1, mine.length)];
          const before = await versionOf(id);
          if (act === 'ask') {
            await lab.sql(`delete from attempt_counter`);
            await lab.sql(`update message set state = 'sent'`);
            await reset.ask(stranger(), `walk.${account}`);
            attempts.push({ account, token: await lab.token('account.reset-passphrase'), state: 'mailed' });
          } else if (act === 'expire') {
            await lab.sql(
              `update mail_link set expires_at = 'epoch', proof_expires_at = 'epoch' where account_id = ?`,
              [id],
            );
            for (const one of mine) one.state = 'dead';
          } else if (act === 'open' && chosen) {
            const proof = await reset.open(stranger(), chosen.token).catch(() => undefined);
            expect(proof !== undefined).toBe(chosen.state === 'mailed');
            if (proof === undefined) continue;
            for (const one of mine) if (one.state === 'open') one.state = 'dead';
            Object.assign(chosen, { proof, state: 'open' });
          } else if (act === 'finish') {
            const end = await refusal(reset.finish(stranger(), chosen?.proof ?? chosen?.token ?? 'invented', another));
            expect(end === 'done').toBe(chosen?.state === 'open');
            if (end === 'done') for (const one of mine) one.state = 'dead';
            expect((await versionOf(id)) - before).toBe(end === 'done' ? 1 : 0);
            continue;
          }
          expect(await versionOf(id)).toBe(before);
        }
        for (const one of attempts) one.state = 'dead';
        await lab.sql(`update mail_link set expires_at = 'epoch', proof_expires_at = 'epoch'`);
      }),
      { numRuns: 1000 },
    );
  }, 240_000);
});
