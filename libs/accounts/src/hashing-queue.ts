import { kernelProblems } from '#kernel';

/**
 * Lets a few pieces of work run at a time and a few more wait (PW-5): a flood of sign-ins must not take the machine from
 * everybody else.
 */
export class HashingQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mayWait: number,
  ) {}

  /** @throws Problem 503 at once when too many wait already */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.atOnce) {
      if (this.waiting.length >= this.mayWait)
        throw kernelProblems.busy(
          'Many people are signing in right now. Wait a few seconds and try again. Nothing was changed.',
          { retryAfter: 5 },
        );
      await new Promise<void>((resume) => this.waiting.push(resume)); // whoever ends hands over its place
    } else this.running++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
