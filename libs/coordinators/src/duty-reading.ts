import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, localDay } from '#kernel';
import { assignmentInForce } from './assignments.js';
import type { StepDuty } from './duty.js';

/** A duty somebody holds, will hold or held. */
export interface DutyView {
  id: string;
  duty: StepDuty;
  staffMemberId: string;
  name: string;
  systemCode: string | null;
  application: string | null;
  /** 'YYYY-MM-DD' */
  fromDay: string;
  toDay: string | null;
  endedAt: Date | null;
  endedReason: string | null;
  /** Names; null for an operator. */
  namedBy: string | null;
  endedBy: string | null;
}

const nameOf = (column: string): string =>
  `(select m.first_name || ' ' || m.last_name from staff_member m where m.id = d.${column})`;

/** Who holds, will hold and held duties, for pages. */
@Injectable()
export class DutyReading {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
  ) {}

  /**
   * Duties, those in force first, then the newest; at most 500.
   * @param systemCode only of this system; everything for the state desk when absent
   */
  async list(systemCode?: string): Promise<DutyView[]> {
    const today = localDay(this.clock.now());
    const rows = await this.em.execute<(Omit<DutyView, 'endedAt'> & { endedAt: string | null })[]>(
      `select d.id, d.duty, d.staff_member_id as "staffMemberId", ${nameOf('staff_member_id')} as name, d.system_code as "systemCode",
         d.application, d.from_day::text as "fromDay", d.to_day::text as "toDay", d.ended_at as "endedAt", d.ended_reason as "endedReason",
         ${nameOf('named_by')} as "namedBy", ${nameOf('ended_by')} as "endedBy"
       from duty_holder d where ${systemCode === undefined ? 'true' : 'd.system_code = ?'}
       order by (${assignmentInForce('d', '?')}) desc, d.created_at desc, d.id limit 500`,
      [...(systemCode === undefined ? [] : [systemCode]), today, today],
    );
    return rows.map((row) => ({ ...row, endedAt: row.endedAt === null ? null : new Date(row.endedAt) }));
  }
}
