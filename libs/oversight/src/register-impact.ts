import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { assignmentInForce } from '#coordinators';
import { batches, Clock, localDay, type SignedIn } from '#kernel';
import { type Location, locationKey } from '#sites';
import { DeskOnly } from './desk-only.js';

/** What hangs on a place today. */
export interface PlaceImpact {
  /** People employed there; for a system: at its sites. */
  people: number;
  /** Permissions given there that have not ended; for a system: for the system as a whole. */
  grants: number;
  /** Open lines that ask for it; for a system: for the system as a whole. */
  openLines: number;
  /** Assignments that name it: of a site, those of site and group coordinators; of a system, all of its own. */
  coordinators: number;
}

type ImpactRow = Location & PlaceImpact;

/**
 * Counts for a batch of places. Each question goes once over the places of the batch and not over the whole table; a
 * system's people are those of its sites.
 */
const impact = `with
  at as (select ?::date as day, ?::timestamptz as moment),
  place as (select level, code from json_to_recordset(?::json) as wanted (level text, code text)),
  workplace as (
    select level, code, code as site_code from place where level = 'site'
    union all select place.level, place.code, p.site_code from place, at, site_parent p
      where place.level = 'system' and p.system_code = place.code and p.from_day <= day and coalesce(p.to_day > day, true)),
  people as (
    select w.level, w.code, count(distinct e.staff_member_id)::int as many from at, workplace w
    join employment e on e.site_code = w.site_code where e.from_day <= day and coalesce(e.to_day >= day, true) group by 1, 2),
  given as (
    select place.level, place.code, count(*)::int as many from at, place
    join grant_version g on g.level = place.level and g.code = place.code
    where g.superseded_at is null and coalesce(g.to_at > moment and g.to_at > g.from_at, true) group by 1, 2),
  waiting as (
    select place.level, place.code, count(*)::int as many from place
    join request_line l on l.level = place.level and l.code = place.code and l.status = 'pending' group by 1, 2),
  scope as (
    select 'site' as level, z.site_code as code, z.coordinator_id as id from coordinator_site z
    union all select 'system', c.system_code, c.id from coordinator c),
  decides as (
    select place.level, place.code, count(*)::int as many from at, place
    join scope on scope.level = place.level and scope.code = place.code
    join coordinator c on c.id = scope.id where ${assignmentInForce('c', 'day')} group by 1, 2)
  select place.level, place.code, coalesce(people.many, 0) as people, coalesce(given.many, 0) as grants,
    coalesce(waiting.many, 0) as "openLines", coalesce(decides.many, 0) as coordinators
  from place left join people using (level, code) left join given using (level, code)
  left join waiting using (level, code) left join decides using (level, code)`;

/** What a change of places would touch. For the state desk: oversight.not-yours (403) for anybody else. */
@Injectable()
export class RegisterImpact {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly desk: DeskOnly,
  ) {}

  /** @returns by `locationKey`; every location asked for is there */
  async of(actor: SignedIn, locations: Location[]): Promise<Map<string, PlaceImpact>> {
    await this.desk.must(actor, 'coverage.view');
    const now = this.clock.now();
    const found = new Map<string, PlaceImpact>();
    for (const some of batches(locations)) {
      const wanted = JSON.stringify(some.map(({ level, code }) => ({ level, code })));
      const rows = await this.em.execute<ImpactRow[]>(impact, [localDay(now), now, wanted]);
      for (const { level, code, ...counts } of rows) found.set(locationKey({ level, code }), counts);
    }
    return found;
  }
}
