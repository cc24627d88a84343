import { createHash } from 'node:crypto';
import { MikroORM } from '@mikro-orm/postgresql';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AccountsService } from '#accounts';
import { systemActor } from '#kernel';
import type { Settings } from '#settings';
import { createIssuer } from '../../apps/issuer/src/create.js';
import { passphrase } from './accounts.js';
import { MovableClock } from './clock.js';
import { freshDatabase } from './database.js';
import { deliverAll, startTestMailbox, type TestMailbox } from './mailbox.js';
import { freePort } from './ports.js';
import { testSettings } from './settings.js';
import { type SeenPage, Visitor } from './visitor.js';

/** An issuer on a database, a port and a mailbox of its own. */
export interface TestIssuer {
  origin: string;
  settings: Settings;
  app: NestExpressApplication;
  clock: MovableClock;
  mailbox: TestMailbox;
  /** Rows of a statement run on the issuer's database. */
  sql<Row extends object>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** A new active account with `passphrase`; its user name is the part of the address before the @. */
  account(userName: string, others?: { email?: string }): Promise<string>;
  /** Somebody at a browser that stays at the issuer. */
  visitor(): Visitor;
  /** Brings a browser to the sign-in page, as the portal does. */
  toSignIn(visitor: Visitor): Promise<SeenPage>;
  /** A browser that signed in through the portal. */
  signedIn(name: string, password?: string): Promise<Visitor>;
  /** Sends what waits, as the worker does. */
  deliver(): Promise<void>;
  stop(): Promise<void>;
}

/** The portal's authorization request; the verifier is `v` 43 times. */
function authorizeAddress({ ISSUER_ORIGIN, PORTAL_ORIGIN }: Settings): string {
  const challenge = createHash('sha256').update('v'.repeat(43)).digest('base64url');
  const asked = {
    client_id: 'portal',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${PORTAL_ORIGIN}/sign-in/callback`,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'some-state',
    nonce: 'some-nonce',
    max_age: '43200',
  };
  return `${ISSUER_ORIGIN}/oidc/auth?${new URLSearchParams(asked).toString()}`;
}

/** @param others settings by name, in the place of the usual ones */
export async function startIssuer(others: Record<string, string> = {}): Promise<TestIssuer> {
  const database = await freshDatabase();
  const mailbox = await startTestMailbox();
  const port = await freePort();
  const settings = testSettings(database.url, { ISSUER_PORT: String(port), SMTP_URL: mailbox.smtpUrl, ...others });
  const clock = new MovableClock();
  const app = await createIssuer(settings, { clock });
  await app.listen(port);
  const visitor = (): Visitor => Object.assign(new Visitor(), { stayAt: settings.ISSUER_ORIGIN });
  const toSignIn = (one: Visitor): Promise<SeenPage> => one.get(authorizeAddress(settings));
  return {
    origin: settings.ISSUER_ORIGIN,
    settings,
    app,
    clock,
    mailbox,
    sql: (statement, values = []) => app.get(MikroORM).em.fork().execute(statement, values) as never,
    account: (userName, { email = `${userName}@acadia.example.org` } = {}) =>
      app
        .get(AccountsService, { strict: false })
        .add(systemActor, { userName, firstName: 'Odette', lastName: 'Fontenot', email, passphrase }),
    visitor,
    toSignIn,
    signedIn: async (name, password = passphrase) => {
      const one = visitor();
      await toSignIn(one);
      const end = await one.send({ name, passphrase: password });
      if (!end.location?.startsWith(settings.PORTAL_ORIGIN))
        throw new Error(`${name} was not signed in: ${end.status} ${end.text.slice(0, 300)}`);
      return one;
    },
    deliver: () => deliverAll(settings, { clock }),
    stop: async () => {
      await app.close();
      await mailbox.stop();
      await database.drop();
    },
  };
}
