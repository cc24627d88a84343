import { AsyncLocalStorage } from 'node:async_hooks';

/** Milliseconds a request may wait for the database in all: for a connection, and for what another transaction holds. */
export const patience = 1800;

/** How long one request has waited; what it waits for at the same time counts once. */
export class Waiting {
  private before = 0;
  private since = 0;
  private count = 0;

  /** Milliseconds that are left, at least 0. */
  get left(): number {
    const now = this.count ? performance.now() - this.since : 0;
    return Math.max(0, patience - this.before - now);
  }

  /** Nothing is left: who waited in vain once is not kept waiting again while the refusal is written. */
  giveUp(): void {
    this.before = patience;
  }

  async during<T>(work: Promise<T>): Promise<T> {
    if (this.count++ === 0) this.since = performance.now();
    try {
      return await work;
    } finally {
      if (--this.count === 0) this.before += performance.now() - this.since;
    }
  }
}

const waitings = new AsyncLocalStorage<Waiting>();

/** Everything that `work` begins shares one patience. */
export const waitTogether = <T>(work: () => T): T => waitings.run(new Waiting(), work);

/** The waiting of the request that is served now; outside of requests each thing has a patience of its own. */
export const currentWaiting = (): Waiting => waitings.getStore() ?? new Waiting();
