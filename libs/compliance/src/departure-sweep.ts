import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { localDay, Clock, systemActor } from '#kernel';
import { EmploymentEnds, StaffService } from '#staff';
import { DepartureRules } from './departure-rules.js';
import { Leave } from './leave.js';

/** What the person reads when a staff file said so. */
const recordsSay = 'The staff records of the school system say that the employment ended.';

/** Follows employments that ended by their day or by a staff file. */
@Injectable()
export class DepartureSweep {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly staff: StaffService,
    private readonly ends: EmploymentEnds,
    private readonly rules: DepartureRules,
    private readonly leaving: Leave,
  ) {}

  /**
   * Ends what hangs on employments that are over. A transaction for each person: killed in the middle, the next run does the
   * rest; several workers at once do each person once.
   * @returns how many people left
   */
  async followEnds(): Promise<number> {
    const today = localDay(this.clock.now());
    const faults: unknown[] = [];
    let left = 0;
    for (const staffMemberId of await this.ends.due(today)) {
      try {
        if (await this.follow(staffMemberId, today)) left++;
      } catch (fault) {
        faults.push(fault); // one person must not keep the others waiting
      }
    }
    if (faults.length) throw new AggregateError(faults, `${faults.length} departures could not be followed`);
    return left;
  }

  /** @returns whether the person left: employed elsewhere or again, nothing ends */
  private follow(staffMemberId: string, today: string): Promise<boolean> {
    return this.em.transactional(async () => {
      await this.rules.hold(systemActor, staffMemberId);
      const due = await this.ends.dueOf(staffMemberId, today);
      if (!due) return false;
      await this.ends.followed(staffMemberId, today);
      if ((await this.staff.employmentsOf(staffMemberId)).length) return false;
      const concerned = await this.leaving.holdRouting(staffMemberId);
      const employments = await this.ends.endedOn(staffMemberId, due.day);
      const terms = { day: due.day, reason: due.reason ?? recordsSay, by: due.by, employments };
      return (await this.leaving.leave(systemActor, staffMemberId, terms, concerned)).length > 0;
    });
  }
}
