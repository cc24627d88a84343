import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import type { Reach } from '#coordinators';
import { Clock, localDay } from '#kernel';
import { RequestLoads } from '#requests';
import { coordinatorColumns, coordinatorTables, coverageGround } from './coverage-sql.js';
import type { AssignmentView, CoordinatorView, NamedPlace } from './coverage-views.js';
import { listed } from './listed.js';
import { oversightProblems } from './problems.js';

/** A row of `coordinatorColumns`. */
export interface AssignmentRow {
  coordinatorId: string;
  staffMemberId: string;
  name: string;
  reach: Reach;
  systemCode: string | null;
  systemName: string | null;
  application: string | null;
  sinceDay: string;
  untilDay: string | null;
  hindrance: CoordinatorView['hindrance'] | null;
  sites: number;
  /** Where they are folded: each assignment of the line, itself included. */
  each?: { coordinatorId: string; application: string | null }[];
}

/** Assignments as pages show them. */
@Injectable()
export class AssignmentViews {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly loads: RequestLoads,
  ) {}

  /**
   * The same assignments with names and with what waits for their people.
   * @param within a school system: what waits for them elsewhere is not for those who look there (AC-3)
   */
  async of(rows: AssignmentRow[], within?: string): Promise<CoordinatorView[]> {
    const load = await this.loads.openLoad(within);
    return rows.map(({ systemCode, systemName, application, untilDay, hindrance, each = [], ...row }) => ({
      ...row,
      ...(systemCode !== null && { system: { code: systemCode, name: systemName ?? systemCode } }),
      ...this.limitOf(application, each),
      ...(untilDay !== null && { untilDay }),
      ...(hindrance && { hindrance }),
      open: 0,
      ...load.get(row.staffMemberId),
    }));
  }

  /** The application an assignment is limited to; of folded ones, all of them. */
  private limitOf(
    application: string | null,
    each: NonNullable<AssignmentRow['each']>,
  ): Pick<CoordinatorView, 'application' | 'assignments'> {
    if (application === null) return {};
    const nameOf = (code: string): string => this.catalog.names(code).application;
    if (each.length < 2) return { application: nameOf(application) };
    const assignments = each.map((one) => ({
      coordinatorId: one.coordinatorId,
      application: nameOf(one.application ?? application),
    }));
    return { application: listed(assignments.map((one) => one.application)), assignments };
  }

  /** @throws oversight.not-found (404) */
  async one(coordinatorId: string): Promise<AssignmentView> {
    const [row] = await this.em.execute<
      (AssignmentRow & { siteList: NamedPlace[]; ended: string | null; why: string | null })[]
    >(
      `${coverageGround} select ${coordinatorColumns}, (a.ended_at at time zone 'America/Chicago')::date::text as ended, a.ended_reason as why,
         coalesce((select json_agg(json_build_object('code', x.code, 'name', x.name)) from (
           select t.code, t.name from coordinator_site z join site t on t.code = z.site_code
           where z.coordinator_id = a.id order by t.name, t.code limit 50) x), '[]') as "siteList"
       from ${coordinatorTables('named')} where a.id::text = ?`,
      [localDay(this.clock.now()), coordinatorId],
    );
    if (!row) throw oversightProblems.notFound('There is no such coordinator. Load the list again.');
    const { siteList, ended, why, ...assignment } = row;
    const [view] = await this.of([assignment]);
    return { ...view!, siteList, ...(ended && { endedOn: ended }), ...(why && { endedReason: why }) };
  }
}
