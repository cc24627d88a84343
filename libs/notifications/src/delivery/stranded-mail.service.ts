import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import { Clock, minutes } from '#kernel';
import { deliverTask } from '../notifications.service.js';

/** Any number; one worker looks for stranded mail at a time, or two would each queue it. */
const strandedLock = 722_027;

/** No try lasts this long (35 s with the relay, 5 s a statement), so an older lock belongs to a worker that is gone. */
export const lease = minutes(2);

/** A mail that was left by so many workers ends them itself: it is given up. */
const givenUpAfterLosses = 8;

/** Mail older than this is told to the operator. */
const late = minutes(15);

/**
 * Finds messages that wait while no job of the queue will ever send them: their worker was killed, or its database
 * connection broke. The queue itself frees a dead worker's jobs only after four hours.
 */
@Injectable()
export class StrandedMail {
  private readonly log = new Logger('mail');

  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives each stranded message a new job. One that failed over and over waits a while, so that a mail that ends its
   * process cannot keep every worker busy with dying.
   * @param leaseTime milliseconds after which a lock is nobody's
   * @returns how many were stranded
   */
  async takeUp(leaseTime: number = lease): Promise<number> {
    const em = this.em.fork();
    const found = await em.transactional(async (inner) => {
      await inner.execute(`select pg_advisory_xact_lock(${strandedLock})`);
      return inner.execute<{ id: string; state: string }[]>(
        `with stranded as materialized (
           select m.id, m.abandoned + least(m.attempts, 1) as abandoned from message m
           where m.state = 'waiting' and not exists (
             select 1 from graphile_worker.jobs j
             where j.key = m.id::text
               and (j.locked_at > now() - ? * interval '1 millisecond' or (j.locked_at is null and j.attempts < j.max_attempts)))),
         counted as (
           update message m set abandoned = s.abandoned,
             state = case when s.abandoned < ? then m.state else 'dead' end,
             last_fault = case when s.abandoned < ? then m.last_fault else 'every worker that tried it ended' end
           from stranded s where s.id = m.id returning m.id::text as id, m.attempts, m.state)
         select c.id, c.state, case when c.state = 'waiting' then
           graphile_worker.add_job('${deliverTask}', json_build_object('messageId', c.id), job_key := c.id, max_attempts := 1,
             run_at := now() + case when c.attempts > 3 then interval '15 minutes' else interval '0' end) is not null end as added
         from counted c`,
        [leaseTime, givenUpAfterLosses, givenUpAfterLosses],
      );
    });
    await this.sweep(em);
    if (found.length)
      this.log.warn(`${found.length} mails had been left by a worker that is gone; they are queued again`);
    for (const { id } of found.filter(({ state }) => state === 'dead'))
      this.log.error(`message ${id} was left by ${givenUpAfterLosses} workers; given up`);
    return found.length;
  }

  /** Tells the operator of mail that waits too long: the relay is away, or refuses us. */
  async tellLate(): Promise<void> {
    const [row] = await this.em
      .fork()
      .execute<{ count: string; fault: string | null }[]>(
        `select count(*) as count, max(last_fault) as fault from message where state = 'waiting' and queued_at < ?`,
        [new Date(this.clock.now().getTime() - late)],
      );
    if (Number(row?.count))
      this.log.error(
        `${row!.count} mails have waited for more than 15 minutes; last fault: ${row!.fault ?? 'none told'}`,
      );
  }

  /** Takes away what is left of jobs that ended badly; their messages have new ones. */
  private async sweep(em: EntityManager): Promise<void> {
    await em.execute(
      `select graphile_worker.complete_jobs(array(
         select id from graphile_worker.jobs where task_identifier = '${deliverTask}' and locked_at is null and attempts >= max_attempts))`,
    );
  }
}
