import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import type { PictureCover } from './coverage-views.js';

interface CoverRow extends Omit<PictureCover, 'sites' | 'application'> {
  coordinatorId: string;
  application: string | null;
  every_site: boolean;
  sites: number;
}

/** Who is away and who stands in, as pages show it. */
@Injectable()
export class CoverViews {
  constructor(
    private readonly em: EntityManager,
    private readonly catalog: CatalogService,
  ) {}

  /** Covers in force or to come of a system, soonest first. @param day 'YYYY-MM-DD', today */
  async ofSystem(code: string, day: string): Promise<PictureCover[]> {
    return (await this.rows('c.system_code = ?', [code, day])).map((row) => this.viewOf(row));
  }

  /** Those of assignments, by the assignment's id, soonest first. @param day 'YYYY-MM-DD', today */
  async ofCoordinators(coordinatorIds: string[], day: string): Promise<Map<string, PictureCover[]>> {
    const ids = JSON.stringify(coordinatorIds);
    const rows = await this.rows('c.id in (select value::uuid from json_array_elements_text(?::json))', [ids, day]);
    const found = new Map<string, PictureCover[]>();
    for (const row of rows) found.set(row.coordinatorId, [...(found.get(row.coordinatorId) ?? []), this.viewOf(row)]);
    return found;
  }

  private rows(whose: string, params: string[]): Promise<CoverRow[]> {
    return this.em.execute<CoverRow[]>(
      `select c.id as "coordinatorId", w.first_name || ' ' || w.last_name as name, m.first_name || ' ' || m.last_name as "coversFor",
         v.every_site, coalesce(v.application, c.application) as application, v.from_day::text as "fromDay", v.to_day::text as "toDay",
         (select count(*)::int from coordinator_cover_site x where x.cover_id = v.id) as sites
       from coordinator_cover v join coordinator c on c.id = v.coordinator_id and c.ended_at is null
       join staff_member m on m.id = c.staff_member_id join staff_member w on w.id = v.staff_member_id
       where ${whose} and v.ended_at is null and v.to_day > ? order by v.from_day, name, v.id`,
      params,
    );
  }

  private viewOf({ name, coversFor, every_site: all, application, sites, fromDay, toDay }: CoverRow): PictureCover {
    return {
      name,
      coversFor,
      ...(application !== null && { application: this.catalog.names(application).application }),
      ...(!all && { sites }),
      fromDay,
      toDay,
    };
  }
}
