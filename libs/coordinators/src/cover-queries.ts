import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { foldedText } from '#kernel';
import { coordinatorCanAct } from './assignments.js';
import type { CoveredAssignment } from './cover-terms.js';
import { isKnown } from './cover-rules.js';

/** A cover as its people and the state desk see it; not over and not ended. */
export interface CoverView {
  id: string;
  coordinatorId: string;
  absent: { staffMemberId: string; name: string };
  standsIn: { staffMemberId: string; name: string };
  /** Absent = for all the assignment holds. */
  siteCodes?: string[];
  application?: string;
  /** 'YYYY-MM-DD' */
  fromDay: string;
  /** The first day back. */
  toDay: string;
}

/** Somebody who may stand in. */
export interface StandIn {
  staffMemberId: string;
  name: string;
  /** What tells two people of one name apart: position and site, or that the person is a coordinator. */
  about: string;
}

interface CoverRow {
  id: string;
  coordinator_id: string;
  absent_id: string;
  absent: string;
  stands_in_id: string;
  stands_in: string;
  every_site: boolean;
  application: string | null;
  from_day: string;
  to_day: string;
  site_codes: string[];
}

/** What pages about covers show. */
@Injectable()
export class CoverQueries {
  constructor(private readonly em: EntityManager) {}

  /**
   * Covers that are not over, soonest first.
   * @param which SQL about the cover `v` and the assignment `c`
   */
  async covers(which: string, parameters: string[], today: string): Promise<CoverView[]> {
    const rows = await this.em.execute<CoverRow[]>(
      `select v.id, v.coordinator_id, c.staff_member_id as absent_id, m.first_name || ' ' || m.last_name as absent,
         v.staff_member_id as stands_in_id, w.first_name || ' ' || w.last_name as stands_in,
         v.every_site, v.application, v.from_day::text, v.to_day::text,
         array(select x.site_code from coordinator_cover_site x where x.cover_id = v.id order by x.site_code) as site_codes
       from coordinator_cover v join coordinator c on c.id = v.coordinator_id
       join staff_member m on m.id = c.staff_member_id join staff_member w on w.id = v.staff_member_id
       where (${which}) and v.ended_at is null and v.to_day > ?::date
         and c.ended_at is null and coalesce(c.to_day > ?::date, true) order by v.from_day, v.id`,
      [...parameters, today, today],
    );
    return rows.map(viewOf);
  }

  /** People whose name or Staff ID holds every word typed and who may stand in for an assignment; 20 at most, by name. */
  async candidates(seat: CoveredAssignment, text: string, today: string): Promise<StandIn[]> {
    const words = foldedText(text.slice(0, 100))
      .replace(/[^\p{L}\p{N} ]/gu, '')
      .split(' ')
      .filter(Boolean)
      .slice(0, 8);
    const each = words.map(() => `(m.name_key like ? or m.staff_id = ?)`).join(' and ');
    return this.em.execute<StandIn[]>(
      `select p.staff_member_id as "staffMemberId", m.first_name || ' ' || m.last_name as name, coalesce((
           select e.position || ', ' || t.name from employment e join site t on t.code = e.site_code
           where e.staff_member_id = m.id and e.from_day <= p.day and coalesce(e.to_day >= p.day, true)
           order by e.from_day, e.site_code limit 1), 'Coordinator') as about
       from staff_member m cross join lateral (select m.id as staff_member_id, ?::date as day, ?::text as system_code) p
       where m.id <> ? ${each && `and ${each}`} and ${isKnown('p')} and ${coordinatorCanAct('p')}
       order by m.name_key, m.id limit 20`,
      [today, seat.systemCode ?? null, seat.staffMemberId, ...words.flatMap((word) => [`%${word}%`, word])],
    );
  }
}

const viewOf = (row: CoverRow): CoverView => ({
  id: row.id,
  coordinatorId: row.coordinator_id,
  absent: { staffMemberId: row.absent_id, name: row.absent },
  standsIn: { staffMemberId: row.stands_in_id, name: row.stands_in },
  ...(!row.every_site && { siteCodes: row.site_codes }),
  ...(row.application !== null && { application: row.application }),
  fromDay: row.from_day,
  toDay: row.to_day,
});
