import { type INestApplicationContext, Logger } from '@nestjs/common';
import { run, runOnce, Logger as QueueLogger, type Runner, type SharedOptions, type TaskList } from 'graphile-worker';
import { appRole } from '#database';
import { minutes } from '#kernel';
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
  private timer?: NodeJS.Timeout;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly app: INestApplicationContext,
    private readonly settings: Settings,
    private readonly delivery: DeliveryService,
    private readonly stranded: StrandedMail,
    private readonly times: WorkerTimes = { lookEvery: minutes(1), lease },
  ) {}

  /** Starts to work and goes on until `stop`. */
  async start(): Promise<void> {
    await this.stranded.takeUp(this.times.lease);
    this.runner = await run({ ...this.options(), concurrency, pollInterval: 1000, taskList: this.tasks() });
    this.timer = setInterval(() => (this.looking = this.look()), this.times.lookEvery);
  }

  /** Lets mails that are being sent finish, takes no new ones, and closes everything. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    await this.runner?.stop();
    await this.app.close();
  }

  /** Does all that is due now and returns; for tests and commands. */
  async runOnce(): Promise<void> {
    await this.stranded.takeUp(this.times.lease);
    await runOnce({ ...this.options(), taskList: this.tasks() });
  }

  /** Ends when the worker ends by itself, as when the queue has a version it does not know. */
  get ended(): Promise<void> {
    return this.runner?.promise ?? Promise.resolve();
  }

  private async look(): Promise<void> {
    try {
      await this.stranded.takeUp(this.times.lease);
      await this.stranded.tellLate();
    } catch (fault) {
      log.warn(`looking for stranded mail: ${(fault as Error).message}`);
    }
  }

  private tasks(): TaskList {
    return { [deliverTask]: (payload: unknown) => this.delivery.deliver(messageIdOf(payload)) };
  }

  private options(): SharedOptions & { noHandleSignals: true } {
    const address = new URL(this.settings.DATABASE_URL);
    address.searchParams.set('options', `-c role=${appRole}`);
    return { connectionString: address.href, maxPoolSize: concurrency, noHandleSignals: true, logger: queueLogger };
  }
}

function messageIdOf(payload: unknown): string {
  const id = (payload as { messageId?: unknown } | null)?.messageId;
  if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id)) throw new Error('the job names no message');
  return id;
}
