import { createServer } from 'node:net';
import type { Clock } from '#kernel';
import type { Settings } from '#settings';
import { type RunningSystem, startSystem } from '../../apps/local/src/start-system.js';
import { freshDatabase } from './database.js';
import { startTestMailbox, type TestMailbox } from './mailbox.js';
import { testSettings } from './settings.js';

export interface TestSystem extends RunningSystem {
  settings: Settings;
  mailbox: TestMailbox;
}

/** Ports nobody listens on at this moment; the origins of a system must be known before it starts. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer();
          server.listen(0, () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * The whole system as `npm start` runs it, on a database and a mailbox of its own.
 * @param prepare fills the database before the apps start
 */
export async function startTestSystem(
  options: { clock?: Clock; prepare?(settings: Settings): Promise<unknown> } = {},
): Promise<TestSystem> {
  const [database, mailbox, [portal, issuer, eser]] = await Promise.all([
    freshDatabase(),
    startTestMailbox(),
    freePorts(3),
  ]);
  const settings = testSettings(database.url, {
    PORTAL_PORT: String(portal),
    ISSUER_PORT: String(issuer),
    ESER_PORT: String(eser),
    SMTP_URL: mailbox.smtpUrl,
    DATABASE_POOL: '8',
  });
  await options.prepare?.(settings);
  const system = await startSystem(settings, options);
  return {
    ...system,
    settings,
    mailbox,
    stop: async () => {
      await system.stop();
      await mailbox.stop();
      await database.drop();
    },
  };
}
