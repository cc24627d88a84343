import type { EntityManager } from '@mikro-orm/postgresql';
import type { Grant } from '#grants';
import { days } from '#kernel';

/**
 * How access stands: in use; begins on a day to come; in use, and ends within 30 days; rests because it was not used;
 * suspended by whoever looks after it; over.
 */
export type GrantStanding = 'active' | 'begins' | 'ends-soon' | 'rests' | 'suspended' | 'ended';

/** By whom and when access was approved; no name where it was not by a person, no request where it came from none. */
export interface Approval {
  at: Date;
  by?: string;
  request?: RequestLink;
}

/** A request, to lead to it. */
export interface RequestLink {
  id: string;
  reference: string;
}

const soon = days(30);

/** When a grant ends or ended, by itself or by somebody. */
export const endOf = ({ endedAt, toAt }: Grant): Date | undefined => endedAt ?? toAt;

export function standingOf(grant: Grant, now: Date): GrantStanding {
  const end = endOf(grant);
  if (end && end <= now) return 'ended';
  if (grant.state === 'suspended') return grant.cause === 'inactive' ? 'rests' : 'suspended';
  if (grant.fromAt > now) return 'begins';
  return end && end.getTime() <= now.getTime() + soon ? 'ends-soon' : 'active';
}

/** How grants were approved, by grant. */
export async function approvalsOf(em: EntityManager, grants: Grant[]): Promise<Map<string, Approval>> {
  const rows = await em.execute<(RequestLink & { line_id: string; by: string | null })[]>(
    `select l.id as line_id, r.id, r.reference, m.first_name || ' ' || m.last_name as by
     from request_line l join permission_request r on r.id = l.request_id left join staff_member m on m.id = l.decided_by
     where l.id in (select value::uuid from json_array_elements_text(?::json))`,
    [JSON.stringify(grants.flatMap(({ requestLineId }) => requestLineId ?? []))],
  );
  const lines = new Map(rows.map((row) => [row.line_id, row]));
  return new Map(
    grants.map(({ id: grantId, givenAt: at, requestLineId = '' }) => {
      const line = lines.get(requestLineId);
      if (!line) return [grantId, { at }];
      const { id, reference, by } = line;
      return [grantId, { at, request: { id, reference }, ...(by !== null && { by }) }];
    }),
  );
}
