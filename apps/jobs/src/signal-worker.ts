import { Logger } from '@nestjs/common';
import { seconds } from '#kernel';
import type { Settings } from '#settings';
import { signalTask } from '#signals';
import type { SignalSender } from '#tokens';
import { QueueRunner } from './queue-runner.js';

/** Signals in flight at a time; on a queue of their own, for a mail may need half a minute. */
const concurrency = 6;
/** How often it is looked for what is to be tried again. */
const lookEvery = seconds(1);
const longestTry = seconds(5);

const log = new Logger('signals');

/**
 * Tells applications that somebody's access changed. A job wakes it at the commit of the change; what failed, or was
 * left by a worker that was killed, is found by looking.
 */
export class SignalWorker {
  private readonly queue: QueueRunner;
  private timer?: NodeJS.Timeout;
  private looking?: Promise<void>;

  constructor(
    settings: Settings,
    private readonly sender: SignalSender,
  ) {
    const drain = (payload: unknown): Promise<void> => this.quietly(this.sender.drain(clientOf(payload)));
    this.queue = new QueueRunner(settings, { [signalTask]: drain }, concurrency, longestTry);
  }

  async start(): Promise<void> {
    await this.queue.start();
    this.timer = setInterval(() => {
      this.looking ??= this.quietly(this.sender.sendDue()).finally(() => (this.looking = undefined));
    }, lookEvery);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    await this.queue.stop();
  }

  /** What fails now is found at the next look. */
  private quietly(work: Promise<void>): Promise<void> {
    return work.catch((fault: Error) => log.warn(fault.message));
  }
}

const clientOf = (payload: unknown): string => String((payload as { clientId?: unknown } | null)?.clientId);
