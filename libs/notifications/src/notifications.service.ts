import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { batches, Clock, newId } from '#kernel';
import type { Recipient } from './message.js';

/** Task name and payload the worker listens for. */
export const deliverTask = 'deliver-message';

@Injectable()
export class NotificationsService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
  ) {}

  /**
   * Queues a message in the caller's transaction, with the job that sends it: when the verb rolls back, nobody is told.
   * @param facts short texts the wording needs; never a secret
   * @param mergeKey while a message with this key waits, another is not queued (a drained queue sends one reset mail, not twenty)
   */
  async queue(to: Recipient, kind: string, facts: Record<string, string> = {}, mergeKey?: string): Promise<void> {
    const rows = await this.em.execute<{ id: string }[]>(
      `insert into message (id, recipient_kind, recipient_id, kind, facts, merge_key, queued_at, state)
       values (?, ?, ?, ?, ?, ?, ?, 'waiting') on conflict do nothing returning id`,
      [newId(), to.kind, to.id, kind, JSON.stringify(facts), mergeKey ?? null, this.clock.now()],
    );
    if (!rows[0]) return;
    await this.em.execute(
      `select graphile_worker.add_job('${deliverTask}', json_build_object('messageId', ?::text), job_key := ?, max_attempts := 1)`,
      [rows[0].id, rows[0].id],
    );
  }

  /** The same for news to many people, each of them once; a thousand in a statement. */
  async queueMany(kind: string, news: { to: Recipient; facts: Record<string, string> }[]): Promise<void> {
    for (const some of batches(news, 1000)) {
      const rows = some.map(({ to, facts }) => ({ id: newId(), recipient_kind: to.kind, recipient_id: to.id, facts }));
      await this.em.execute(
        `insert into message (id, recipient_kind, recipient_id, kind, facts, queued_at, state)
         select id, recipient_kind, recipient_id, ?, facts, ?, 'waiting'
         from json_to_recordset(?::json) as news (id uuid, recipient_kind text, recipient_id uuid, facts jsonb)`,
        [kind, this.clock.now(), JSON.stringify(rows)],
      );
      await this.em.execute(
        `select graphile_worker.add_jobs(array(
           select ('${deliverTask}', json_build_object('messageId', value), null, null, 1, value, null, null)::graphile_worker.job_spec
           from json_array_elements_text(?::json)))`,
        [JSON.stringify(rows.map(({ id }) => id))],
      );
    }
  }
}
