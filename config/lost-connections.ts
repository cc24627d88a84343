import type { Pool, PoolClient } from 'pg';

/** Longer than anybody needs who still gives a dead connection back by himself. */
const grace = 1000;

/**
 * Takes back places of the pool whose connection died inside a transaction. MikroORM 7.2 gives a connection back only
 * when `rollback` succeeds, which on a dead connection it never does: each restart of the database would cost an app as
 * many places as it had transactions under way, until none is left and every page answers 503.
 */
export function freeLostConnections(pool: Pool): void {
  const lent = new Set<PoolClient>();
  pool.on('acquire', (client) => lent.add(client));
  pool.on('release', (_, client) => lent.delete(client));
  pool.on('connect', (client) => {
    const takeBack = (): void => {
      if (lent.has(client)) client.release(new Error('the connection was lost'));
    };
    client.once('end', () => setTimeout(takeBack, grace).unref());
  });
}
