/**
 * Lets work with the same name wait its turn within this process, so that a form sent fifty times at once takes one
 * connection of the pool, not all. The database is what keeps a deed from being done twice; this only spares it the waiting.
 */
export class InTurn {
  private readonly last = new Map<string, Promise<unknown>>();

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(name);
    const turn = before ? before.then(work, work) : work();
    this.last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.last.get(name) === turn) this.last.delete(name);
    }
  }
}
