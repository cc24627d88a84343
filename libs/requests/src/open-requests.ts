import type { EntityManager } from '@mikro-orm/postgresql';
import type { Wish } from './request-rules.js';
import { requestsProblems } from './problems.js';

/** How many requests one person may have open at a time (CO-7). */
const mostOpen = 20;

/**
 * Refuses a wish that waits already, and a person with too many open requests. The caller holds the requester, so that
 * what is counted stays true until it commits.
 * @throws requests.already-open, requests.too-many-open (409)
 */
export async function refuseOpen(
  em: EntityManager,
  staffMemberId: string,
  wish: Wish,
  permissionName: (code: string) => string,
): Promise<void> {
  const open = await em.execute<{ id: string; reference: string; same: string | null }[]>(
    `select r.id, r.reference, min(l.permission) filter (
       where r.application = ? and r.role = ? and r.level = ? and r.code = ? and l.permission in (select value from json_array_elements_text(?::json))) as same
     from permission_request r join request_line l on l.request_id = r.id and l.status = 'pending'
     where r.staff_member_id = ? group by r.id, r.reference`,
    [
      wish.application,
      wish.role,
      wish.location.level,
      wish.location.code,
      JSON.stringify(wish.permissions),
      staffMemberId,
    ],
  );
  const same = open.find((one) => one.same !== null);
  if (same) {
    throw requestsProblems.alreadyOpen(
      `"${permissionName(same.same!)}" at this place waits for an answer in ${same.reference}. Add a note to that request, or withdraw it and ask anew.`,
    );
  }
  if (open.length >= mostOpen) {
    throw requestsProblems.tooManyOpen(
      `You have ${open.length} open requests; ${mostOpen} is the most. Wait for an answer, or withdraw what is no longer needed.`,
    );
  }
}
