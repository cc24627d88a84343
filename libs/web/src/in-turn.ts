import { currentWaiting } from '#kernel';

/**
 * Lets equal work wait for the first within this process, so that a form sent fifty times at once takes one connection of
 * the pool, not all. The database is what keeps a deed from being done twice; this only spares it the waiting.
 */
export class InTurn<T> {
  private readonly underWay = new Map<string, Promise<T | undefined>>();

  /**
   * @param work undefined: it came to nothing that counts for others
   * @returns what the work of the others came to, or one's own; `first` tells which
   */
  async run(name: string, work: () => Promise<T | undefined>): Promise<{ first: boolean; result?: T }> {
    for (let other = this.underWay.get(name); other; other = this.underWay.get(name)) {
      // Counts as waiting for the database: behind a form that hangs, nobody hangs as long once more.
      const result = await currentWaiting().during(other.catch(() => undefined));
      if (result !== undefined) return { first: false, result };
    }
    const turn = work();
    this.underWay.set(name, turn);
    try {
      return { first: true, result: await turn };
    } finally {
      this.underWay.delete(name);
    }
  }
}
