import { createServer } from 'node:net';
import { MikroORM } from '@mikro-orm/postgresql';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Settings } from '#settings';
import { createIssuer } from '../../apps/issuer/src/create.js';
import { MovableClock } from './clock.js';
import { freshDatabase } from './database.js';
import { deliverAll, startTestMailbox, type TestMailbox } from './mailbox.js';
import { testSettings } from './settings.js';

/** An issuer on a database, a port and a mailbox of its own. */
export interface TestIssuer {
  origin: string;
  settings: Settings;
  app: NestExpressApplication;
  clock: MovableClock;
  mailbox: TestMailbox;
  /** Rows of a statement run on the issuer's database. */
  sql<Row extends object>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** Sends what waits, as the worker does. */
  deliver(): Promise<void>;
  stop(): Promise<void>;
}

/** A port nobody listens on right now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** @param others settings by name, in the place of the usual ones */
export async function startIssuer(others: Record<string, string> = {}): Promise<TestIssuer> {
  const database = await freshDatabase();
  const mailbox = await startTestMailbox();
  const port = await freePort();
  const settings = testSettings(database.url, { ISSUER_PORT: String(port), SMTP_URL: mailbox.smtpUrl, ...others });
  const clock = new MovableClock();
  const app = await createIssuer(settings, { clock });
  await app.listen(port);
  return {
    origin: settings.ISSUER_ORIGIN,
    settings,
    app,
    clock,
    mailbox,
    sql: (statement, values = []) => app.get(MikroORM).em.fork().execute(statement, values) as never,
    deliver: () => deliverAll(settings, { clock }),
    stop: async () => {
      await app.close();
      await mailbox.stop();
      await database.drop();
    },
  };
}
