import { createHmac } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { SessionData } from 'express-session';
import { createPortal } from '../../apps/portal/src/create.js';
import { newToken } from '#kernel';
import type { Settings } from '#settings';
import { SessionStore } from '#web';
import { MovableClock } from '../support/clock.js';
import { freshDatabase } from '../support/database.js';
import { freePort } from '../support/ports.js';
import { testSettings } from '../support/settings.js';

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

export async function startPortal(others: Record<string, string> = {}): Promise<TestPortal> {
  const database = await freshDatabase();
  const port = await freePort();
  const settings = testSettings(database.url, { PORTAL_PORT: String(port), DATABASE_POOL: '10', ...others });
  const clock = new MovableClock();
  const app = await createPortal(settings, { clock });
  await app.listen(port);
  const origin = `http://localhost:${port}`;
  const stranger = (): PortalVisitor => new PortalVisitor(origin, new URL(settings.PORTAL_ORIGIN).host);
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
      await new Promise<void>((resolve, reject) => app.get(SessionStore).set(id, session, (fault) => (fault ? reject(fault as Error) : resolve())));
      visitor.cookies.set(sessionCookie(settings), signed(id, settings.COOKIE_SECRETS[0]!));
      return visitor;
    },
    stop: async () => {
      await app.close();
      await database.drop();
    },
  };
}

export const sessionCookie = (settings: Settings): string => (settings.PORTAL_ORIGIN.startsWith('https') ? '__Host-edlink_portal' : 'edlink_portal');

/** A session id as express-session puts it into its cookie. */
const signed = (id: string, secret: string): string => encodeURIComponent(`s:${id}.${createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')}`);

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  location: string;
}

/** A browser without script: keeps cookies, follows nothing by itself, and sends the forms it was shown. */
export class PortalVisitor {
  readonly cookies = new Map<string, string>();
  readonly setCookies: string[] = [];

  constructor(
    readonly origin: string,
    private readonly host: string,
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, { headers });
  }

  /** Posts fields as a form of ours does, with the token of this browser's session unless `_token` is given. */
  async post(path: string, fields: Record<string, string | string[]> = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries({ _token: await this.token(), ...fields })) for (const one of [value].flat()) body.append(name, one);
    return this.send(path, { method: 'POST', body: body.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', origin: this.origin, ...headers } });
  }

  /** The form token of this browser and session, read from a page that shows a form to everybody who is signed in. */
  async token(): Promise<string> {
    const { text } = await this.get('/help');
    return /name="_token" value="([0-9a-f]+)"/.exec(text)?.[1] ?? '';
  }

  async send(path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (!headers.has('accept')) headers.set('accept', 'text/html');
    headers.set('host', this.host);
    if (this.cookies.size) headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(new URL(path, this.origin), { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return { status: response.status, headers: response.headers, text: await response.text(), location: response.headers.get('location') ?? '' };
  }

  private keep(line: string): void {
    this.setCookies.push(line);
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (!value || /expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
