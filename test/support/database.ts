import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../config/migrate.js';
import { testSettings } from './settings.js';

const server = (): string => process.env.EDLINK_TEST_SERVER!;
const template = 'edlink_template';

function urlOf(database: string): string {
  const url = new URL(server());
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs on the server as superuser. */
async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(server());
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * A migrated database for one spec, cloned from a template that the first spec makes.
 * @returns its address, and `drop` for afterAll
 */
export async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await onServer(async (client) => {
    await client.query('select pg_advisory_lock(1)');
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (!rowCount) {
      await client.query('create database edlink_half_made');
      await migrate(testSettings(urlOf('edlink_half_made')));
      await client.query(`alter database edlink_half_made rename to ${template}`);
    }
    await client.query(`create database ${name} template ${template}`);
    await client.query('select pg_advisory_unlock(1)');
  });
  return {
    url: urlOf(name),
    drop: () => onServer(async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  };
}
