import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { type SessionData, Store } from 'express-session';
import { Clock, hours, minutes, sha256 } from '#kernel';

declare module 'express-session' {
  interface SessionData {
    /** Milliseconds since 1970; set when the row is made, so a session without it is new. */
    since?: number;
    /** Who signed in here. */
    accountId?: string;
    /** When they proved who they are, in seconds since 1970. */
    authTime?: number;
  }
}

/** How long a session lives without a request, and at most since it began or since the password was typed (SE-3). */
export const sessionLimits = { idle: minutes(30), overall: hours(12) };

/** A session is marked as seen at most this often, to spare one write a request. */
const seenEvery = 20_000;

type Done<T = void> = (fault?: unknown, value?: T) => void;

/**
 * express-session on PostgreSQL. Only a session that is new is inserted; a known one is updated where it still is,
 * so a request that was under way when its session ended does not bring it back (SE-4).
 */
@Injectable()
export class SessionStore extends Store {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
  ) {
    super();
  }

  override get(id: string, done: Done<SessionData | null>): void {
    answer(this.find(sha256(id)), done);
  }

  override set(id: string, session: SessionData, done: Done = () => {}): void {
    answer(session.since === undefined ? this.insert(sha256(id), session) : this.update(sha256(id), session), done);
  }

  override touch(id: string, session: SessionData, done: Done = () => {}): void {
    answer(this.see(sha256(id)), done);
  }

  override destroy(id: string, done: Done = () => {}): void {
    answer(this.run('delete from web_session where id_hash = ?', [sha256(id)]), done);
  }

  private async find(idHash: string): Promise<SessionData | null> {
    const [row] = await this.em
      .fork()
      .execute<{ data: SessionData; account_id?: string; auth_time?: number; created_at: Date; last_seen_at: Date }[]>(
        'select data, account_id, auth_time, created_at, last_seen_at from web_session where id_hash = ?',
        [idHash],
      );
    if (!row) return null;
    const session = {
      ...row.data,
      since: new Date(row.created_at).getTime(),
      accountId: row.account_id ?? undefined,
      authTime: row.auth_time ?? undefined,
    };
    const idleUntil = new Date(row.last_seen_at).getTime() + sessionLimits.idle;
    if (this.clock.now().getTime() < Math.min(idleUntil, sessionEnd(session))) return session;
    await this.run('delete from web_session where id_hash = ?', [idHash]);
    return null;
  }

  private async insert(idHash: string, session: SessionData): Promise<void> {
    const now = this.clock.now();
    session.since = now.getTime();
    await this.run(
      'insert into web_session (id_hash, account_id, auth_time, data, created_at, last_seen_at) values (?, ?, ?, ?, ?, ?)',
      [idHash, session.accountId ?? null, session.authTime ?? null, dataOf(session), now, now],
    );
    // Ended sessions nobody came back to leave here, a few at a time.
    await this.run(
      'delete from web_session where id_hash in (select id_hash from web_session where last_seen_at < ? limit 50 for update skip locked)',
      [new Date(now.getTime() - sessionLimits.idle)],
    );
  }

  /** Who is signed in never changes within a session: a sign-in makes a new one (SE-1). */
  private async update(idHash: string, session: SessionData): Promise<void> {
    await this.run('update web_session set data = ?, last_seen_at = ? where id_hash = ?', [
      dataOf(session),
      this.clock.now(),
      idHash,
    ]);
  }

  private async see(idHash: string): Promise<void> {
    const now = this.clock.now();
    await this.run('update web_session set last_seen_at = ? where id_hash = ? and last_seen_at < ?', [
      now,
      idHash,
      new Date(now.getTime() - seenEvery),
    ]);
  }

  private async run(sql: string, values: unknown[]): Promise<void> {
    await this.em.fork().execute(sql, values);
  }
}

/** The last moment of a session whatever its owner does, in milliseconds since 1970. */
export const sessionEnd = (session: SessionData): number =>
  Math.min(session.since ?? 0, (session.authTime ?? Infinity) * 1000) + sessionLimits.overall;

function dataOf(session: SessionData): string {
  const { since: _since, accountId: _accountId, authTime: _authTime, ...rest } = session;
  return JSON.stringify(rest);
}

function answer<T>(work: Promise<T>, done: Done<T>): void {
  work.then(
    (value) => done(undefined, value),
    (fault: unknown) => done(fault),
  );
}
