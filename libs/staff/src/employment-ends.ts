import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { batches, Clock, newId } from '#kernel';

/** An employment that ended and what hangs on it has not followed yet. */
export interface DueEnd {
  staffMemberId: string;
  /** 'YYYY-MM-DD', the first day no longer employed. */
  day: string;
  /** Absent: a staff file said so. */
  reason?: string;
  /** The staff member who said so. */
  by?: string;
}

/** An employment whose last day was set. */
export interface EndedEmployment {
  siteCode: string;
  position: string;
}

/** Ends of employments. Asks not who may; what hangs on an employment, a higher lib ends. */
@Injectable()
export class EmploymentEnds {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends what a person is employed as today, in the caller's transaction.
   * @param day the first day no longer employed; one that began later never was
   * @param siteCodes only there; absent = everywhere
   */
  async end(staffMemberId: string, day: string, today: string, siteCodes?: string[]): Promise<EndedEmployment[]> {
    return this.em.execute<EndedEmployment[]>(
      `update employment e set to_day = greatest(?::date, e.from_day) - 1
       where e.staff_member_id = ? and e.from_day <= ?::date and coalesce(e.to_day >= ?::date, true) and coalesce(e.to_day >= ?::date, true)
         and (?::json is null or e.site_code in (select value from json_array_elements_text(?::json)))
       returning e.site_code as "siteCode", e.position`,
      [day, staffMemberId, today, today, day, ...twice(siteCodes ? JSON.stringify(siteCodes) : null)],
    );
  }

  /** What a person was employed as until a day. @param day the first day no longer employed */
  async endedOn(staffMemberId: string, day: string): Promise<EndedEmployment[]> {
    return this.em.execute<EndedEmployment[]>(
      `select site_code as "siteCode", position from employment where staff_member_id = ? and to_day = ?::date - 1 order by site_code, position`,
      [staffMemberId, day],
    );
  }

  /** Notes ends that are to be followed, each on its day. */
  async note(ends: DueEnd[]): Promise<void> {
    for (const some of batches(ends))
      await this.em.execute(
        `insert into employment_end (id, staff_member_id, day, reason, by_staff_member_id, learned_at)
         select id, member, day, reason, by, ? from json_to_recordset(?::json) as row (id uuid, member uuid, day date, reason text, by uuid)`,
        [
          this.clock.now(),
          JSON.stringify(some.map(({ staffMemberId, ...end }) => ({ id: newId(), member: staffMemberId, ...end }))),
        ],
      );
  }

  /** People of whom an end is to be followed, soonest first, at most 1,000. @param today 'YYYY-MM-DD' */
  async due(today: string): Promise<string[]> {
    const rows = await this.em.execute<{ staff_member_id: string }[]>(
      `select staff_member_id from employment_end where followed_at is null and day <= ?::date
       group by staff_member_id order by min(day), staff_member_id limit 1000`,
      [today],
    );
    return rows.map((row) => row.staff_member_id);
  }

  /** The latest end of a person that is to be followed. The caller holds the person. */
  async dueOf(staffMemberId: string, today: string): Promise<DueEnd | undefined> {
    const [row] = await this.em.execute<{ day: string; reason: string | null; by: string | null }[]>(
      `select day::text, reason, by_staff_member_id as by from employment_end
       where staff_member_id = ? and followed_at is null and day <= ?::date order by day desc, learned_at desc limit 1`,
      [staffMemberId, today],
    );
    return row && { staffMemberId, day: row.day, reason: row.reason ?? undefined, by: row.by ?? undefined };
  }

  /** The ends of a person up to a day are followed now. */
  async followed(staffMemberId: string, today: string): Promise<void> {
    await this.em.execute(
      `update employment_end set followed_at = ? where staff_member_id = ? and day <= ?::date and followed_at is null`,
      [this.clock.now(), staffMemberId, today],
    );
  }
}

const twice = <Item>(item: Item): [Item, Item] => [item, item];
