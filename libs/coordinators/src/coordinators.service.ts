import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, localDay } from '#kernel';
import { assignmentsOf, borrowedBy, dutiesOf } from './assignments.js';
import { covers, isStateDesk, whoDecides } from './routing.js';
import { barred } from './routing-judge.js';
import type { Assignment, Routing, RoutingLine } from './routing-types.js';
import { snapshotFor, snapshotOf } from './snapshot.js';
import { signedStatement, statementName } from './statement-in-force.js';

/** Where who decides is, or will be, another: as a `Change` names it. */
export interface Concerned {
  systems: string[];
  everywhere: boolean;
}

/** Who decides and who may; changes nothing. How coordinators begin and leave is in `Appointments`. */
@Injectable()
export class CoordinatorsService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
  ) {}

  /** Who decides a line now, and why. */
  async whoDecides(line: RoutingLine): Promise<Routing> {
    const { location, systemCode } = line;
    const site = location.level === 'site' ? location.code : undefined;
    return whoDecides(await snapshotFor(this.em, systemCode, site, this.today()), line);
  }

  /** Who decides each line on a day, in the order of the lines; from one snapshot, with no query per line. */
  async whoDecidesMany(lines: RoutingLine[], day = this.today()): Promise<Routing[]> {
    if (!lines.length) return [];
    const systems = [...new Set(lines.map(({ systemCode }) => systemCode).filter((code) => code !== undefined))];
    const snapshot = await snapshotOf(this.em, systems, day);
    return lines.map((line) => whoDecides(snapshot, line));
  }

  /** What a person may decide on a day: own assignments, and those borrowed by standing in (with `coverId`). */
  async scopesOf(staffMemberId: string, day = this.today()): Promise<Assignment[]> {
    return [...(await assignmentsOf(this.em, staffMemberId, day)), ...(await borrowedBy(this.em, staffMemberId, day))];
  }

  /** The duties of a person in force on a day: what may be decided by them are the steps of these duties, nothing else. */
  async dutiesOf(staffMemberId: string, day = this.today()): Promise<Assignment[]> {
    return dutiesOf(this.em, staffMemberId, day);
  }

  /** Whether a person is at the state desk today, by an assignment of his own: who only stands in names nobody (CO-3). */
  async isStateDesk(staffMemberId: string): Promise<boolean> {
    return (await assignmentsOf(this.em, staffMemberId, this.today())).some(isStateDesk);
  }

  /**
   * Whether a person may decide lines, each of them: any scope in force that covers it, own, borrowed or by a duty, not only
   * the nearest (docs/routing.md), with the statement signed, and never one's own nor what excludes the person. Inside a transaction the person's assignments and
   * covers stay as they are until it commits (CO-4).
   */
  async mayDecide(staffMemberId: string, ...lines: RoutingLine[]): Promise<boolean> {
    if (lines.some((line) => barred(staffMemberId, line))) return false;
    const hold = this.em.isInTransaction();
    const own = await assignmentsOf(this.em, staffMemberId, this.today(), hold);
    const borrowed = await borrowedBy(this.em, staffMemberId, this.today(), hold);
    // Asked only where a step of a duty is decided.
    const duties = lines.some(({ duty }) => duty) ? await dutiesOf(this.em, staffMemberId, this.today(), hold) : [];
    const held = [...own, ...borrowed, ...duties];
    const all = lines.every((line) => held.some((one) => covers(one, line)));
    return all && (await this.hasSigned(staffMemberId));
  }

  /** Whether a person's statement is in force today. */
  async hasSigned(staffMemberId: string): Promise<boolean> {
    const [row] = await this.em.execute<{ signed: boolean }[]>(
      `select ${signedStatement('at.id', 'at.day')} as signed from (select ?::uuid as id, ?::date as day) at`,
      [staffMemberId, this.today()],
    );
    return row!.signed;
  }

  /** Where people are coordinators, stand in for one or have a duty, or will; accounts count for everybody they were ever linked to. */
  async systemsOf(people: { staffMemberIds?: string[]; accountIds?: string[] }): Promise<Concerned> {
    const day = this.today();
    const rows = await this.em.execute<{ system_code: string | null }[]>(
      `with person as (
         select value::uuid as id from json_array_elements_text(?::json)
         union select staff_member_id from staff_link where account_id in (select value::uuid from json_array_elements_text(?::json)))
       select c.system_code from duty_holder c
       where c.ended_at is null and coalesce(c.to_day > ?::date, true) and c.staff_member_id in (select id from person)
       union select c.system_code from coordinator c
       where c.ended_at is null and coalesce(c.to_day > ?::date, true) and (
         c.staff_member_id in (select id from person) or c.id in (
           select v.coordinator_id from coordinator_cover v
           where v.staff_member_id in (select id from person) and v.ended_at is null and v.to_day > ?::date))`,
      [JSON.stringify(people.staffMemberIds ?? []), JSON.stringify(people.accountIds ?? []), day, day, day],
    );
    return concerned(rows);
  }

  /** Where an assignment, a cover, a duty or a signature begins or ends after `fromDay`, up to and with `toDay`. */
  async boundaries(fromDay: string, toDay: string): Promise<Concerned> {
    const rows = await this.em.execute<{ system_code: string | null }[]>(
      `with span as (select ?::date as after, ?::date as upto),
       turned as (
         select v.coordinator_id as id from coordinator_cover v, span
         where v.ended_at is null and ((v.from_day > after and v.from_day <= upto) or (v.to_day > after and v.to_day <= upto))
         union select c.id from coordinator c, span
         where c.ended_at is null and ((c.from_day > after and c.from_day <= upto) or (c.to_day > after and c.to_day <= upto))
         union select c.id from statement_signature g join coordinator c on c.staff_member_id = g.staff_member_id, span
         where g.statement = '${statementName}' and g.signed_on + interval '1 year' > after and g.signed_on + interval '1 year' <= upto
         union select v.coordinator_id from statement_signature g join coordinator_cover v on v.staff_member_id = g.staff_member_id, span
         where g.statement = '${statementName}' and g.signed_on + interval '1 year' > after and g.signed_on + interval '1 year' <= upto)
       select c.system_code from coordinator c join turned on turned.id = c.id
       union select c.system_code from duty_holder c, span where c.ended_at is null and (
         (c.from_day > after and c.from_day <= upto) or (c.to_day > after and c.to_day <= upto)
         or exists (select 1 from statement_signature g where g.staff_member_id = c.staff_member_id and g.statement = '${statementName}'
           and g.signed_on + interval '1 year' > after and g.signed_on + interval '1 year' <= upto))`,
      [fromDay, toDay],
    );
    return concerned(rows);
  }

  private today(): string {
    return localDay(this.clock.now());
  }
}

const concerned = (rows: { system_code: string | null }[]): Concerned => ({
  systems: rows.flatMap(({ system_code }) => system_code ?? []),
  everywhere: rows.some(({ system_code }) => system_code === null),
});
