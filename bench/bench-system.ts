import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, type Settings } from '#settings';
import { startPostgres } from '../apps/local/src/postgres.js';
import { demoSecrets } from '../apps/local/src/secrets.js';
import { startDatabase } from '../apps/local/src/start-database.js';
import { migrate } from '../config/migrate.js';

export interface BenchSystem {
  settings: Settings;
  /** The same as texts, for child processes. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** An empty, migrated database on a real, durable PostgreSQL of its own, and settings for apps on free ports. */
export async function startBenchSystem(others: Record<string, string> = {}): Promise<BenchSystem> {
  const directory = mkdtempSync(join(tmpdir(), 'edlink-bench-'));
  chmodSync(directory, 0o755);
  const server = await startPostgres(join(directory, 'postgres'));
  const { url } = await startDatabase(directory);
  const [portal, issuer, eser] = [await freePort(), await freePort(), await freePort()];
  const environment = {
    EDLINK_MODE: 'demo',
    ...demoSecrets(directory).environment,
    DATABASE_URL: url,
    SMTP_URL: 'smtp://127.0.0.1:1',
    PORTAL_PORT: String(portal),
    ISSUER_PORT: String(issuer),
    ESER_PORT: String(eser),
    ...others,
  };
  const settings = readSettings(environment);
  await migrate(settings);
  return {
    settings,
    environment,
    stop: async () => {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A port nobody listens on at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
