import type { EntityManager } from '@mikro-orm/postgresql';
import { assignmentInForce, coordinatorCanAct } from '#coordinators';

/**
 * Lines that wait for a person, in one statement. They wait for whoever was named when they were routed and is still in
 * office. The state desk also gets what was routed to it before the person came, and what nobody named can decide any
 * more: nothing is ever forgotten.
 * @param desk whether the person is at the state desk
 * @param day 'YYYY-MM-DD', today
 * @returns ids of requests, each with the ids of its lines that wait
 */
export async function waitingLines(
  em: EntityManager,
  staffMemberId: string,
  desk: boolean,
  day: string,
): Promise<Map<string, string[]>> {
  const stranded = `l.state_desk or not exists (
    select 1 from request_decider d join coordinator c on c.id = d.coordinator_id
    where d.line_id = l.id and ${assignmentInForce('c', '?')} and ${coordinatorCanAct('c')})`;
  const rows = await em.execute<{ request_id: string; line_ids: string[] }[]>(
    `select w.request_id, array_agg(w.id::text) as line_ids from (
       select l.request_id, l.id from request_decider d
       join request_line l on l.id = d.line_id and l.status = 'pending'
       join coordinator c on c.id = d.coordinator_id and ${assignmentInForce('c', '?')}
       where d.staff_member_id = ?
       ${desk ? `union select l.request_id, l.id from request_line l where l.status = 'pending' and (${stranded})` : ''}
     ) w group by w.request_id`,
    [day, day, staffMemberId, ...(desk ? [day, day] : [])],
  );
  return new Map(rows.map((row) => [row.request_id, row.line_ids]));
}
