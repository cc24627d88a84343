import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Changes, Clock, isDay, localDay } from '#kernel';
import { Appointer, areaOf } from './appointer.js';
import type { Reach } from './coordinator.js';
import { DepartureNews } from './departure-news.js';
import { checkedReason } from './designation.js';
import { holdRouting } from './hold-routing.js';
import { type HeldAssignment, LastOne } from './last-one.js';
import { coordinatorsProblems } from './problems.js';
import { isRowId } from './row-id.js';
import { dayInWords } from './scope-words.js';
import { Takeovers } from './takeovers.js';

/** How an assignment ends. */
export interface CoordinatorDeparture {
  /** 'YYYY-MM-DD', first day no longer a coordinator; absent or today: at once. */
  day?: string;
  /** 1 to 2,000 characters. */
  reason: string;
  /** The state office stands in for a school system when nobody else is left. */
  takeOver?: boolean;
}

interface Row {
  id: string;
  staff_member_id: string;
  reach: Reach;
  system_code: string | null;
  application: string | null;
  from_day: string;
  to_day: string | null;
  ended_at: string | null;
  site_codes: string[];
}

/** Ends assignments for the verbs that made sure who may. */
@Injectable()
export class Leaving {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly changes: Changes,
    private readonly appointer: Appointer,
    private readonly takeovers: Takeovers,
    private readonly lastOne: LastOne,
    private readonly news: DepartureNews,
  ) {}

  /**
   * Holds an assignment, after the routing of its system, together with the actor's own in one order: two people may be ending
   * each other.
   * @param person the actor's
   */
  async hold(coordinatorId: string, person: string | undefined): Promise<HeldAssignment | undefined> {
    if (!isRowId(coordinatorId)) return undefined;
    const [found] = await this.em.execute<{ system_code: string | null }[]>(
      `select system_code from coordinator where id = ?`,
      [coordinatorId],
    );
    if (!found) return undefined;
    await holdRouting(this.em, found.system_code === null ? 'everywhere' : [found.system_code], 'change');
    const rows = await this.em.execute<Row[]>(
      `select c.id, c.staff_member_id, c.reach, c.system_code, c.application, c.from_day::text, c.to_day::text, c.ended_at,
         array(select s.site_code from coordinator_site s where s.coordinator_id = c.id order by s.site_code) as site_codes
       from coordinator c where c.id = ? or c.staff_member_id = ? order by c.id for update of c`,
      [coordinatorId, person ?? null],
    );
    return heldOf(rows.find(({ id }) => id === coordinatorId)!);
  }

  /** @throws coordinators.wrong-scope (422), coordinators.already-ended, coordinators.last-one (409) */
  async leave(
    actor: Actor,
    one: HeldAssignment,
    departure: CoordinatorDeparture,
    by: string | undefined,
  ): Promise<void> {
    const reason = checkedReason(departure.reason);
    const today = localDay(this.clock.now());
    if (one.ended || (one.toDay !== undefined && one.toDay <= today))
      throw coordinatorsProblems.alreadyEnded('This assignment was ended before. Load the list again.');
    const day = departure.day === today ? undefined : departure.day;
    if (day !== undefined) checkLastDay(day, one, today);
    if (!departure.takeOver || one.reach === 'state') await this.lastOne.refuse(one, day ?? today);
    await this.write(one, day, reason, by);
    await this.audit.record(actor, {
      action: by === one.staffMemberId ? 'coordinator.stand-down' : 'coordinator.end',
      target: `coordinator:${one.id}`,
      after: day === undefined ? { ended: true } : { toDay: day },
      reason,
    });
    await this.news.tell(one, day ?? today, reason, by);
    if (one.fromDay <= today && (await this.lastOne.counts(one)))
      await this.news.tellOnlyOne(one.systemCode!, one.staffMemberId, day ?? today);
    if (day === undefined) await this.follow(actor, one, reason, by);
  }

  /** What follows at once from an end that is at once. */
  private async follow(actor: Actor, one: HeldAssignment, reason: string, by?: string): Promise<void> {
    const name = await this.appointer.nameOf(one.staffMemberId);
    const leaves = by === one.staffMemberId ? 'stands down' : 'is no longer a security coordinator';
    if (await this.lastOne.counts(one))
      await this.takeovers.open(actor, [one.systemCode!], `${name} ${leaves}. Reason: ${reason}`, by);
    await this.changes.announce(actor, { cause: `${name} ${leaves}.`, ...areaOf(one.systemCode) });
  }

  private async write(one: HeldAssignment, day: string | undefined, reason: string, by?: string): Promise<void> {
    await this.em.execute(
      day === undefined
        ? `update coordinator set ended_at = ?, ended_reason = ?, ended_by = ? where id = ?`
        : `update coordinator set to_day = ?, ended_reason = ?, ended_by = ? where id = ?`,
      [day ?? this.clock.now(), reason, by ?? null, one.id],
    );
  }
}

function checkLastDay(day: string, one: HeldAssignment, today: string): void {
  const wrong = coordinatorsProblems.wrongScope;
  if (!isDay(day)) throw wrong('Write the day as year-month-day, such as 2026-08-15.');
  if (day < today) throw wrong('This day has passed. Choose a later day, or end it at once.');
  if (day <= one.fromDay) throw wrong('This day comes before the first day of the assignment. End it at once instead.');
  if (one.toDay !== undefined && day >= one.toDay)
    throw wrong(`This assignment ends on ${dayInWords(one.toDay)} already. Choose an earlier day.`);
}

const heldOf = (row: Row): HeldAssignment => ({
  id: row.id,
  staffMemberId: row.staff_member_id,
  reach: row.reach,
  systemCode: row.system_code,
  application: row.application ?? undefined,
  siteCodes: row.site_codes,
  fromDay: row.from_day,
  toDay: row.to_day ?? undefined,
  ended: row.ended_at !== null,
});
