import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService, type Deed } from '#audit';
import { type Actor, batches, Changes, Clock, newId } from '#kernel';
import type { GrantCause, GrantState } from './grant-version.js';
import type { LiveGrant, LivePiece } from './live-grants.js';
import { type Rewriting, switchedAt } from './timeline.js';

/** What happens to a grant: from one instant to another it is now this. */
export interface GrantDeed {
  /** `grant.give`, `grant.end` ... */
  action: string;
  grant: Omit<LiveGrant, 'live'>;
  rewriting: Rewriting<LivePiece>;
  fromAt: Date;
  /** Absent: for good. */
  toAt?: Date;
  state: GrantState | 'ended';
  cause: GrantCause;
  reason?: string;
}

/** A grant goes on in another state from now to the end it has; undefined where it is in that state already. */
export function switched(
  grant: LiveGrant,
  at: Date,
  state: GrantState,
  cause: GrantCause,
  reason?: string,
): GrantDeed | undefined {
  const rewriting = switchedAt(grant.live, at, state);
  if (!rewriting.superseded.length) return undefined;
  const { fromAt } = rewriting.recorded.find((piece) => piece.state === state)!;
  const { toAt } = rewriting.recorded.at(-1)!;
  const action = state === 'active' ? 'grant.resume' : 'grant.suspend';
  return { action, grant, rewriting, fromAt, toAt, state, cause, reason };
}

/**
 * The one writer of versions. Each deed leaves an audit entry that tells the period, what the grant is in it, why, and the
 * instant it was recorded: the entries alone, in their order, tell the whole life of every grant.
 */
@Injectable()
export class GrantLedger {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly changes: Changes,
  ) {}

  /** Writes deeds in the caller's transaction, which holds the grants, and tells others whose access changed. */
  async write(actor: Actor, deeds: GrantDeed[]): Promise<void> {
    if (!deeds.length) return;
    const at = this.recordedAt(deeds);
    for (const some of batches(deeds, 1000)) await this.rewrite(actor, some, at);
    await this.audit.recordMany(
      actor,
      deeds.map((deed) => auditOf(deed, at)),
    );
    const accountIds = [...new Set(deeds.map(({ grant }) => grant.accountId))];
    await this.changes.announce(actor, { cause: '', accountIds, access: true });
  }

  /** Now; or, where the clock of another instance is ahead, when that one wrote: what is newer is always recorded later. */
  private recordedAt(deeds: GrantDeed[]): Date {
    const before = deeds.flatMap(({ rewriting }) => rewriting.superseded.map((one) => one.recordedAt.getTime()));
    return new Date(before.reduce((one, other) => Math.max(one, other), this.clock.now().getTime()));
  }

  private async rewrite(actor: Actor, deeds: GrantDeed[], at: Date): Promise<void> {
    const gone = deeds.flatMap(({ rewriting }) => rewriting.superseded.map(({ id }) => id));
    if (gone.length)
      await this.em.execute(
        `update grant_version set superseded_at = ? where id in (select value::uuid from json_array_elements_text(?::json))`,
        [at, JSON.stringify(gone)],
      );
    const rows = deeds.flatMap(({ grant, rewriting, cause, reason }) =>
      rewriting.recorded.map((piece) => ({ id: newId(), grant_id: grant.id, ...rowOf(piece), cause, reason })),
    );
    await this.em.execute(
      `insert into grant_version (id, grant_id, account_id, staff_member_id, application, role, permission, level, code, system_code,
         from_at, to_at, state, recorded_at, cause, reason, by_staff_member_id)
       select r.id, g.id, g.account_id, g.staff_member_id, g.application, g.role, g.permission, g.level, g.code, g.system_code,
         r.from_at, r.to_at, r.state, ?, r.cause, r.reason,
         (select k.staff_member_id from staff_link k where k.account_id = ? and k.ended_at is null)
       from json_to_recordset(?::json) as r (id uuid, grant_id uuid, from_at timestamptz, to_at timestamptz, state text, cause text, reason text)
       join access_grant g on g.id = r.grant_id`,
      [at, actor.accountId ?? null, JSON.stringify(rows)],
    );
  }
}

const rowOf = ({ fromAt, toAt, state }: { fromAt: Date; toAt?: Date; state: GrantState }): Record<string, unknown> => ({
  from_at: fromAt,
  to_at: toAt ?? null,
  state,
});

function auditOf({ action, grant, fromAt, toAt, state, cause, reason }: GrantDeed, at: Date): Deed {
  const { accountId, staffMemberId, application, role, permission, location } = grant;
  const what = { accountId, staffMemberId, application, role, permission, ...location };
  return {
    action,
    target: `grant:${grant.id}`,
    after: { ...what, fromAt, toAt: toAt ?? null, state, cause, recordedAt: at },
    reason,
  };
}
