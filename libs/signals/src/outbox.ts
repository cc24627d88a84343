import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, hours, minutes, seconds } from '#kernel';
import type { Receipt, SignalKind } from './signal.js';
import { signalTask } from './signals.service.js';

/** A signal that is being sent now. */
export interface DueSignal {
  id: string;
  accountId: string;
  clientId: string;
  kind: SignalKind;
  sid: string | null;
  createdAt: Date;
  /** This try included. */
  attempts: number;
}

/** Longer than any try lasts: after this time a try that left no trace belonged to a worker that is gone. */
const lease = seconds(10);
const givenUpAfter = hours(24);
/** Signals older than this are told to the operator. */
const late = minutes(5);

const waiting = 'sent_at is null and dead_at is null';

/**
 * How long to wait after a try. An application that could not be reached is asked every 20 seconds at the least, so that
 * it hears of everything soon after it returned; one that refuses what it is told has time.
 */
const pauseAfter = (attempts: number, refused: boolean): number =>
  Math.min(seconds(1) * 2 ** Math.min(attempts - 1, 12), refused ? minutes(15) : seconds(20));

/** An answer about this signal alone. Anything else that does not confirm says that the application is not well. */
const isRefusal = ({ status }: Receipt): boolean => status >= 400 && status < 500 && ![408, 425, 429].includes(status);

/** The signals that wait. Any number of workers may take from it at once. */
@Injectable()
export class SignalOutbox {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
  ) {}

  /** Clients for whom something is due. */
  async dueClients(): Promise<string[]> {
    const rows = await this.em
      .fork()
      .execute<{ id: string }[]>(
        `select distinct client_id as id from signal where ${waiting} and next_attempt_at <= ?`,
        [this.clock.now()],
      );
    return rows.map(({ id }) => id);
  }

  /**
   * Takes the oldest signal that is due for a client; the try is counted before anything is sent. While an application
   * does not answer, only what was tried already is tried again: nobody waits behind it.
   */
  async take(clientId: string): Promise<DueSignal | undefined> {
    const now = this.clock.now();
    const [row] = await this.em.fork().execute<(Omit<DueSignal, 'createdAt'> & { createdAt: string })[]>(
      `update signal set attempts = attempts + 1, next_attempt_at = ?
       where id = (
         select s.id from signal s
         where s.client_id = ? and s.sent_at is null and s.dead_at is null and s.next_attempt_at <= ?
           and (s.unanswered or not exists (
             select 1 from signal f
             where f.client_id = s.client_id and f.sent_at is null and f.dead_at is null and f.unanswered and f.next_attempt_at > ?))
         order by s.created_at, s.id limit 1 for update skip locked)
       returning id, account_id as "accountId", client_id as "clientId", kind, sid, created_at as "createdAt", attempts`,
      [new Date(now.getTime() + lease), clientId, now, now],
    );
    return row && { ...row, createdAt: new Date(row.createdAt) };
  }

  /** The application confirmed. Whatever waited because it could not be reached is due now. */
  async confirmed(signal: DueSignal, receipt: Receipt): Promise<void> {
    const em = this.em.fork();
    const now = this.clock.now();
    await em.execute(`update signal set sent_at = ?, receipt = ?, unanswered = false where id = ?`, [
      now,
      JSON.stringify(receipt),
      signal.id,
    ]);
    if (signal.attempts > 1)
      await em.execute(
        `update signal set next_attempt_at = ?, unanswered = false where client_id = ? and unanswered and ${waiting}`,
        [now, signal.clientId],
      );
  }

  /**
   * It was not confirmed: tried again later, for 24 hours.
   * @param receipt what was answered; absent: nobody answered
   * @returns whether the signal was given up
   */
  async failed(signal: DueSignal, receipt?: Receipt): Promise<boolean> {
    const now = this.clock.now().getTime();
    const refused = receipt !== undefined && isRefusal(receipt);
    const dead = now - signal.createdAt.getTime() >= givenUpAfter;
    await this.em
      .fork()
      .execute(
        `update signal set unanswered = ?, receipt = coalesce(?, receipt), next_attempt_at = ?, dead_at = ? where id = ? and ${waiting}`,
        [
          !refused,
          receipt ? JSON.stringify(receipt) : null,
          new Date(now + pauseAfter(signal.attempts, refused)),
          dead ? new Date(now) : null,
          signal.id,
        ],
      );
    return dead;
  }

  /** What an operator must hear: applications that have not confirmed for more than five minutes, and how many signals. */
  async late(): Promise<{ clientId: string; count: number }[]> {
    return this.em.fork().execute(
      `select client_id as "clientId", count(*)::int as count from signal
       where ${waiting} and created_at < ? group by client_id order by client_id`,
      [new Date(this.clock.now().getTime() - late)],
    );
  }

  /** Takes away what is left of jobs whose worker was killed; the signals themselves are due again. */
  async sweep(): Promise<void> {
    await this.em.fork().execute(
      `select graphile_worker.complete_jobs(array(
         select id from graphile_worker.jobs where task_identifier = '${signalTask}' and locked_at is null and attempts >= max_attempts))`,
    );
  }
}
