import type { EntityManager } from '@mikro-orm/postgresql';
import { type Clock, localDay } from '#kernel';

/** A staff member as other libs and pages see one. */
export interface StaffPerson {
  id: string;
  /** 10 digits. */
  staffId: string;
  firstName: string;
  lastName: string;
  middleName?: string;
  suffix?: string;
}

/** One employment of a staff member. */
export interface EmploymentView {
  siteCode: string;
  position: string;
  /** 'YYYY-MM-DD' */
  from: string;
  /** The last day. */
  to?: string;
}

/** The columns of a `StaffPerson`, of staff_member as m. */
export const personColumns = `m.id, m.staff_id as "staffId", m.first_name as "firstName", m.last_name as "lastName", m.middle_name as "middleName", m.suffix`;

/** Looks people up; changes nothing. */
export class StaffLookup {
  constructor(
    protected readonly em: EntityManager,
    protected readonly clock: Clock,
  ) {}

  /** The person an account is linked to now. */
  async memberOf(accountId: string): Promise<StaffPerson | undefined> {
    const [row] = await this.em.execute<StaffPerson[]>(
      `select ${personColumns} from staff_link l join staff_member m on m.id = l.staff_member_id where l.account_id = ? and l.ended_at is null`,
      [accountId],
    );
    return row;
  }

  /** The accounts people are linked to now: staff member id to account id; people without one are left out. */
  async accountsOf(staffMemberIds: string[]): Promise<Map<string, string>> {
    const rows = await this.em.execute<{ staff_member_id: string; account_id: string }[]>(
      `select staff_member_id, account_id from staff_link
       where ended_at is null and staff_member_id in (select value::uuid from json_array_elements_text(?::json))`,
      [JSON.stringify(staffMemberIds)],
    );
    return new Map(rows.map((row) => [row.staff_member_id, row.account_id]));
  }

  /** Staff members by id; unknown ids are left out. */
  async membersByIds(ids: string[]): Promise<Map<string, StaffPerson>> {
    const rows = await this.em.execute<StaffPerson[]>(
      `select ${personColumns} from staff_member m where m.id in (select value::uuid from json_array_elements_text(?::json))`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The person a Staff ID belongs to. */
  async memberByStaffId(staffId: string): Promise<StaffPerson | undefined> {
    const [row] = await this.em.execute<StaffPerson[]>(
      `select ${personColumns} from staff_member m where m.staff_id = ?`,
      [staffId],
    );
    return row;
  }

  /** Where a person is employed on that day. */
  async employmentsOf(staffMemberId: string, at = this.clock.now()): Promise<EmploymentView[]> {
    const day = localDay(at);
    return this.em.execute<EmploymentView[]>(
      `select site_code as "siteCode", position, from_day::text as "from", to_day::text as "to" from employment
       where staff_member_id = ? and from_day <= ? and coalesce(to_day >= ?, true) order by from_day, site_code`,
      [staffMemberId, day, day],
    );
  }
}
