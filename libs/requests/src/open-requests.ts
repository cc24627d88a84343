import type { EntityManager } from '@mikro-orm/postgresql';
import type { Wish } from './request-rules.js';
import { requestsProblems } from './problems.js';

/** How many requests one person may have open at a time (CO-7). */
const mostOpen = 20;

/**
 * Refuses wishes that wait already, and a person with too many open requests. The caller holds the requester, so that
 * what is counted stays true until it commits.
 * @throws requests.already-open, requests.too-many-open (409)
 */
export async function refuseOpen(
  em: EntityManager,
  staffMemberId: string,
  wishes: Wish[],
  permissionName: (wish: Pick<Wish, 'application' | 'role'>, code: string) => string,
): Promise<void> {
  const wanted = wishes.flatMap(({ application, role, permissions, location: { level, code } }) =>
    permissions.map((permission) => ({ application, role, permission, level, code })),
  );
  const [same] = await em.execute<(Pick<Wish, 'application' | 'role'> & { permission: string; reference: string })[]>(
    `select w.application, w.role, w.permission, r.reference from permission_request r
     join request_line l on l.request_id = r.id and l.status = 'pending'
     join json_to_recordset(?::json) as w (application text, role text, permission text, level text, code text)
       using (application, role, permission, level, code)
     where r.staff_member_id = ? order by l.position limit 1`,
    [JSON.stringify(wanted), staffMemberId],
  );
  if (same) {
    throw requestsProblems.alreadyOpen(
      `"${permissionName(same, same.permission)}" at this place waits for an answer in ${same.reference}. Add a note to that request, or withdraw it and ask anew.`,
    );
  }
  const [{ open }] = (await em.execute<{ open: number }[]>(
    `select count(distinct r.id)::int as open from permission_request r
     join request_line l on l.request_id = r.id and l.status = 'pending' where r.staff_member_id = ?`,
    [staffMemberId],
  )) as [{ open: number }];
  if (open >= mostOpen) {
    throw requestsProblems.tooManyOpen(
      `You have ${open} open requests; ${mostOpen} is the most. Wait for an answer, or withdraw what is no longer needed.`,
    );
  }
}
