import { setTimeout as pause } from 'node:timers/promises';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { run, runOnce, Logger as QueueLogger, type Runner, type SharedOptions, type TaskList } from 'graphile-worker';
import pg from 'pg';
import { appRole } from '#database';
import { minutes, seconds } from '#kernel';
import { type DeliveryService, deliverTask, lease, type StrandedMail } from '#notifications';
import type { Settings } from '#settings';

/** Mails in flight at a time; most of a try is waiting for the relay. */
const concurrency = 5;

export interface WorkerTimes {
  /** Milliseconds between two looks for stranded mail. */
  lookEvery: number;
  /** Milliseconds after which a job's lock counts as left behind. */
  lease: number;
}

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
  private readonly pool: pg.Pool;

  constructor(
    private readonly app: INestApplicationContext,
    settings: Settings,
    private readonly delivery: DeliveryService,
    private readonly stranded: StrandedMail,
    private readonly times: WorkerTimes = { lookEvery: minutes(1), lease },
  ) {
    this.pool = queuePool(settings);
  }

  /** Starts to work and goes on until `stop`. */
  async start(): Promise<void> {
    await this.stranded.takeUp(this.times.lease);
    this.runner = await this.begin();
    this.working = this.goOn();
    this.timer = setInterval(() => (this.looking = this.look()), this.times.lookEvery);
  }

  /** Lets mails that are being sent finish, takes no new ones, and closes everything. */
  async stop(): Promise<void> {
    this.told.abort();
    clearInterval(this.timer);
    await this.looking;
    await this.runner?.stop().catch(() => undefined); // it may have ended by itself
    await this.working;
    await this.pool.end();
    await this.app.close();
  }

  /** Does all that is due now and returns; for tests and commands. */
  async runOnce(): Promise<void> {
    await this.stranded.takeUp(this.times.lease);
    await runOnce({ ...this.options(), taskList: this.tasks() });
  }

  /** Gives mail that a killed worker left a new job, and tells the operator of mail that waits too long. */
  async look(): Promise<void> {
    try {
      await this.stranded.takeUp(this.times.lease);
      await this.stranded.tellLate();
    } catch (fault) {
      log.warn(`looking for stranded mail: ${(fault as Error).message}`);
    }
  }

  private begin(): Promise<Runner> {
    return run({ ...this.options(), concurrency, pollInterval: 1000, taskList: this.tasks() });
  }

  /** The queue gives up when it cannot write that a job is done, as when the database restarts; then it begins again. */
  private async goOn(): Promise<void> {
    for (;;) {
      await this.runner?.promise.catch((fault: Error) => log.error(`the queue stopped: ${fault.message}`));
      if (this.told.signal.aborted) return;
      await pause(seconds(1), undefined, { signal: this.told.signal }).catch(() => undefined);
      this.runner = await this.begin().catch(
        (fault: Error) => void log.error(`the queue does not start: ${fault.message}`),
      );
    }
  }

  private tasks(): TaskList {
    return { [deliverTask]: (payload: unknown) => this.delivery.deliver(messageIdOf(payload)) };
  }

  private options(): SharedOptions & { noHandleSignals: true } {
    // Without its batches the queue leaves a rejection to nobody when it cannot write that a job ended, and the process dies.
    const preset = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
    return { pgPool: this.pool, noHandleSignals: true, logger: queueLogger, preset };
  }
}

/**
 * The queue's connections, as the app role. Ours and not the queue's own, for the queue takes its error handlers away
 * before its connections are closed: a database that restarts at that moment would end the process.
 */
function queuePool(settings: Settings): pg.Pool {
  const pool = new pg.Pool({
    connectionString: settings.DATABASE_URL,
    options: `-c role=${appRole}`,
    max: concurrency + 1,
    connectionTimeoutMillis: 2000,
  });
  const tell = (fault: Error): void => log.warn(`queue connection: ${fault.message}`);
  pool.on('error', tell);
  pool.on('connect', (client) => client.on('error', tell));
  return pool;
}

function messageIdOf(payload: unknown): string {
  const id = (payload as { messageId?: unknown } | null)?.messageId;
  if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id)) throw new Error('the job names no message');
  return id;
}
