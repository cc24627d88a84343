import { Inject } from '@nestjs/common';
import { Command, CommandRunner, Option } from 'nest-commander';
import { lease } from '#notifications';
import { minutes, SETTINGS, seconds } from '#kernel';
import type { Settings } from '#settings';
import { createWorker } from '../create-worker.js';
import { Terminal } from '../terminal.js';

const wholeSeconds = (text: string): number => {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new Error(`"${text}" is not a number of seconds`);
  return seconds(number);
};

/** `work`: background work, until the process is told to end. */
@Command({ name: 'work', description: 'do background work (send mail) until stopped with Ctrl-C or SIGTERM' })
export class WorkCommand extends CommandRunner {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_: string[], options: { lookEvery?: number; lease?: number }): Promise<void> {
    const told = new Promise<void>((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    });
    const worker = await createWorker(
      this.settings,
      {},
      { lookEvery: options.lookEvery ?? minutes(1), lease: options.lease ?? lease },
    );
    await worker.start();
    this.terminal.line('Working. Ctrl-C or SIGTERM ends it.');
    await told;
    await worker.stop();
    this.terminal.line('Ended; nothing is half done.');
  }

  @Option({
    flags: '--look-every <seconds>',
    description: 'how often to look for mail a killed worker left (default 60)',
  })
  lookEvery(text: string): number {
    return wholeSeconds(text);
  }

  @Option({
    flags: '--lease <seconds>',
    description: 'after how long a job counts as left; longer than the slowest mail (default 120)',
  })
  lease(text: string): number {
    return wholeSeconds(text);
  }
}
