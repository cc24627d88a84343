import type { ChildProcess } from 'node:child_process';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { databaseOptions } from '#database';
import type { Settings } from '#settings';
import { freshDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/invariants.js';
import { startTestMailbox, type TestMailbox } from '../support/mailbox.js';
import { endProcess, startProcess } from '../support/processes.js';
import { testSettings } from '../support/settings.js';

/** The whole of R-03 by hand: EDLINK_KILL_MAILS=500 EDLINK_KILLS=30. */
const mails = Number(process.env.EDLINK_KILL_MAILS ?? 120);
const kills = Number(process.env.EDLINK_KILLS ?? 6);
/** Mails one worker has in flight at a time. */
const inFlight = 5;

describe('a worker killed while it sends mail', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let mailbox: TestMailbox;
  let settings: Settings;
  let orm: MikroORM;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    database = await freshDatabase();
    mailbox = await startTestMailbox({ delay: 15 });
    settings = testSettings(database.url, { SMTP_URL: mailbox.smtpUrl });
    orm = await MikroORM.init(databaseOptions(settings));
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await orm?.close();
    await mailbox?.stop();
    await database?.drop();
  });

  function startWorker(): ChildProcess {
    const child = startProcess('test/jobs/killed-worker.ts', settings);
    children.push(child);
    return child;
  }

  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 60_000; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 5))) {
      if (Date.now() > end) throw new Error('this did not come true within a minute');
    }
  };

  it(`R-03 loses none of ${mails} mails in ${kills} kills; a repetition has the same Message-ID and there are few`, async () => {
    await orm.em.fork().execute(
      `with told as (
           insert into message (id, recipient_kind, recipient_id, kind, facts, queued_at, state)
           select gen_random_uuid(), 'account', gen_random_uuid(), 'test.news', '{}', now(), 'waiting' from generate_series(1, ${mails}) returning id)
         select graphile_worker.add_job('deliver-message', json_build_object('messageId', id), job_key := id::text, max_attempts := 1) from told`,
    );
    for (let n = 0; n < kills; n++) {
      const child = startWorker();
      const before = mailbox.mails().length;
      const wanted = 3 + Math.floor(Math.random() * 10);
      await until(() => mailbox.mails().length >= before + wanted);
      await endProcess(child);
    }
    const last = startWorker();
    const waiting = async (): Promise<number> =>
      (await orm.em.fork().execute(`select 1 from message where state <> 'sent'`)).length;
    await until(async () => (await waiting()) === 0);
    await endProcess(last, 'SIGTERM');

    const arrived = new Set(mailbox.mails().map((mail) => mail.messageId));
    const rows = await orm.em
      .fork()
      .execute<{ id: string; attempts: number; recipient_id: string }[]>(
        'select id, attempts, recipient_id from message',
      );
    expect(arrived).toEqual(new Set(rows.map(({ id }) => `<${id}@edlink.example>`)));
    for (const { id, attempts, recipient_id } of rows) {
      const copies = mailbox.mails().filter((mail) => mail.messageId === `<${id}@edlink.example>`);
      expect(copies.length).toBeLessThanOrEqual(attempts);
      for (const copy of copies) expect(copy.recipients).toEqual([`${recipient_id}@acadia.example`]);
    }
    expect(mailbox.mails().length - mails).toBeLessThanOrEqual(kills * inFlight);
    expect(await orm.em.fork().execute(`select 1 from graphile_worker.jobs where locked_at is null`)).toEqual([]);
    expect(await brokenInvariants(orm.em.fork() as EntityManager)).toEqual([]);
  }, 240_000);
});
