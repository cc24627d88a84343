import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { run, runOnce, Logger as QueueLogger, type Runner, type SharedOptions, type TaskList } from 'graphile-worker';
import type { Pool } from 'pg';
import { seconds } from '#kernel';
import type { Settings } from '#settings';
import { queuePool } from './queue-pool.js';

const log = new Logger('jobs');

/** The queue's own words: only what an operator must see. */
const queueLogger = new QueueLogger(() => (level, message) => {
  if (level === 'error') log.error(message);
  else if (level === 'warning') log.warn(message);
});

/** Works on some tasks of the job queue as the app role, so many at a time. */
export class QueueRunner {
  private runner?: Runner;
  private working: Promise<void> = Promise.resolve();
  private readonly told = new AbortController();
  private readonly pool: Pool;

  /** @param longestTry milliseconds a task may need to finish when the process ends */
  constructor(
    settings: Settings,
    private readonly taskList: TaskList,
    private readonly concurrency: number,
    private readonly longestTry: number,
  ) {
    this.pool = queuePool(settings, concurrency + 1);
  }

  /** Starts to work and goes on until `stop`. */
  async start(): Promise<void> {
    this.runner = await this.begin();
    this.working = this.goOn();
  }

  /** Lets tasks that are under way finish and takes no new ones. */
  async stop(): Promise<void> {
    this.told.abort();
    // The queue may have ended by itself; and without a database it would wait for one for hours.
    await atMost(this.longestTry, Promise.all([this.runner?.stop().catch(() => undefined), this.working]));
    await atMost(seconds(5), this.pool.end());
  }

  /** Does what is due now and returns. */
  async runOnce(): Promise<void> {
    // In batches, for those are waited for: else the last job may still be there when this returns.
    const preset = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
    await runOnce({ ...this.options(), preset });
  }

  private begin(): Promise<Runner> {
    return run({ ...this.options(), concurrency: this.concurrency, pollInterval: 1000 });
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

  private options(): SharedOptions & { noHandleSignals: true; taskList: TaskList } {
    return { pgPool: this.pool, noHandleSignals: true, logger: queueLogger, taskList: this.taskList };
  }
}

const atMost = (time: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, pause(time, undefined, { ref: false })]);
