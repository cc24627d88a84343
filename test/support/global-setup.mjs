import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../apps/local/src/postgres.ts';

/** One real PostgreSQL for the whole run; every spec makes databases of its own on it (test/support/database.ts). */
export default async function setUp() {
  const directory = join(mkdtempSync(join(tmpdir(), 'edlink-test-')), 'postgres');
  const { chmodSync } = await import('node:fs');
  chmodSync(join(directory, '..'), 0o755);
  globalThis.__postgres = { server: await startPostgres(directory, { throwaway: true }), directory };
  process.env.EDLINK_TEST_SERVER = globalThis.__postgres.server.url('postgres');
}
