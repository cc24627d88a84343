import type { Request, RequestHandler } from 'express';
import session, { type SessionData } from 'express-session';
import { type Clock, newToken } from '#kernel';
import type { Settings } from '#settings';
import { cookieName } from './form-token.js';
import type { SessionLeft } from './options.js';
import { sessionEnd, sessionLimits, type SessionStore } from './session-store.js';

/**
 * The session handler of an app: hand it to `configureWeb` as one of the handlers before.
 * @param client names the cookie, `edlink_<client>`: apps on one machine share a cookie jar
 */
export const sessions = (store: SessionStore, settings: Settings, origin: string, client: string): RequestHandler =>
  session({
    store,
    name: cookieName(origin, `edlink_${client}`),
    secret: settings.COOKIE_SECRETS,
    genid: newToken,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: origin.startsWith('https://'), path: '/' },
  });

/** Gives this browser a session with a new id (SE-1); the old one is gone from the table. */
export async function renewSession(
  request: Request,
  data: Partial<Omit<SessionData, 'cookie' | 'since'>> = {},
): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    request.session.regenerate((fault?: unknown) => (fault ? reject(fault as Error) : resolve())),
  );
  for (const [name, value] of Object.entries(data))
    (request.session as unknown as Record<string, unknown>)[name] = value;
  await new Promise<void>((resolve, reject) =>
    request.session.save((fault?: unknown) => (fault ? reject(fault as Error) : resolve())),
  );
}

/** Ends this browser's session. */
export const endSession = (request: Request): Promise<void> =>
  new Promise((resolve, reject) =>
    request.session.destroy((fault?: unknown) => (fault ? reject(fault as Error) : resolve())),
  );

/** How long the session of this request still lives, in seconds; undefined for strangers. */
export function sessionLeft(request: Request, clock: Clock, extendPath: string): SessionLeft | undefined {
  if (!request.session?.accountId) return undefined;
  const overall = Math.floor((sessionEnd(request.session) - clock.now().getTime()) / 1000);
  return { idle: sessionLimits.idle / 1000, overall, extendPath };
}
