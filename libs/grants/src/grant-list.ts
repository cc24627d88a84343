import type { EntityManager } from '@mikro-orm/postgresql';
import { type EffectivePermission, type EffectiveRow, permissionOf } from './effective.js';
import { type GrantCause, type GrantState, isEnd } from './grant-version.js';

/** A grant as pages show it. */
export interface Grant extends EffectivePermission {
  id: string;
  staffMemberId: string;
  fromAt: Date;
  /** When it ends or ended by itself; absent: for good. */
  toAt?: Date;
  /** When somebody or something ended it. */
  endedAt?: Date;
  /** In which state it is, or was last, and why. */
  state: GrantState;
  cause: GrantCause;
  reason?: string;
  givenAt: Date;
  /** Staff member; absent where the system gave it. */
  givenBy?: string;
  /** The request line it came from. */
  requestLineId?: string;
}

interface GrantRow extends EffectiveRow {
  id: string;
  staff_member_id: string;
  request_line_id: string | null;
  from_at: string;
  to_at: string | null;
  recorded_at: string;
  state: GrantState;
  cause: GrantCause;
  reason: string | null;
  given_at: string;
  given_by: string | null;
}

/** All grants of an account as they are believed now, newest first, ended ones too. */
export async function grantsOfAccount(em: EntityManager, accountId: string): Promise<Grant[]> {
  const rows = await em.execute<GrantRow[]>(
    `select g.id, g.staff_member_id, g.request_line_id, g.application, g.role, g.permission, g.level, g.code, g.system_code, g.given_at,
       (select min(v.from_at) from grant_version v where v.grant_id = g.id and v.superseded_at is null) as from_at,
       last.to_at, last.recorded_at, last.state, last.cause, last.reason, given.by_staff_member_id as given_by
     from access_grant g
     join grant_version given on given.grant_id = g.id and given.cause = 'given'
     cross join lateral (select * from grant_version v where v.grant_id = g.id and v.superseded_at is null
       order by v.from_at desc, v.to_at desc nulls first limit 1) last
     where g.account_id = ? order by g.given_at desc, g.id`,
    [accountId],
  );
  return rows.map((row) => ({
    ...permissionOf(row),
    id: row.id,
    staffMemberId: row.staff_member_id,
    fromAt: new Date(row.from_at),
    ...(row.to_at &&
      (isEnd(row.cause) ? { endedAt: endOf(row.to_at, row.recorded_at) } : { toAt: new Date(row.to_at) })),
    state: row.state,
    cause: row.cause,
    reason: row.reason ?? undefined,
    givenAt: new Date(row.given_at),
    givenBy: row.given_by ?? undefined,
    requestLineId: row.request_line_id ?? undefined,
  }));
}

/** What ended before it began tells of no time at all, on the day it was to begin: it ended when that was recorded. */
const endOf = (toAt: string, recordedAt: string): Date =>
  new Date(Math.min(new Date(toAt).getTime(), new Date(recordedAt).getTime()));
