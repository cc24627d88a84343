import type { EntityManager } from '@mikro-orm/postgresql';
import { sha256 } from '#kernel';
import type { Reach } from './coordinator.js';
import type { Assignment, RoutingSnapshot } from './routing.js';

interface AssignmentRow {
  id: string;
  staff_member_id: string;
  reach: Reach;
  system_code: string | null;
  application: string | null;
  name: string;
  site_codes: string[];
  can_act: boolean;
}

const assignmentOf = (row: AssignmentRow): Assignment => ({
  id: row.id,
  staffMemberId: row.staff_member_id,
  name: row.name,
  reach: row.reach,
  systemCode: row.system_code ?? undefined,
  siteCodes: row.site_codes,
  application: row.application ?? undefined,
  canAct: row.can_act,
});

const columns = `c.id, c.staff_member_id, c.reach, c.system_code, c.application, m.first_name || ' ' || m.last_name as name`;

/**
 * An assignment in force on a day, as SQL: the one place that says so. Statements that read more in one go embed it.
 * @param day SQL for the day; used twice
 */
export const assignmentInForce = (coordinator: string, day: string): string =>
  `${coordinator}.ended_at is null and ${coordinator}.from_day <= ${day}::date and coalesce(${coordinator}.to_day > ${day}::date, true)`;

/** A coordinator who can sign in: an active account is linked to this person now. As SQL. */
export const coordinatorCanAct = (coordinator: string): string =>
  `exists (select 1 from staff_link k join account a on a.id = k.account_id
    where k.staff_member_id = ${coordinator}.staff_member_id and k.ended_at is null and a.status = 'active')`;

/**
 * All assignments a line in this system may need, in one statement and so of one instant. Of the sites of an assignment
 * only `siteCode` is read: a group may hold thousands.
 */
export async function snapshotFor(
  em: EntityManager,
  systemCode: string,
  siteCode: string | undefined,
  day: string,
): Promise<RoutingSnapshot> {
  const rows = await em.execute<AssignmentRow[]>(
    `select ${columns}, ${coordinatorCanAct('c')} as can_act,
       array(select s.site_code from coordinator_site s where s.coordinator_id = c.id and s.site_code = ?) as site_codes
     from coordinator c join staff_member m on m.id = c.staff_member_id
     where ${assignmentInForce('c', '?')} and (c.reach = 'state' or c.system_code = ?) order by c.id`,
    [siteCode ?? '', day, day, systemCode],
  );
  const coordinators = rows.map(assignmentOf);
  return { coordinators, version: sha256(JSON.stringify(coordinators)).slice(0, 16) };
}

/**
 * A person's assignments in force on a day, with all their sites.
 * @param hold locks the rows until the transaction ends, so that an assignment whose end was acknowledged before can decide
 *   nothing any more, and one that decides now ends only afterwards
 */
export async function assignmentsOf(
  em: EntityManager,
  staffMemberId: string,
  day: string,
  hold = false,
): Promise<Assignment[]> {
  const rows = await em.execute<AssignmentRow[]>(
    `select ${columns}, true as can_act,
       array(select s.site_code from coordinator_site s where s.coordinator_id = c.id order by s.site_code) as site_codes
     from coordinator c join staff_member m on m.id = c.staff_member_id
     where ${assignmentInForce('c', '?')} and c.staff_member_id = ? order by c.id ${hold ? 'for share of c' : ''}`,
    [day, day, staffMemberId],
  );
  return rows.map(assignmentOf);
}
