import type { Pool, PoolClient } from 'pg';
import { currentWaiting, patience, type Waiting } from '#kernel';

/** Less waiting than this is not worth telling the database. */
const noticeable = 100;

/**
 * Bounds what a request waits for places of the pool and for locks together, not each of them: else a page that waited
 * for its session, then for its reader, then for a locked row would hang as often as there is a limit.
 */
export function shareThePatience(pool: Pool): void {
  const connect = pool.connect.bind(pool) as (done?: () => void) => Promise<PoolClient>;
  const hurried = new WeakSet<PoolClient>();
  const place = async (): Promise<PoolClient> => {
    const waiting = currentWaiting();
    const client = await waiting.during(atMost(waiting.left, connect()));
    try {
      await hurry(client, waiting, hurried);
    } catch (fault) {
      client.release(fault as Error);
      throw fault;
    }
    return client;
  };
  pool.connect = ((done?: () => void) => (done ? connect(done) : place())) as typeof pool.connect;
}

/** Who waited long for a place waits for locks that much less. */
async function hurry(client: PoolClient, { left }: Waiting, hurried: WeakSet<PoolClient>): Promise<void> {
  const late = left < patience - noticeable;
  if (!late && !hurried.has(client)) return;
  await client.query(`set lock_timeout = ${late ? Math.max(noticeable, Math.round(left)) : patience}`);
  if (late) hurried.add(client);
  else hurried.delete(client);
}

/** A place that comes too late goes straight back. */
function atMost(time: number, place: Promise<PoolClient>): Promise<PoolClient> {
  return new Promise((resolve, reject) => {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      reject(new Error('timeout exceeded when trying to connect'));
    }, time);
    place.then(
      (client) => {
        clearTimeout(timer);
        if (over) client.release();
        else resolve(client);
      },
      (fault: Error) => {
        clearTimeout(timer);
        reject(fault);
      },
    );
  });
}
