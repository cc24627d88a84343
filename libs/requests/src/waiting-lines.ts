import type { EntityManager } from '@mikro-orm/postgresql';
import { assignmentInForce, coordinatorCanAct } from '#coordinators';

/**
 * Requests with lines that wait for a person, oldest first, in one statement. They wait for whoever was named when they were
 * routed and is still in office. The state desk also gets what was routed to it before the person came, and what nobody
 * named can decide any more: nothing is ever forgotten.
 * @param desk whether the person is at the state desk
 * @returns ids of lines that wait, in the order of their requests
 */
export async function waitingLines(em: EntityManager, staffMemberId: string, desk: boolean, day: string): Promise<{ requestId: string; lineId: string }[]> {
  const stranded = `l.state_desk or not exists (
    select 1 from request_decider d join coordinator c on c.id = d.coordinator_id
    where d.line_id = l.id and ${assignmentInForce('c', '?')} and ${coordinatorCanAct('c')})`;
  const rows = await em.execute<{ request_id: string; id: string }[]>(
    `select w.request_id, w.id from (
       select l.request_id, l.id, l.position from request_decider d
       join request_line l on l.id = d.line_id and l.status = 'pending'
       join coordinator c on c.id = d.coordinator_id and ${assignmentInForce('c', '?')}
       where d.staff_member_id = ?
       ${desk ? `union select l.request_id, l.id, l.position from request_line l where l.status = 'pending' and (${stranded})` : ''}
     ) w join permission_request r on r.id = w.request_id order by r.submitted_at, r.reference, w.position`,
    [day, day, staffMemberId, ...(desk ? [day, day] : [])],
  );
  return rows.map((row) => ({ requestId: row.request_id, lineId: row.id }));
}
