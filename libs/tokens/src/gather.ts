interface Waiting<Answer> {
  answer: Promise<Answer | undefined>;
  resolve(answer: Answer | undefined): void;
  reject(fault: unknown): void;
}

/**
 * Asks single questions together when many come at once: those of one turn of the event loop leave together, and those
 * that come while enough are under way share the next round trip. An answer is never older than its question.
 */
export class Gather<Answer> {
  private waiting = new Map<string, Waiting<Answer>>();
  private underWay = 0;
  private leaving = false;

  /**
   * @param ask answers by key; a key without one is left out
   * @param atOnce round trips under way at the same time
   * @param most questions in one round trip
   */
  constructor(
    private readonly ask: (keys: string[]) => Promise<Map<string, Answer>>,
    private readonly atOnce = 2,
    private readonly most = 50,
  ) {}

  one(key: string): Promise<Answer | undefined> {
    const same = this.waiting.get(key);
    if (same) return same.answer;
    const waiting = {} as Waiting<Answer>;
    waiting.answer = new Promise((resolve, reject) => {
      waiting.resolve = resolve;
      waiting.reject = reject;
    });
    this.waiting.set(key, waiting);
    this.leaveSoon();
    return waiting.answer;
  }

  private leaveSoon(): void {
    if (this.leaving || !this.waiting.size || this.underWay >= this.atOnce) return;
    this.leaving = true;
    setImmediate(() => void this.leave());
  }

  private async leave(): Promise<void> {
    this.leaving = false;
    const now = [...this.waiting].slice(0, this.most);
    for (const [key] of now) this.waiting.delete(key);
    this.underWay += 1;
    this.leaveSoon();
    try {
      const answers = await this.ask(now.map(([key]) => key));
      for (const [key, one] of now) one.resolve(answers.get(key));
    } catch (fault) {
      for (const [, one] of now) one.reject(fault);
    } finally {
      this.underWay -= 1;
      this.leaveSoon();
    }
  }
}
