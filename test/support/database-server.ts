import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '../../config/migrate.js';
import { startPostgres } from '../../apps/local/src/postgres.js';
import { startDatabase } from '../../apps/local/src/start-database.js';
import { testSettings } from './settings.js';

/** A real, durable PostgreSQL of a spec's own with one migrated database, to be ended and begun again on the same port. */
export class DatabaseServer {
  private constructor(
    private readonly folder: string,
    /** Address of the database. */
    readonly url: string,
  ) {}

  static async start(): Promise<DatabaseServer> {
    const folder = mkdtempSync(join(tmpdir(), 'edlink-server-'));
    chmodSync(folder, 0o755); // the account PostgreSQL runs as under root walks through it
    const { url } = await startDatabase(folder);
    await migrate(testSettings(url));
    return new DatabaseServer(folder, url);
  }

  /** Ends the server, as an operator does (`fast`), as a crash does (`immediate`), or by killing one of its backends; and begins it again where it does not do so itself. */
  async restart(how: 'fast' | 'immediate' | 'backend'): Promise<void> {
    if (how === 'backend') await this.killBackend();
    else {
      await this.end(how);
      await startPostgres(join(this.folder, 'postgres'), { port: Number(new URL(this.url).port) });
    }
    while (!(await this.answers())) await pause(10);
  }

  /** For afterAll. */
  async drop(): Promise<void> {
    await this.end('immediate');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(how: 'fast' | 'immediate'): Promise<void> {
    const { pid } = this;
    process.kill(pid, how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    while (isThere(pid)) await pause(10);
  }

  /** The whole server begins anew when one backend dies so. */
  private async killBackend(): Promise<void> {
    const client = new pg.Client(this.url);
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() order by random() limit 1`,
    );
    const over = new Promise((resolve) => client.once('end', resolve));
    process.kill(rows[0]!.pid, 'SIGKILL');
    await over;
  }

  private async answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 500 });
    client.on('error', () => undefined);
    const connected = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    return connected;
  }

  private get pid(): number {
    return Number(readFileSync(join(this.folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
