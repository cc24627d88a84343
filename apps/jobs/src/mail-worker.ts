import { type INestApplicationContext, Logger } from '@nestjs/common';
import { minutes, seconds } from '#kernel';
import { type DeliveryService, deliverTask, lease, type StrandedMail } from '#notifications';
import type { Settings } from '#settings';
import { QueueRunner } from './queue-runner.js';

/** Mails in flight at a time; most of a try is waiting for the relay. */
const concurrency = 5;

export interface WorkerTimes {
  /** Milliseconds between two looks for stranded mail. */
  lookEvery: number;
  /** Milliseconds after which a job's lock counts as left behind. */
  lease: number;
}

/** Longer than any try to send a mail. */
const longestTry = seconds(55);

const log = new Logger('jobs');

/** Works on the job queue as the app role. */
export class MailWorker {
  private timer?: NodeJS.Timeout;
  private looking: Promise<void> = Promise.resolve();
  private readonly queue: QueueRunner;

  constructor(
    private readonly app: INestApplicationContext,
    settings: Settings,
    private readonly delivery: DeliveryService,
    private readonly stranded: StrandedMail,
    private readonly times: WorkerTimes = { lookEvery: minutes(1), lease },
    /** What else is looked after as often as stranded mail; doing it twice changes nothing. */
    private readonly chores: Record<string, () => Promise<unknown>> = {},
    /** What works beside it as long as it does. */
    private readonly beside?: { start(): Promise<void>; stop(): Promise<void> },
  ) {
    const deliver = (payload: unknown): Promise<void> => this.delivery.deliver(messageIdOf(payload));
    this.queue = new QueueRunner(settings, { [deliverTask]: deliver }, concurrency, longestTry);
  }

  /** Starts to work and goes on until `stop`. */
  async start(): Promise<void> {
    await this.stranded.takeUp(this.times.lease);
    await this.doChores();
    await this.queue.start();
    await this.beside?.start();
    this.timer = setInterval(() => (this.looking = this.look()), this.times.lookEvery);
  }

  /** Lets mails that are being sent finish, takes no new ones, and closes everything. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    await Promise.all([this.queue.stop(), this.beside?.stop()]);
    await this.app.close();
  }

  /** Does all that is due now and returns; for tests and commands. */
  async runOnce(): Promise<void> {
    await this.doChores();
    await this.stranded.takeUp(this.times.lease);
    await this.queue.runOnce();
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
}

function messageIdOf(payload: unknown): string {
  const id = (payload as { messageId?: unknown } | null)?.messageId;
  if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id)) throw new Error('the job names no message');
  return id;
}
