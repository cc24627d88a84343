import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { type Actor, batches, type Problem } from '#kernel';

/** What an actor did. `before` and `after` hold only the fields that changed; never secrets, never birth dates. */
export interface Deed {
  /** `thing.verb`, such as `request.decide`. */
  action: string;
  /** `thing:id`. */
  target?: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  reason?: string;
}

@Injectable()
export class AuditService {
  constructor(private readonly em: EntityManager) {}

  /** Writes a deed in the caller's transaction: if the row cannot be written, the deed does not happen (AU-1). */
  async record(actor: Actor, deed: Deed): Promise<void> {
    if (!this.em.isInTransaction()) throw new Error(`${deed.action} was recorded outside its transaction`);
    await this.write(actor, deed, 'done');
  }

  /** The same for what one act did to many things, a thousand in a statement. */
  async recordMany(actor: Actor, deeds: Deed[]): Promise<void> {
    if (deeds.length && !this.em.isInTransaction())
      throw new Error(`${deeds[0]!.action} was recorded outside its transaction`);
    for (const some of batches(deeds, 1000))
      await this.em.execute(
        `insert into audit_entry (action, result, account_id, client, session, address, target, before, after, reason)
         select action, 'done', ?, ?, ?, ?, target, before, after, reason
         from json_to_recordset(?::json) as deed (action text, target text, before jsonb, after jsonb, reason text)`,
        [
          actor.accountId ?? null,
          actor.client,
          actor.session ?? null,
          actor.address ?? null,
          JSON.stringify(
            some.map((deed) => ({ ...deed, target: storable(deed.target), reason: storable(deed.reason) })),
          ),
        ],
      );
  }

  /** Writes a refusal, after the refused verb rolled back, in a transaction of its own (AU-2). */
  async recordRefusal(actor: Actor, problem: Problem): Promise<void> {
    if (problem.refusal) await this.write(actor, { ...problem.refusal, reason: problem.code }, 'refused');
  }

  private async write(actor: Actor, deed: Deed, result: 'done' | 'refused'): Promise<void> {
    const json = (value?: Record<string, unknown>): string | null => (value ? JSON.stringify(value) : null);
    await this.em.execute(
      `insert into audit_entry (action, result, account_id, client, session, address, target, before, after, reason) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        deed.action,
        result,
        actor.accountId ?? null,
        actor.client,
        actor.session ?? null,
        actor.address ?? null,
        storable(deed.target),
        json(deed.before),
        json(deed.after),
        storable(deed.reason),
      ],
    );
  }
}

/** PostgreSQL keeps no NUL in texts; an address with one must not go unrecorded for that. */
const storable = (text: string | undefined): string | null => text?.replaceAll('\0', '\ufffd') ?? null;
