import { createHash, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';

/** Somebody on the way to the issuer and back. */
export interface Departure {
  nonce: string;
  verifier: string;
  returnTo: string;
  startedAt: number;
}

/** What one browser's cookie stands for. Tokens stay here; the browser never sees one. */
export interface EserSession {
  startedAt: number;
  seenAt: number;
  /** Kept in every form and sent back with it. */
  formToken: string;
  /** Sign-ins that have left for the issuer, by `state`. */
  departures: Map<string, Departure>;
  tokens?: { access: string; refresh?: string; id: string; subject: string; sid?: string };
  /** The refresh that is under way; who comes meanwhile waits for it. */
  refreshing?: Promise<void>;
}

const idle = 30 * 60_000;
const overall = 12 * 60 * 60_000;
const most = 20_000;
const mostDepartures = 5;

const random = (): string => randomBytes(32).toString('base64url');
const hashed = (id: string): string => createHash('sha256').update(id).digest('base64url');

/**
 * Sessions in the memory of this process: right for a sample, gone at a restart, and not shared between instances.
 * A real application keeps them in its database. Idle 30 minutes, 12 hours at most.
 */
export class EserSessions {
  private readonly kept = new Map<string, EserSession>();
  private readonly cookie: string;
  private readonly secure: boolean;

  constructor(
    origin: string,
    private readonly now: () => number,
  ) {
    this.secure = origin.startsWith('https://');
    this.cookie = this.secure ? '__Host-edlink_eser' : 'edlink_eser';
  }

  /** The session of a browser; undefined when it has none that lives. */
  of(request: Request): EserSession | undefined {
    const key = this.keyOf(request);
    const session = key === undefined ? undefined : this.kept.get(key);
    if (!key || !session) return undefined;
    if (this.now() - session.seenAt >= idle || this.now() - session.startedAt >= overall) {
      this.kept.delete(key);
      return undefined;
    }
    session.seenAt = this.now();
    return session;
  }

  /** A new session under a new id; what the browser had before is gone, so an id planted before signing in opens nothing. */
  begin(request: Request, response: Response, tokens?: EserSession['tokens']): EserSession {
    this.forget(request);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size < most) break;
      this.kept.delete(oldest);
    }
    const id = random();
    const session: EserSession = {
      startedAt: this.now(),
      seenAt: this.now(),
      formToken: random(),
      departures: new Map(),
      tokens,
    };
    this.kept.set(hashed(id), session);
    response.cookie(this.cookie, id, { httpOnly: true, secure: this.secure, sameSite: 'lax', path: '/' });
    return session;
  }

  end(request: Request, response: Response): void {
    this.forget(request);
    response.clearCookie(this.cookie, { httpOnly: true, secure: this.secure, sameSite: 'lax', path: '/' });
  }

  /** Ends sessions the issuer says are over: one, or all of a person. */
  endOf({ subject, sid }: { subject: string; sid?: string }): void {
    for (const [key, { tokens }] of this.kept)
      if (tokens?.subject === subject && (sid === undefined || tokens.sid === sid)) this.kept.delete(key);
  }

  /** Notes a sign-in that leaves for the issuer. A person has a few windows, not hundreds. */
  depart(session: EserSession, state: string, departure: Omit<Departure, 'startedAt'>): void {
    for (const oldest of session.departures.keys()) {
      if (session.departures.size < mostDepartures) break;
      session.departures.delete(oldest);
    }
    session.departures.set(state, { ...departure, startedAt: this.now() });
  }

  /** Takes a departure back; each state is good once. */
  arrive(session: EserSession | undefined, state: unknown): Departure | undefined {
    if (!session || typeof state !== 'string') return undefined;
    const departure = session.departures.get(state);
    session.departures.delete(state);
    return departure && this.now() - departure.startedAt < 60 * 60_000 ? departure : undefined;
  }

  private forget(request: Request): void {
    const key = this.keyOf(request);
    if (key) this.kept.delete(key);
  }

  private keyOf(request: Request): string | undefined {
    const found = (request.headers.cookie ?? '').split(/;\s*/).filter((pair) => pair.startsWith(`${this.cookie}=`));
    return found.length === 1 ? hashed(found[0]!.slice(this.cookie.length + 1)) : undefined;
  }
}
