import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from './postgres.js';

export interface LocalDatabase {
  url: string;
  /** Ends the embedded server if this process started it. */
  stop(): Promise<void>;
}

const name = 'edlink';

/** The database in `.data/`: starts the embedded server where it is not running, and makes the database where it is absent. */
export async function startDatabase(directory: string): Promise<LocalDatabase> {
  const server = await startPostgres(join(directory, 'postgres'));
  const client = new pg.Client(server.url('postgres'));
  await client.connect();
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (!rowCount) await client.query(`create database ${name}`);
  await client.end();
  return { url: server.url(name), stop: () => server.stop() };
}
