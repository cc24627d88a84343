import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { type Actor, Clock, localDay } from '#kernel';
import { SitesService } from '#sites';
import type { StepDuty } from './duty.js';
import { approvalWords } from './duty-words.js';
import { coordinatorsProblems } from './problems.js';
import { isRowId } from './row-id.js';

/** A duty as its verbs see it. */
export interface DutyRow {
  id: string;
  staff_member_id: string;
  duty: StepDuty;
  system_code: string | null;
  application: string | null;
  begun: boolean;
  over: boolean;
}

const columns = `d.id, d.staff_member_id, d.duty, d.system_code, d.application, d.from_day <= ?::date as begun,
  (d.ended_at is not null or coalesce(d.to_day <= ?::date, false)) as over`;

/** A duty for a person in some days, before it is written. */
type NewDuty = Pick<DutyRow, 'duty'> & {
  staffMemberId: string;
  systemCode: string | null;
  application?: string;
  fromDay: string;
  toDay?: string;
};

/** Rows of duties, for the verbs that made sure who may. */
@Injectable()
export class DutyRecords {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
  ) {}

  /**
   * Ends all duties of somebody who leaves, in the caller's transaction; the caller holds the person and the routing, and announces.
   * @param by staff member
   * @returns what ended
   */
  async endAll(
    actor: Actor,
    staffMemberId: string,
    { reason, by }: { reason: string; by?: string },
  ): Promise<{ systemCode?: string; words: string }[]> {
    const rows = await this.em.execute<DutyRow[]>(
      `select ${columns} from duty_holder d where d.staff_member_id = ? and d.ended_at is null and coalesce(d.to_day > ?::date, true)
       order by d.id for update of d`,
      [this.today(), this.today(), staffMemberId, this.today()],
    );
    await this.finish(actor, rows, reason, by);
    const ended: { systemCode?: string; words: string }[] = [];
    for (const row of rows)
      ended.push({ ...(row.system_code !== null && { systemCode: row.system_code }), words: await this.words(row) });
    return ended;
  }

  /** A duty in words that follow "is": "Special Education Supervisor of Acadia Parish for SER". */
  async words({
    duty,
    system_code,
    application,
  }: Pick<DutyRow, 'duty' | 'system_code' | 'application'>): Promise<string> {
    const limit = application === null ? '' : this.catalog.names(application).application;
    if (system_code === null) return `${approvalWords[duty].one} of ${limit}`;
    const system = (await this.sites.placeMany([{ level: 'system', code: system_code }])).get(`system:${system_code}`);
    return `${approvalWords[duty].one} of ${system?.name ?? system_code}${limit && ` for ${limit}`}`;
  }

  /** @throws coordinators.already (409) */
  async refuseTwice(one: NewDuty): Promise<void> {
    const rows = await this.em.execute<unknown[]>(
      `select d.id from duty_holder d where d.staff_member_id = ? and d.duty = ? and d.system_code is not distinct from ?
         and d.application is not distinct from ? and d.ended_at is null and coalesce(d.to_day > ?::date, true)
         and coalesce(d.from_day < ?::date, true)`,
      [one.staffMemberId, one.duty, one.systemCode, one.application ?? null, one.fromDay, one.toDay ?? null],
    );
    if (rows.length)
      throw coordinatorsProblems.already('This person holds this duty in these days already. Nothing was changed.');
  }

  /** @param hold until the transaction ends */
  async row(id: string, hold = false): Promise<DutyRow | undefined> {
    if (!isRowId(id)) return undefined;
    const [row] = await this.em.execute<DutyRow[]>(
      `select ${columns} from duty_holder d where d.id = ? ${hold ? 'for update of d' : ''}`,
      [this.today(), this.today(), id],
    );
    return row;
  }

  /** Ends duties at once. @param by staff member */
  async finish(actor: Actor, rows: DutyRow[], reason: string, by: string | undefined): Promise<void> {
    await this.em.execute(
      `update duty_holder set ended_at = ?, ended_reason = ?, ended_by = ? where id in (select value::uuid from json_array_elements_text(?::json))`,
      [this.clock.now(), reason, by ?? null, JSON.stringify(rows.map(({ id }) => id))],
    );
    await this.audit.recordMany(
      actor,
      rows.map(({ id }) => ({ action: 'duty.end', target: `duty:${id}`, after: { ended: true }, reason })),
    );
  }

  private today(): string {
    return localDay(this.clock.now());
  }
}
