import { createHmac } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { SessionData } from 'express-session';
import { createPortal } from '../../apps/portal/src/create.js';
import { newId, newToken } from '#kernel';
import type { Settings } from '#settings';
import { SessionStore } from '#web';
import { MovableClock } from '../support/clock.js';
import { freshDatabase } from '../support/database.js';
import { freePort } from '../support/ports.js';
import { testSettings } from '../support/settings.js';
import { type SeenPage, Visitor } from '../support/visitor.js';

/** A portal on a database of its own, listening. */
export interface TestPortal {
  app: NestExpressApplication;
  settings: Settings;
  origin: string;
  clock: MovableClock;
  /** For seeding and looking, outside any request. */
  em: EntityManager;
  /** Somebody who is not signed in. */
  stranger(): PortalVisitor;
  /** Somebody with a session, put there through the real store. */
  signedIn(person: { accountId: string }): Promise<PortalVisitor>;
  stop(): Promise<void>;
}

/** @param given a database instead of a fresh one on the server all specs share */
export async function startPortal(
  others: Record<string, string> = {},
  given?: { url: string; drop(): Promise<void> },
): Promise<TestPortal> {
  const database = given ?? (await freshDatabase());
  const [port, nobody] = [await freePort(), await freePort()];
  const settings = testSettings(database.url, {
    PORTAL_PORT: String(port),
    ISSUER_PORT: String(nobody),
    DATABASE_POOL: '10',
    ...others,
  });
  const clock = new MovableClock();
  const app = await createPortal(settings, { clock });
  await app.listen(port);
  const origin = `http://localhost:${port}`;
  const stranger = (): PortalVisitor => new PortalVisitor(origin);
  return {
    app,
    settings,
    origin,
    clock,
    em: app.get(MikroORM).em.fork(),
    stranger,
    signedIn: async ({ accountId }) => {
      const visitor = stranger();
      const id = newToken();
      const session = { cookie: {}, accountId, authTime: Math.floor(clock.now().getTime() / 1000) } as SessionData;
      await new Promise<void>((resolve, reject) =>
        app.get(SessionStore).set(id, session, (fault) => (fault ? reject(fault as Error) : resolve())),
      );
      visitor.cookies.set(sessionCookie(settings), { value: signed(id, settings.COOKIE_SECRETS[0]!), path: '/' });
      return visitor;
    },
    stop: async () => {
      await app.close();
      await database.drop();
    },
  };
}

export const sessionCookie = (settings: Settings): string =>
  settings.PORTAL_ORIGIN.startsWith('https') ? '__Host-edlink_portal' : 'edlink_portal';

/** A session id as express-session puts it into its cookie. */
const signed = (id: string, secret: string): string =>
  encodeURIComponent(`s:${id}.${createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')}`);

/** A browser without script that is at the portal already. */
export class PortalVisitor extends Visitor {
  constructor(origin: string) {
    super();
    this.page = { status: 0, url: new URL(origin), headers: new Headers(), html: '', text: '' };
  }

  /** A page as it is, redirects not followed. */
  open(path: string, headers: Record<string, string> = {}): Promise<SeenPage> {
    return this.once('GET', path, undefined, headers);
  }

  /** Posts fields as a form of ours does, with the token of this browser and session and a key of its own; redirects not followed. */
  async post(
    path: string,
    fields: Record<string, string | string[]> = {},
    headers: Record<string, string> = {},
  ): Promise<SeenPage> {
    return this.once('POST', path, formBody({ _token: await this.token(), _key: newId(), ...fields }), {
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    });
  }

  /** The form token of this browser and session, read from the sign-out form; for strangers made up. */
  async token(): Promise<string> {
    const { html } = await this.open('/help');
    return /name="_token" value="([0-9a-f]+)"/.exec(html)?.[1] ?? 'none';
  }
}

/** A form's body; a field with several values comes several times. */
export function formBody(fields: Record<string, string | string[]>): string {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
  return body.toString();
}

/** A request with a Host header of one's own, as a proxy sends it; `fetch` sends none but the true one. */
export const asProxied = (
  portal: TestPortal,
  path: string,
  headers: Record<string, string>,
  form?: string,
): Promise<{ status: number; headers: IncomingMessage['headers']; html: string }> =>
  new Promise((resolve, reject) => {
    const type = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const call = request(
      new URL(path, portal.origin),
      { method: form === undefined ? 'GET' : 'POST', headers: { accept: 'text/html', ...type, ...headers } },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, html: Buffer.concat(pieces).toString() }),
        );
      },
    );
    call.on('error', reject).end(form);
  });
