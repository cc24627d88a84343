import type { EntityManager } from '@mikro-orm/postgresql';
import type { Reach } from './coordinator.js';
import type { StepDuty } from './duty.js';
import type { Assignment } from './routing-types.js';

interface ScopeRow {
  id: string;
  staff_member_id: string;
  reach: Reach;
  system_code: string | null;
  application: string | null;
  name: string;
  site_codes: string[];
}

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

const name = (member: string): string => `${member}.first_name || ' ' || ${member}.last_name`;

const assignmentOf = (row: ScopeRow): Assignment => ({
  id: row.id,
  staffMemberId: row.staff_member_id,
  name: row.name,
  reach: row.reach,
  systemCode: row.system_code ?? undefined,
  siteCodes: new Set(row.site_codes),
  application: row.application ?? undefined,
});

/**
 * A person's own assignments in force on a day, with all their sites; nothing about signing in or statements.
 * @param hold locks the rows until the transaction ends, so that an assignment whose end was acknowledged before can decide
 *   nothing any more, and one that decides now ends only afterwards
 */
export async function assignmentsOf(
  em: EntityManager,
  staffMemberId: string,
  day: string,
  hold = false,
): Promise<Assignment[]> {
  const rows = await em.execute<ScopeRow[]>(
    `select c.id, c.staff_member_id, c.reach, c.system_code, c.application, ${name('m')} as name,
       array(select s.site_code from coordinator_site s where s.coordinator_id = c.id order by s.site_code) as site_codes
     from coordinator c join staff_member m on m.id = c.staff_member_id
     where ${assignmentInForce('c', '?')} and c.staff_member_id = ? order by c.id ${hold ? 'for share of c' : ''}`,
    [day, day, staffMemberId],
  );
  return rows.map(assignmentOf);
}

/** Whoever can be named as a decider: coordinators' assignments and duties, with their days, by id. For `from` and `join`. */
export const officeSeats = `(select id, from_day, to_day, ended_at from coordinator
  union all select id, from_day, to_day, ended_at from duty_holder)`;

/** A person's duties in force on a day. @param hold as `assignmentsOf` */
export async function dutiesOf(
  em: EntityManager,
  staffMemberId: string,
  day: string,
  hold = false,
): Promise<Assignment[]> {
  const rows = await em.execute<(Omit<ScopeRow, 'reach' | 'site_codes'> & { duty: StepDuty })[]>(
    `select c.id, c.staff_member_id, c.duty, c.system_code, c.application, ${name('m')} as name
     from duty_holder c join staff_member m on m.id = c.staff_member_id
     where ${assignmentInForce('c', '?')} and c.staff_member_id = ? order by c.id ${hold ? 'for share of c' : ''}`,
    [day, day, staffMemberId],
  );
  return rows.map(({ duty, ...row }) => ({
    ...assignmentOf({ ...row, reach: row.system_code === null ? 'state' : 'system', site_codes: [] }),
    duty,
  }));
}

interface BorrowedRow extends ScopeRow {
  cover_id: string;
  covers_for: string;
  covers_for_id: string;
  until: string;
  every_site: boolean;
}

/**
 * What a person may decide on a day in place of others. A cover for some sites is a group of these, whatever is covered:
 * never the whole system (CO-2).
 * @param hold as `assignmentsOf`; the cover and the assignment it stands on
 */
export async function borrowedBy(
  em: EntityManager,
  staffMemberId: string,
  day: string,
  hold = false,
): Promise<Assignment[]> {
  const rows = await em.execute<BorrowedRow[]>(
    `select c.id, v.staff_member_id, c.reach, c.system_code, coalesce(c.application, v.application) as application,
       ${name('w')} as name, v.id as cover_id, v.every_site, v.to_day::text as until,
       ${name('m')} as covers_for, c.staff_member_id as covers_for_id,
       array(select s.site_code from coordinator_site s where s.coordinator_id = c.id
             and (v.every_site or exists (select 1 from coordinator_cover_site x where x.cover_id = v.id and x.site_code = s.site_code))
           union select x.site_code from coordinator_cover_site x where x.cover_id = v.id and c.reach = 'system'
           order by 1) as site_codes
     from coordinator_cover v join coordinator c on c.id = v.coordinator_id
     join staff_member m on m.id = c.staff_member_id join staff_member w on w.id = v.staff_member_id
     where ${assignmentInForce('v', '?')} and ${assignmentInForce('c', '?')} and v.staff_member_id = ?
     order by c.id, v.id ${hold ? 'for share of c, v' : ''}`,
    [day, day, day, day, staffMemberId],
  );
  return rows.map((row) => ({
    ...assignmentOf(row),
    reach: row.every_site ? row.reach : 'group',
    coverId: row.cover_id,
    coversFor: row.covers_for,
    coversForId: row.covers_for_id,
    until: row.until,
  }));
}
