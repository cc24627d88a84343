import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../apps/local/src/postgres.ts';
import { prepareChromium } from './chromium.mjs';

/** One real PostgreSQL for the whole run; every spec makes databases of its own on it (test/support/database.ts). */
export default async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'edlink-test-'));
  chmodSync(folder, 0o755); // the account PostgreSQL runs as under root walks through it
  const directory = join(folder, 'postgres');
  globalThis.__postgres = { server: await startPostgres(directory, { throwaway: true }), folder };
  process.env.EDLINK_TEST_SERVER = globalThis.__postgres.server.url('postgres');
  await prepareChromium();
}
