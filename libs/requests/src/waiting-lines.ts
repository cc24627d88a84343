import type { EntityManager } from '@mikro-orm/postgresql';
import { assignmentInForce, coordinatorCanAct } from '#coordinators';
import { days, foldedText, localDay } from '#kernel';
import type { WaitingFilter } from './request-views.js';

/**
 * Lines that wait for a person, in one statement. They wait for whoever was named when they were routed last and is still
 * in office. The state desk also gets what was routed to it before the person came, and, should anything ever keep a line
 * from following a change, what nobody named can decide any more: nothing is ever forgotten.
 * @param desk whether the person is at the state desk
 * @returns ids of requests, each with the ids of its lines that wait
 */
export async function waitingLines(
  em: EntityManager,
  staffMemberId: string,
  { desk, now, filter }: { desk: boolean; now: Date; filter: WaitingFilter },
): Promise<Map<string, string[]>> {
  const day = localDay(now);
  const stranded = `l.state_desk or not exists (
    select 1 from request_decider d join coordinator c on c.id = d.coordinator_id
    where d.line_id = l.id and ${assignmentInForce('c', '?')} and ${coordinatorCanAct('d')})`;
  const narrowed = conditions(filter, now);
  const rows = await em.execute<{ request_id: string; line_ids: string[] }[]>(
    `select w.request_id, array_agg(w.id::text) as line_ids from (
       select l.request_id, l.id from request_decider d
       join request_line l on l.id = d.line_id and l.status = 'pending'
       join coordinator c on c.id = d.coordinator_id and ${assignmentInForce('c', '?')}
       where d.staff_member_id = ?
       ${desk ? `union select l.request_id, l.id from request_line l where l.status = 'pending' and (${stranded})` : ''}
     ) w join request_line l on l.id = w.id join permission_request r on r.id = w.request_id join staff_member m on m.id = r.staff_member_id
     where ${narrowed.map(([sql]) => sql).join(' and ') || 'true'} group by w.request_id`,
    [day, day, staffMemberId, ...(desk ? [day, day] : []), ...narrowed.flatMap(([, ...values]) => values)],
  );
  return new Map(rows.map((row) => [row.request_id, row.line_ids]));
}

/** Each part of a filter as SQL over the line l, its request r and its requester m, with its values. */
function conditions(
  { text = '', application, siteCode, olderThanDays, staffMemberId }: WaitingFilter,
  now: Date,
): [string, ...unknown[]][] {
  const words = foldedText(text.slice(0, 100)).split(' ').filter(Boolean).slice(0, 8);
  return [
    ...words.map((word): [string, ...unknown[]] => [
      `(strpos(lower(r.reference), ?) > 0 or strpos(m.name_key, ?) > 0)`,
      word,
      // Names are compared by letters and digits only.
      word.replace(/[^\p{L}\p{N}]/gu, '') || word,
    ]),
    ...(application ? [[`l.application = ?`, application] as [string, string]] : []),
    ...(staffMemberId ? [[`r.staff_member_id = ?::uuid`, staffMemberId] as [string, string]] : []),
    ...(siteCode ? [[`(l.level = 'site' and l.code = ?)`, siteCode] as [string, string]] : []),
    ...(olderThanDays !== undefined
      ? [[`r.submitted_at <= ?`, new Date(now.getTime() - days(olderThanDays))] as [string, Date]]
      : []),
  ];
}
