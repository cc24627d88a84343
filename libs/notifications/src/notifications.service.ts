import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, newId } from '#kernel';
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
}
