import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Clock, localDay } from '#kernel';
import { type Location, SitesService } from '#sites';
import type { Reach } from './coordinator.js';
import type { DesignationStatus } from './designation-form.js';
import { scopeInWords } from './scope-words.js';

/** Something that happened to the coordinators of a school system. */
export interface CoordinatorEvent {
  at: Date;
  /** One sentence. */
  text: string;
}

interface AssignmentRow {
  reach: Reach;
  application: string | null;
  name: string;
  site: string | null;
  sites: number;
  served: number;
  began: string | null;
  ended: string | null;
  ended_early: boolean;
  own: boolean;
  reason: string | null;
}

/** Midday of a day, so that days and moments sort together and read as that day everywhere. */
const dayAsMoment = (column: string): string => `(${column} + time '12:00') at time zone 'America/Chicago'`;

const assignments = `select c.reach, c.application, m.first_name || ' ' || m.last_name as name,
    (select min(s.site_code) from coordinator_site s where s.coordinator_id = c.id) as site,
    (select count(*)::int from coordinator_site s where s.coordinator_id = c.id) as sites,
    (select count(*)::int from coordinator_site s where s.coordinator_id = c.id and not exists (
      select 1 from site_parent p where p.site_code = s.site_code and p.system_code = c.system_code)) as served,
    case when c.from_day <= at.day and coalesce(c.ended_at >= c.from_day, true)
      then case when c.from_day > (c.created_at at time zone 'America/Chicago')::date
        then ${dayAsMoment('c.from_day')} else c.created_at end end as began,
    case when c.ended_at is not null then c.ended_at when c.to_day <= at.day then ${dayAsMoment('c.to_day')} end as ended,
    c.ended_at is not null or c.ended_reason is not null as ended_early,
    coalesce(c.ended_by = c.staff_member_id, false) as own, c.ended_reason as reason
  from (select ?::date as day) at, coordinator c join staff_member m on m.id = c.staff_member_id
  where c.system_code = ?`;

const heads = `select h.created_at as began, h.ended_at as ended, h.title, m.first_name || ' ' || m.last_name as name
  from system_head h join staff_member m on m.id = h.staff_member_id where h.system_code = ?`;

const takeovers = `select opened_at as began, ended_at as ended from state_takeover where system_code = ?`;

const steps = `select s.step, s.at, s.note, b.first_name || ' ' || b.last_name as by, m.first_name || ' ' || m.last_name as name
  from designation d join designation_step s on s.designation_id = d.id
  join staff_member b on b.id = s.by_staff_member_id join staff_member m on m.id = d.staff_member_id
  where d.system_code = ? and s.step <> 'granted'`;

const stepWords: Record<Exclude<DesignationStatus, 'granted'>, (by: string, name: string) => string> = {
  proposed: (by, name) => `${by} designated ${name} as a coordinator`,
  approved: (by, name) => `${by} of the state office approved the designation of ${name}`,
  asked: (by) => `${by} asked for coordinator access`,
  refused: (by, name) => `${by} of the state office refused the designation of ${name}`,
  withdrawn: (by, name) =>
    by === name ? `${by} declined the designation` : `${by} took back the designation of ${name}`,
};

/** What became of a system's coordinators, heads and designations. For its coordinators, its head and the state desk: the caller asks. */
@Injectable()
export class CoordinatorHistory {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
  ) {}

  /** The events of a system up to now, oldest first. */
  async of(systemCode: string): Promise<CoordinatorEvent[]> {
    const events = [
      ...(await this.ofAssignments(systemCode)),
      ...(await this.ofHeads(systemCode)),
      ...(await this.ofTakeovers(systemCode)),
      ...(await this.ofDesignations(systemCode)),
    ];
    return events.sort((one, other) => one.at.getTime() - other.at.getTime());
  }

  private async ofAssignments(systemCode: string): Promise<CoordinatorEvent[]> {
    const rows = await this.em.execute<AssignmentRow[]>(assignments, [localDay(this.clock.now()), systemCode]);
    const locations: Location[] = [
      { level: 'system', code: systemCode },
      ...rows.flatMap(({ site }): Location[] => (site ? [{ level: 'site', code: site }] : [])),
    ];
    const places = await this.sites.placeMany(locations);
    return rows.flatMap((row) => {
      const scope = scopeInWords({
        reach: row.reach,
        system: places.get(`system:${systemCode}`)?.name ?? systemCode,
        sites: row.site ? [places.get(`site:${row.site}`)?.name ?? row.site] : [],
        siteCount: row.sites,
        served: row.served,
        application: row.application === null ? undefined : this.catalog.names(row.application).application,
      });
      return [
        ...happened(row.began, `${row.name} became a coordinator ${scope}.`),
        ...happened(row.ended, `${row.name} ${endWords(row)}, as coordinator ${scope}.${reasonWords(row.reason)}`),
      ];
    });
  }

  private async ofHeads(systemCode: string): Promise<CoordinatorEvent[]> {
    const rows = await this.em.execute<{ began: string; ended: string | null; title: string; name: string }[]>(heads, [
      systemCode,
    ]);
    return rows.flatMap(({ began, ended, title, name }) => [
      ...happened(began, `${name} was put on record as ${title}.`),
      ...happened(ended, `${name} is no longer on record as ${title}.`),
    ]);
  }

  /** Why the state took over is told by the end of the last coordinator, the event before. */
  private async ofTakeovers(systemCode: string): Promise<CoordinatorEvent[]> {
    const rows = await this.em.execute<{ began: string; ended: string | null }[]>(takeovers, [systemCode]);
    return rows.flatMap(({ began, ended }) => [
      ...happened(began, 'The state office took over, as no coordinator of the whole school system was left.'),
      ...happened(ended, 'The state office stood back, as there is a coordinator again.'),
    ]);
  }

  private async ofDesignations(systemCode: string): Promise<CoordinatorEvent[]> {
    const rows = await this.em.execute<
      { step: Exclude<DesignationStatus, 'granted'>; at: string; note: string | null; by: string; name: string }[]
    >(steps, [systemCode]);
    return rows.flatMap(({ step, at, note, by, name }) =>
      happened(at, `${stepWords[step](by, name)}.${step === 'approved' ? noteWords(note) : reasonWords(note)}`),
    );
  }
}

const happened = (at: string | null, text: string): CoordinatorEvent[] =>
  at === null ? [] : [{ at: new Date(at), text }];

const endWords = ({ own, ended_early }: AssignmentRow): string =>
  own ? 'stood down' : ended_early ? 'was taken off by the state office' : 'came to the end of the time named';

const noteWords = (note: string | null): string => (note ? ` Note: ${note}` : '');

const reasonWords = (reason: string | null): string => (reason ? ` Reason: ${reason}` : '');
