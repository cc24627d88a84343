import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { StateOffice } from '#coordinators';
import { type Actor, Clock, isDay, localDay } from '#kernel';
import { EmploymentEnds, type EndedEmployment, StaffService } from '#staff';
import { absentPerson, checkedLeaveReason, DepartureRules } from './departure-rules.js';
import type { EndedThing } from './departure.js';
import { Leave } from './leave.js';
import { complianceProblems } from './problems.js';

/** When and why somebody's employment ends. */
export interface EmploymentDeparture {
  /** 'YYYY-MM-DD', the first day no longer employed; today when absent. */
  day?: string;
  /** 1 to 2,000 characters; the person reads it. */
  reason: string;
}

/** What became of it. */
export interface DepartureOutcome {
  /** `left`: everything has ended; `stays`: employed elsewhere, so access goes on; `on-the-day`: it ends then. */
  result: 'left' | 'stays' | 'on-the-day';
  /** 'YYYY-MM-DD' */
  day: string;
  ended: EndedThing[];
}

/** How long ago and how far ahead a day may lie. */
const furthest = 366;

/** People leave. Locks go in one order: people, routing, assignments, requests, grants. */
@Injectable()
export class Departures {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly staff: StaffService,
    private readonly ends: EmploymentEnds,
    private readonly office: StateOffice,
    private readonly rules: DepartureRules,
    private readonly leaving: Leave,
  ) {}

  /**
   * Ends a person's employment; with the last one everything ends in the same transaction: access, open requests, duties,
   * sessions. A coordinator of the whole school system ends employments there; the state desk and an operator end all, also
   * of a person of whom none is on record. Nobody is kept because he is the last coordinator: the state takes over.
   * @throws compliance.wrong-day, compliance.bad-reason (422), compliance.not-yours (403), compliance.not-found (404: absent,
   *   or not employed in a school system of the actor), compliance.already-left, coordinators.unsigned (409)
   */
  async end(actor: Actor, staffMemberId: string, departure: EmploymentDeparture): Promise<DepartureOutcome> {
    const reason = checkedLeaveReason(departure.reason);
    const today = localDay(this.clock.now());
    const day = checkedDay(departure.day ?? today, today);
    return this.em.transactional(async () => {
      const target = `staff-member:${staffMemberId}`;
      if (!(await this.rules.hold(actor, staffMemberId))) throw absentPerson({ action: 'person.end', target });
      const concerned = await this.leaving.holdRouting(staffMemberId);
      const by = await this.office.personOf(actor);
      const where = await this.rules.reach(actor, by, staffMemberId);
      const sites = where === 'everywhere' ? undefined : where;
      const ended = await this.ends.end(staffMemberId, day, today, sites);
      if (ended.length)
        await this.audit.record(actor, { action: 'employment.end', target, after: { day, ended }, reason });
      if (day > today) return this.later({ staffMemberId, day, reason, by }, ended);
      if ((await this.staff.employmentsOf(staffMemberId)).length)
        return { result: 'stays', day, ended: await this.leaving.named(ended) };
      await this.ends.followed(staffMemberId, today);
      const terms = { day, reason, by, employments: ended };
      const things = await this.leaving.leave(actor, staffMemberId, terms, concerned);
      if (!things.length)
        throw complianceProblems.alreadyLeft('This person is employed nowhere and has no access. Nothing was changed.');
      return { result: 'left', day, ended: things };
    });
  }

  private async later(
    end: { staffMemberId: string; day: string; reason: string; by?: string },
    ended: EndedEmployment[],
  ): Promise<DepartureOutcome> {
    if (!ended.length)
      throw complianceProblems.wrongDay(
        'No employment on record runs until that day. Choose an earlier day, or end it at once.',
      );
    await this.ends.note([end]);
    return { result: 'on-the-day', day: end.day, ended: [] };
  }
}

function checkedDay(day: string, today: string): string {
  const wrong = (message: string): Error =>
    complianceProblems.wrongDay(message, { errors: [{ field: 'day', message }] });
  if (!isDay(day)) throw wrong('Write the day as year-month-day, such as 2026-08-15.');
  const away = Math.abs(Date.parse(day) - Date.parse(today)) / 86_400_000;
  if (away > furthest) throw wrong('Choose a day within a year of today.');
  return day;
}
