import { MikroOrmModule } from '@mikro-orm/nestjs';
import { MikroORM } from '@mikro-orm/postgresql';
import { Test } from '@nestjs/testing';
import { databaseOptions } from '#database';
import { AuditModule } from '#audit';
import { KernelModule, newId } from '#kernel';
import {
  DeliveryModule,
  DeliveryService,
  lease,
  MessageKinds,
  NotificationsModule,
  NotificationsService,
  StrandedMail,
} from '#notifications';
import { MailWorker, type WorkerTimes } from '../../apps/jobs/src/mail-worker.js';
import { MovableClock } from '../support/clock.js';
import { freshDatabase } from '../support/database.js';
import { startTestMailbox } from '../support/mailbox.js';
import { testSettings } from '../support/settings.js';

export interface MessageRow {
  id: string;
  state: string;
  attempts: number;
  last_fault: string | null;
}

/**
 * The real queue, worker and transport against a database and a mailbox of their own, with one kind of message and an
 * address book the test fills.
 */
export async function startMailRig(
  times: WorkerTimes = { lookEvery: 60_000, lease },
  others: Record<string, string> = {},
) {
  const database = await freshDatabase();
  const mailbox = await startTestMailbox();
  const settings = testSettings(database.url, { SMTP_URL: mailbox.smtpUrl, ...others });
  const clock = new MovableClock();
  const addresses = new Map<string, { name: string; address: string }>();
  const newWorker = async () => {
    const app = await Test.createTestingModule({
      imports: [
        KernelModule.with(settings, { clock }),
        MikroOrmModule.forRoot(databaseOptions(settings)),
        AuditModule,
        NotificationsModule,
        DeliveryModule,
      ],
    }).compile();
    app.useLogger(false); // faults are what these tests make
    const kinds = app.get(MessageKinds);
    kinds.registerAddressBook(async (_em, recipient) => addresses.get(recipient.id));
    kinds.register({
      name: 'test.news',
      word: (message) => ({
        subject: 'News for you',
        paragraphs: [`Number ${message.facts.number}: ${message.facts.text ?? ''}`],
      }),
    });
    return { app, worker: new MailWorker(app, settings, app.get(DeliveryService), app.get(StrandedMail), times) };
  };
  const { app, worker } = await newWorker();
  const em = app.get(MikroORM).em.fork();
  const notifications = app.get(NotificationsService);
  let queued = 0;
  return {
    mailbox,
    settings,
    clock,
    addresses,
    em,
    worker,
    newWorker,
    get: <T>(token: new (...parts: never[]) => T): T => app.get(token, { strict: false }),
    /** Queues one message in a transaction of its own. @returns its id */
    async tell(
      to: { name: string; address: string },
      facts: Record<string, string> = {},
      mergeKey?: string,
    ): Promise<string> {
      const id = newId();
      addresses.set(id, to);
      await app
        .get(MikroORM)
        .em.fork()
        .transactional(() =>
          notifications.queue({ kind: 'account', id }, 'test.news', { number: String(++queued), ...facts }, mergeKey),
        );
      const [row] = await em.execute<{ id: string }[]>('select id from message where recipient_id = ?', [id]);
      return row!.id;
    },
    async message(id: string): Promise<MessageRow> {
      const [row] = await em.execute<MessageRow[]>('select id, state, attempts, last_fault from message where id = ?', [
        id,
      ]);
      return row!;
    },
    jobs: () =>
      em.execute<{ key: string; run_at: string; wait: string }[]>(
        'select key, extract(epoch from run_at - now())::text as wait from graphile_worker.jobs order by id',
      ),
    /** As if every waiting time were over. */
    allDue: () => em.execute('update graphile_worker._private_jobs set run_at = now() where locked_at is null'),
    async stop(): Promise<void> {
      await worker.stop();
      await mailbox.stop();
      await database.drop();
    },
  };
}
