import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '#kernel';
import type { Location } from '#sites';
import { type GrantCause, type GrantState, isEnd } from './grant-version.js';
import { livePieces, type Piece } from './timeline.js';

/** Which grants a verb is about; of a site those for the site itself. */
export type WhichGrants = { staffMemberId: string } | { siteCodes: string[] } | { grantIds: string[] };

/** A version that is believed now. */
export interface LivePiece extends Piece {
  id: string;
  recordedAt: Date;
}

/** A grant that is held still until the transaction ends. */
export interface LiveGrant {
  id: string;
  accountId: string;
  staffMemberId: string;
  application: string;
  role: string;
  permission: string;
  location: Location;
  systemCode: string;
  /** What is not over; empty: the grant has ended. */
  live: LivePiece[];
}

interface LiveRow {
  id: string;
  account_id: string;
  staff_member_id: string;
  application: string;
  role: string;
  permission: string;
  level: Location['level'];
  code: string;
  system_code: string;
  versions: {
    id: string;
    from_at: string;
    to_at: string | null;
    state: GrantState;
    recorded_at: string;
    cause: GrantCause;
  }[];
}

/** SQL for a list of ids, with the value for its parameter; texts that cannot be ids, as addresses may hold, are left out. */
export const idList = `(select value::uuid from json_array_elements_text(?::json))`;
export const listOfIds = (texts: string[]): string =>
  JSON.stringify(texts.filter((text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)));

function condition(which: WhichGrants): [sql: string, value: string] {
  if ('staffMemberId' in which) return [`v.staff_member_id = ?`, which.staffMemberId];
  if ('siteCodes' in which)
    return [
      `v.level = 'site' and v.code in (select value from json_array_elements_text(?::json))`,
      JSON.stringify(which.siteCodes),
    ];
  return [`v.grant_id in ${idList}`, listOfIds(which.grantIds)];
}

/**
 * Holds grants until the transaction ends, so that changes of one come one after the other, and reads them as they are by
 * then. Every grant has one version that says it was given; who changes the grant holds that row.
 * @returns the instant from which they are held, and those that are there, in the order of their ids; `grantIds` ended
 *   before too, of others only what has not ended
 */
export async function holdGrants(
  em: EntityManager,
  which: WhichGrants,
  clock: Clock,
): Promise<{ at: Date; grants: LiveGrant[] }> {
  const [where, value] = condition(which);
  const alive = `exists (select 1 from grant_version c where c.grant_id = v.grant_id and c.superseded_at is null and coalesce(c.to_at > ?, true))`;
  const all = 'grantIds' in which;
  const ids = await em.execute<{ id: string }[]>(
    `select v.grant_id as id from grant_version v where v.cause = 'given' and ${where} ${all ? '' : `and ${alive}`} order by v.grant_id for update`,
    all ? [value] : [value, clock.now()],
  );
  const at = clock.now();
  if (!ids.length) return { at, grants: [] };
  // A statement of its own: it sees what those who held the grants before have written.
  const rows = await em.execute<LiveRow[]>(
    `select g.id, g.account_id, g.staff_member_id, g.application, g.role, g.permission, g.level, g.code, g.system_code,
       (select json_agg(json_build_object('id', v.id, 'from_at', v.from_at, 'to_at', v.to_at, 'state', v.state, 'recorded_at', v.recorded_at, 'cause', v.cause))
        from grant_version v where v.grant_id = g.id and v.superseded_at is null) as versions
     from access_grant g where g.id in ${idList} order by g.id`,
    [listOfIds(ids.map(({ id }) => id))],
  );
  return { at, grants: rows.map((row) => liveOf(row, at)) };
}

const liveOf = (row: LiveRow, at: Date): LiveGrant => ({
  id: row.id,
  accountId: row.account_id,
  staffMemberId: row.staff_member_id,
  application: row.application,
  role: row.role,
  permission: row.permission,
  location: { level: row.level, code: row.code },
  systemCode: row.system_code,
  // What another instance ended is over, also where its clock is ahead of this one.
  live: livePieces(
    (row.versions.some(({ cause }) => isEnd(cause)) ? [] : row.versions).map((one) => ({
      id: one.id,
      fromAt: new Date(one.from_at),
      toAt: one.to_at ? new Date(one.to_at) : undefined,
      state: one.state,
      recordedAt: new Date(one.recorded_at),
    })),
    at,
  ),
});
