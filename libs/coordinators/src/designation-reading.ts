import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Location, type PlacedLocation, SitesService } from '#sites';
import { StaffService } from '#staff';
import type { DesignationStatus } from './designation-form.js';
import { type DesignationLooker, type DesignationRow, seesDesignation, verbsOf } from './designation-rights.js';
import type { DesignationView } from './designation-view.js';
import { HeadsService } from './heads.service.js';
import { coordinatorsProblems } from './problems.js';
import { isRowId } from './row-id.js';
import { StateOffice } from './state-office.js';

const columns = (
  sites: string,
): string => `d.id, d.staff_member_id as "staffMemberId", d.reach, d.system_code as "systemCode",
  d.application, d.from_day::text as "fromDay", d.to_day::text as "toDay", d.reason, d.status, d.version,
  d.proposed_by as "proposedBy", d.coordinator_id as "coordinatorId", d.created_at as "createdAt",
  array(select s.site_code from designation_site s where s.designation_id = d.id order by s.site_code ${sites}) as "siteCodes",
  (select count(*)::int from designation_site s where s.designation_id = d.id) as "siteCount"`;

const open = `d.status in ('proposed', 'approved', 'asked')`;

/** Looks designations up and words them; asks nobody who may. */
@Injectable()
export class DesignationReading {
  constructor(
    private readonly em: EntityManager,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly catalog: CatalogService,
    private readonly heads: HeadsService,
    private readonly office: StateOffice,
  ) {}

  /**
   * What a person is to designations; undefined is nobody and sees none.
   * @param hold it stays so until the transaction ends
   */
  async looker(person: string | undefined, { hold }: { hold: boolean }): Promise<DesignationLooker> {
    if (!person) return { desk: false, heads: [] };
    const heads = (await this.heads.systemsHeadedBy(person, hold)).map(({ systemCode }) => systemCode);
    return { person, desk: await this.office.isAtDesk(person, hold), heads };
  }

  /**
   * One form, for who may see it.
   * @throws coordinators.not-found (404) for anybody else, as for an absent one
   */
  async visible(id: string, looker: DesignationLooker, action: string): Promise<DesignationRow> {
    const row = isRowId(id) ? await this.row(id) : undefined;
    if (row && seesDesignation(row, looker)) return row;
    throw coordinatorsProblems.notFound('There is no such designation. Load your list again.', {
      refusal: { action, target: `designation:${id}` },
    });
  }

  /** One form, with all its sites. */
  async row(id: string): Promise<DesignationRow | undefined> {
    const [row] = await this.em.execute<DesignationRow[]>(`select ${columns('')} from designation d where d.id = ?`, [
      id,
    ]);
    return row;
  }

  /** What somebody may see: those that are open first and longest first, then the latest; at most 500. */
  async rows(
    { person, desk, heads }: DesignationLooker,
    filter: { open?: boolean; systemCode?: string },
  ): Promise<DesignationRow[]> {
    return this.em.execute<DesignationRow[]>(
      `select ${columns('limit 3')} from designation d
       where (?::boolean or d.staff_member_id = ?::uuid or d.system_code in (select value from json_array_elements_text(?::json)))
         and coalesce(d.system_code = ?, true) ${filter.open === undefined ? '' : filter.open ? `and ${open}` : `and not ${open}`}
       order by ${open} desc, case when ${open} then d.created_at end, d.created_at desc, d.id limit 500`,
      [desk, person ?? null, JSON.stringify(heads), filter.systemCode ?? null],
    );
  }

  /** As `DesignationService.waitingCount`. */
  async waitingCount({ person, desk }: DesignationLooker): Promise<number> {
    if (!desk) return 0;
    const [row] = await this.em.execute<{ count: number }[]>(
      `select count(*)::int as count from designation where status in ('proposed', 'asked') and ? not in (staff_member_id, proposed_by)`,
      [person],
    );
    return row!.count;
  }

  /** Rows as people read them; `steps` of one form. */
  async views(
    rows: DesignationRow[],
    looker: DesignationLooker,
    steps: DesignationView['steps'] = [],
  ): Promise<DesignationView[]> {
    const people = await this.staff.membersByIds([
      ...new Set(rows.flatMap(({ staffMemberId, proposedBy }) => [staffMemberId, proposedBy])),
    ]);
    const locations = rows.flatMap(({ systemCode, siteCodes }): Location[] => [
      { level: 'system', code: systemCode },
      ...siteCodes.map((code): Location => ({ level: 'site', code })),
    ]);
    const places = await this.sites.placeMany(locations);
    const nameOf = (id: string): string => {
      const person = people.get(id);
      return person ? `${person.firstName} ${person.lastName}` : '';
    };
    return rows.map((row) => ({
      id: row.id,
      version: row.version,
      status: row.status,
      person: {
        staffMemberId: row.staffMemberId,
        name: nameOf(row.staffMemberId),
        staffId: people.get(row.staffMemberId)?.staffId ?? '',
      },
      proposedBy: { staffMemberId: row.proposedBy, name: nameOf(row.proposedBy) },
      reach: row.reach,
      system: named(places, 'system', row.systemCode),
      sites: row.siteCodes.map((code) => named(places, 'site', code)),
      siteCount: row.siteCount,
      application:
        row.application === null
          ? undefined
          : { code: row.application, name: this.catalog.names(row.application).application },
      fromDay: row.fromDay,
      toDay: row.toDay ?? undefined,
      reason: row.reason,
      createdAt: new Date(row.createdAt),
      coordinatorId: row.coordinatorId ?? undefined,
      steps,
      may: verbsOf(row, looker),
    }));
  }

  /** The steps of a form, oldest first. */
  async steps(id: string): Promise<DesignationView['steps']> {
    const rows = await this.em.execute<{ step: DesignationStatus; name: string; at: string; note: string | null }[]>(
      `select s.step, m.first_name || ' ' || m.last_name as name, s.at, s.note from designation_step s
       join staff_member m on m.id = s.by_staff_member_id where s.designation_id = ? order by s.at, s.id`,
      [id],
    );
    return rows.map(({ step, name, at, note }) => ({ step, by: name, at: new Date(at), note: note ?? undefined }));
  }
}

const named = (places: Map<string, PlacedLocation>, level: Location['level'], code: string) => ({
  code,
  name: places.get(`${level}:${code}`)?.name ?? code,
});
