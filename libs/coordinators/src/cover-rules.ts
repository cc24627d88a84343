import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { locationKey, SitesService } from '#sites';
import { assignmentInForce, coordinatorCanAct } from './assignments.js';
import { type CoveredAssignment, type CoverTerms, wrongCover } from './cover-terms.js';
import type { Reach } from './coordinator.js';
import { coordinatorsProblems } from './problems.js';
import { isRowId } from './row-id.js';

/** What covers are checked against: the assignment, the person, the other covers. Changes nothing. */
@Injectable()
export class CoverRules {
  constructor(
    private readonly em: EntityManager,
    private readonly sites: SitesService,
  ) {}

  /** An assignment that has not ended, begun or not; undefined when there is none. @param hold until the transaction ends */
  async seat(coordinatorId: string, today: string, hold = false): Promise<CoveredAssignment | undefined> {
    if (!isRowId(coordinatorId)) return undefined;
    const [row] = await this.em.execute<SeatRow[]>(
      `select c.id, c.staff_member_id, c.reach, c.system_code, c.application, c.from_day::text, c.to_day::text,
         array(select s.site_code from coordinator_site s where s.coordinator_id = c.id) as site_codes
       from coordinator c where c.id = ? and c.ended_at is null and coalesce(c.to_day > ?::date, true) ${hold ? 'for share' : ''}`,
      [coordinatorId, today],
    );
    return (
      row && {
        id: row.id,
        staffMemberId: row.staff_member_id,
        reach: row.reach,
        systemCode: row.system_code ?? undefined,
        siteCodes: new Set(row.site_codes),
        application: row.application ?? undefined,
        fromDay: row.from_day,
        toDay: row.to_day ?? undefined,
      }
    );
  }

  /** Lets one cover of each of these people be named at a time. */
  async holdPeople(staffMemberIds: string[]): Promise<void> {
    await this.em.execute(
      `select id from staff_member where id in (select value::uuid from json_array_elements_text(?::json)) order by id for no key update`,
      [JSON.stringify(staffMemberIds)],
    );
  }

  /** @throws coordinators.wrong-cover (422): sites the system neither owns nor serves today */
  async mustHoldSites(siteCodes: string[], { systemCode }: CoveredAssignment): Promise<void> {
    const locations = siteCodes.map((code) => ({ level: 'site' as const, code }));
    const places = await this.sites.placeMany(locations);
    const foreign = locations.find((location) => {
      const place = places.get(locationKey(location));
      return !place?.open || (place.system.code !== systemCode && place.serving?.code !== systemCode);
    });
    if (foreign)
      throw wrongCover(
        `The site ${foreign.code.slice(0, 30)} is not an open site of the school system. Choose among its sites.`,
      );
  }

  /**
   * Whoever stands in is another person, can sign in, and is no stranger: works in the school system or decides there; for
   * the state office, decides there.
   * @throws coordinators.wrong-cover (422)
   */
  async mustKnow(staffMemberId: string, seat: CoveredAssignment, today: string): Promise<void> {
    if (staffMemberId === seat.staffMemberId)
      throw wrongCover('Nobody stands in for themselves. Choose somebody else.');
    const [person] = isRowId(staffMemberId)
      ? await this.em.execute<{ able: boolean; known: boolean }[]>(
          `select ${coordinatorCanAct('p')} as able, ${isKnown('p')} as known
           from (select ?::uuid as staff_member_id, ?::date as day, ?::text as system_code) p`,
          [staffMemberId, today, seat.systemCode ?? null],
        )
      : [];
    if (!person?.known)
      throw wrongCover(
        seat.systemCode === undefined
          ? 'Whoever stands in at the state office is a coordinator of the state office. Choose one of them.'
          : 'Whoever stands in works in the school system, or is a coordinator there. Choose one of them.',
      );
    if (!person.able)
      throw wrongCover(
        'This person has no account that can sign in. Choose somebody who has, or ask the person to register.',
      );
  }

  /**
   * Nobody covers on days he is covered himself, or the reverse; and one cover for one thing at a time.
   * @throws coordinators.wrong-cover (422), coordinators.covered-already (409)
   */
  async refuseClash(form: CoverTerms, seat: CoveredAssignment, siteCodes: string[] | undefined): Promise<void> {
    const rows = await this.em.execute<{ absent: string; stands_in: string; same: boolean }[]>(
      `select c.staff_member_id as absent, v.staff_member_id as stands_in, v.coordinator_id = ? as same
       from coordinator_cover v join coordinator c on c.id = v.coordinator_id
       where v.ended_at is null and c.ended_at is null and v.from_day < ?::date and v.to_day > ?::date and (
         c.staff_member_id = ? or v.staff_member_id = ?
         or (v.coordinator_id = ? and coalesce(v.application = ?::text, true)
             and (v.every_site or ?::json is null or exists (select 1 from coordinator_cover_site x
                  where x.cover_id = v.id and x.site_code in (select json_array_elements_text(?::json))))))`,
      [
        seat.id,
        form.toDay,
        form.fromDay,
        form.staffMemberId,
        seat.staffMemberId,
        seat.id,
        form.application ?? null,
        siteCodes ? JSON.stringify(siteCodes) : null,
        siteCodes ? JSON.stringify(siteCodes) : '[]',
      ],
    );
    if (rows.some(({ absent }) => absent === form.staffMemberId))
      throw wrongCover(
        'This person is away on some of these days and is covered by somebody else. Choose another person or other days.',
      );
    if (rows.some(({ stands_in }) => stands_in === seat.staffMemberId))
      throw wrongCover(
        'On some of these days the coordinator stands in for somebody else. End that first, or choose other days.',
      );
    if (rows.some(({ same }) => same))
      throw coordinatorsProblems.coveredAlready(
        'Somebody stands in for this already on some of these days. End that cover first, or choose other days.',
      );
  }
}

interface SeatRow {
  id: string;
  staff_member_id: string;
  reach: Reach;
  system_code: string | null;
  application: string | null;
  from_day: string;
  to_day: string | null;
  site_codes: string[];
}

/** Whether a person works in a school system or decides there, as SQL about a row with staff_member_id, day and system_code. */
export const isKnown = (person: string): string =>
  `(exists (select 1 from coordinator c where c.staff_member_id = ${person}.staff_member_id
     and c.system_code is not distinct from ${person}.system_code and ${assignmentInForce('c', `${person}.day`)})
   or exists (select 1 from employment e join site_parent o on o.site_code = e.site_code
     and o.from_day <= ${person}.day and coalesce(o.to_day > ${person}.day, true)
     where e.staff_member_id = ${person}.staff_member_id and o.system_code = ${person}.system_code
     and e.from_day <= ${person}.day and coalesce(e.to_day >= ${person}.day, true)))`;
