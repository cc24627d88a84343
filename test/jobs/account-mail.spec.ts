import { AccountsModule, PassphraseReset } from '#accounts';
import { hours } from '#kernel';
import { NotificationsService } from '#notifications';
import { createWorker, type MailWorker } from '../../apps/jobs/src/create-worker.js';
import { MovableClock } from '../support/clock.js';
import { startLibs, type TestLibs } from '../support/libs.js';
import { startTestMailbox, type TestMailbox } from '../support/mailbox.js';
import { anAccount } from '../support/people.js';

describe('mail to accounts, with the worker as it runs in production', () => {
  let libs: TestLibs;
  let mailbox: TestMailbox;
  let worker: MailWorker;
  const clock = new MovableClock();

  beforeAll(async () => {
    mailbox = await startTestMailbox();
    libs = await startLibs([AccountsModule], { SMTP_URL: mailbox.smtpUrl, clock });
    worker = await createWorker(libs.settings, { clock });
  });
  afterAll(async () => {
    await worker?.stop();
    await libs?.close();
    await mailbox?.stop();
  });
  beforeEach(() => mailbox.clear());

  const setAddress = (accountId: string, email: string) =>
    libs.em.fork().execute('update account set email = ?, email_key = ? where id = ?', [email, email, accountId]);
  const tell = (accountId: string, facts: Record<string, string> = {}) =>
    libs.em
      .fork()
      .transactional(() =>
        libs.app
          .get(NotificationsService)
          .queue({ kind: 'account', id: accountId }, 'account.passphrase-changed', facts),
      );

  it("ML-2 goes to the account's address of that moment, not to one in the job, the facts or of before", async () => {
    const accountId = await anAccount(libs.em.fork());
    await setAddress(accountId, 'before@acadia.example');
    await tell(accountId, { email: 'b@evil.test', address: 'b@evil.test', name: 'b@evil.test' });
    await libs.em
      .fork()
      .execute(
        `update graphile_worker._private_jobs set payload = (payload::jsonb || '{"to":"b@evil.test","address":"b@evil.test"}')::json`,
      );
    await setAddress(accountId, 'after@acadia.example');
    await worker.runOnce();
    expect(mailbox.mails().map((mail) => mail.recipients)).toEqual([['after@acadia.example']]);
    expect(mailbox.mails()[0]!.source).not.toContain('evil');
  });

  it('ML-1 a row that holds anything but one plain address gets no mail, and nobody else gets it', async () => {
    const hostile = [
      'a@la.example,b@evil.test',
      'a@la.example\r\nBcc: b@evil.test',
      '<b@evil.test> a@la.example',
      'group:b@evil.test;',
      'а@la.example',
      'a@lа.example',
      'a@la.example b@evil.test',
      'a@@evil.test',
    ];
    for (const address of hostile) {
      const accountId = await anAccount(libs.em.fork());
      await setAddress(accountId, address);
      await tell(accountId);
    }
    await worker.runOnce();
    expect(mailbox.mails()).toEqual([]);
    const states = await libs.em.fork().execute<{ state: string }[]>(`select state from message where state <> 'sent'`);
    expect(states.map(({ state }) => state)).toEqual(hostile.map(() => 'dead'));
  });

  it.each([
    ['Jean-Luc', "O'Neill-Díaz"],
    ['evil.test', 'Login'],
    ['=?utf-8?B?Zm9v?=', 'Broussard'],
    ['<b@evil.test>', 'Guidry'],
    ['X\r\nBcc: b@evil.test', 'Hebert'],
    ['http://evil.test/', 'Arceneaux'],
  ])('ML-3 a name in the row is a name and nothing more: %j %j', async (firstName, lastName) => {
    const accountId = await anAccount(libs.em.fork(), { firstName, lastName });
    await tell(accountId);
    await worker.runOnce();
    const [mail, ...more] = mailbox.mails();
    expect(more).toEqual([]);
    expect(mail!.recipients).toHaveLength(1);
    expect(mail!.subject).toBe('Your passphrase was changed');
    expect(mail!.source).not.toMatch(/evil|^bcc:/im);
    expect(mail!.links).toHaveLength(1);
    expect(mail!.links[0]!.startsWith(`${libs.settings.ISSUER_ORIGIN}/`)).toBe(true);
  });

  it('R-09 after six hours without SMTP a person who asked three times gets one mail, and its link works', async () => {
    const reset = libs.app.get(PassphraseReset);
    const accountId = await anAccount(libs.em.fork());
    await setAddress(accountId, 'waiting@acadia.example');
    await mailbox.close();
    for (let n = 0; n < 3; n++) {
      await reset.ask({ client: 'issuer', address: '10.1.2.3' }, 'waiting@acadia.example');
      await worker.runOnce();
      clock.advance(hours(2));
      await libs.em.fork().execute('update graphile_worker._private_jobs set run_at = now()');
    }
    await mailbox.open();
    await worker.runOnce();
    const [mail, ...more] = mailbox.mails();
    expect(more).toEqual([]);
    expect(mail!.recipients).toEqual(['waiting@acadia.example']);
    const token = new URL(mail!.links[0]!).searchParams.get('token')!;
    await reset.look(token); // a stale link would be refused: it is good for 30 minutes only
    const tables = JSON.stringify([
      await libs.em.fork().execute('select * from message'),
      await libs.em.fork().execute('select * from graphile_worker._private_jobs'),
      await libs.em.fork().execute('select * from mail_link'),
    ]);
    expect(tables).not.toContain(token);
  });
});
