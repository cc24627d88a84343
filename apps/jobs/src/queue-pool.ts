import { Logger } from '@nestjs/common';
import pg from 'pg';
import { appRole, isLost } from '#database';
import type { Settings } from '#settings';

const log = new Logger('jobs');

/**
 * The queue tries again what fails with `57P03` (the database cannot take connections now), for hours. After any other
 * fault while it notes that a job ended, it shuts itself down, and may never finish doing so. A lost connection is worth
 * another try just as much: noting the end of a job twice is the same as once.
 */
function worthAnotherTry(fault: Error & { code?: string }): never {
  if (isLost(fault)) fault.code = '57P03';
  throw fault;
}

class QueueClient extends pg.Client {
  override query(...parts: unknown[]): never {
    const answer = super.query(...(parts as [string])) as unknown;
    return (answer instanceof Promise ? answer.catch(worthAnotherTry) : answer) as never;
  }
}

class QueuePool extends pg.Pool {
  override connect(callback?: unknown): never {
    // The queue does not wait for what it still tries again when it ends; nobody would take the refusal.
    if (this.ending) return new Promise(() => undefined) as never;
    if (callback) return super.connect(callback as never) as never;
    return super.connect().catch(worthAnotherTry) as never;
  }
}

/**
 * The queue's connections, as the app role. Ours and not the queue's own, for it also takes its error handlers away
 * before its connections are closed: a database that restarts at that moment would end the process.
 * @param max connections at most
 */
export function queuePool(settings: Settings, max: number): pg.Pool {
  const pool = new QueuePool({
    connectionString: settings.DATABASE_URL,
    options: `-c role=${appRole}`,
    max,
    connectionTimeoutMillis: 2000,
    Client: QueueClient as never,
  });
  const tell = (fault: Error): void => log.warn(`queue connection: ${fault.message}`);
  pool.on('error', tell);
  pool.on('connect', (client) => client.on('error', tell));
  return pool;
}
