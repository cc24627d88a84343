import { setTimeout as pause } from 'node:timers/promises';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { run, runOnce, Logger as QueueLogger, type Runner, type SharedOptions, type TaskList } from 'graphile-worker';
import type { Pool } from 'pg';
import { minutes, seconds } from '#kernel';
import { type DeliveryService, deliverTask, lease, type StrandedMail } from '#notifications';
import type { Settings } from '#settings';
import { queuePool } from './queue-pool.js';

/** Mails in flight at a time; most of a try is waiting for the relay. */
const concurrency = 5;

export interface WorkerTimes {
  /** Milliseconds between two looks for stranded mail. */
  lookEvery: number;
  /** Milliseconds after which a job's lock counts as left behind. */
  lease: number;
}

/** Longer than any try to send a mail. */
const longestTry = seconds(40);

const log = new Logger('jobs');

/** The queue's own words: only what an operator must see. */
const queueLogger = new QueueLogger(() => (level, message) => {
  if (level === 'error') log.error(message);
  else if (level === 'warning') log.warn(message);
});

/** Works on the job queue as the app role. */
export class MailWorker {
  private runner?: Runner;
  private working: Promise<void> = Promise.resolve();
  private readonly told = new AbortController();
  private timer?: NodeJS.Timeout;
  private looking: Promise<void> = Promise.resolve();
  private readonly pool: Pool;

  constructor(
    private readonly app: INestApplicationContext,
    settings: Settings,
    private readonly delivery: DeliveryService,
    private readonly stranded: StrandedMail,
    private readonly times: WorkerTimes = { lookEvery: minutes(1), lease },
    /** What else is looked after as often as stranded mail; doing it twice changes nothing. */
    private readonly chores: Record<string, () => Promise<unknown>> = {},
  ) {
    this.pool = queuePool(settings, concurrency + 1);
  }

  /** Starts to work and goes on until `stop`. */
  async start(): Promise<void> {
    await this.stranded.takeUp(this.times.lease);
    await this.doChores();
    this.runner = await this.begin();
    this.working = this.goOn();
    this.timer = setInterval(() => (this.looking = this.look()), this.times.lookEvery);
  }

  /** Lets mails that are being sent finish, takes no new ones, and closes everything. */
  async stop(): Promise<void> {
    this.told.abort();
    clearInterval(this.timer);
    await this.looking;
    // The queue may have ended by itself; and without a database it would wait for one for hours.
    await atMost(longestTry, Promise.all([this.runner?.stop().catch(() => undefined), this.working]));
    await atMost(seconds(5), this.pool.end());
    await this.app.close();
  }

  /** Does all that is due now and returns; for tests and commands. */
  async runOnce(): Promise<void> {
    await this.doChores();
    await this.stranded.takeUp(this.times.lease);
    // In batches, for those are waited for: else the last job may still be there when this returns.
    const preset = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
    await runOnce({ ...this.options(), taskList: this.tasks(), preset });
  }

  /** Gives mail that a killed worker left a new job, tells the operator of mail that waits too long, and does the chores. */
  async look(): Promise<void> {
    try {
      await this.stranded.takeUp(this.times.lease);
      await this.stranded.tellLate();
    } catch (fault) {
      log.warn(`looking for stranded mail: ${(fault as Error).message}`);
    }
    await this.doChores();
  }

  /** What fails now is tried at the next look. */
  private async doChores(): Promise<void> {
    for (const [name, chore] of Object.entries(this.chores))
      await chore().catch((fault: Error) => log.warn(`${name}: ${fault.message}`));
  }

  private begin(): Promise<Runner> {
    return run({ ...this.options(), concurrency, pollInterval: 1000, taskList: this.tasks() });
  }

  /** Whatever ends the queue, it begins again. */
  private async goOn(): Promise<void> {
    const { signal } = this.told;
    while (!signal.aborted) {
      await this.runner?.promise.catch((fault: Error) => log.error(`the queue stopped: ${fault.message}`));
      await pause(seconds(1), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.runner = await this.begin().catch(
        (fault: Error) => void log.error(`the queue does not start: ${fault.message}`),
      );
      if (signal.aborted) await this.runner?.stop();
    }
  }

  private tasks(): TaskList {
    return { [deliverTask]: (payload: unknown) => this.delivery.deliver(messageIdOf(payload)) };
  }

  private options(): SharedOptions & { noHandleSignals: true } {
    return { pgPool: this.pool, noHandleSignals: true, logger: queueLogger };
  }
}

const atMost = (time: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, pause(time, undefined, { ref: false })]);

function messageIdOf(payload: unknown): string {
  const id = (payload as { messageId?: unknown } | null)?.messageId;
  if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id)) throw new Error('the job names no message');
  return id;
}
