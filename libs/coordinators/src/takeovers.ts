import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, localDay } from '#kernel';
import { SitesService } from '#sites';
import { assignmentInForce } from './assignments.js';
import { CoordinatorNews } from './coordinator-news.js';

/** A coordinator of a whole school system for every application, as SQL on `coordinator c`: whom CO-6 counts. */
export const isGeneral = `c.reach = 'system' and c.application is null`;

/** Opens and ends take-overs by the state, inside the transactions of those who ask. The routing of the systems is held. */
@Injectable()
export class Takeovers {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly sites: SitesService,
    private readonly news: CoordinatorNews,
  ) {}

  /**
   * Opens a take-over in each of these systems where no coordinator of the whole system is in office, and tells the state
   * desk and the heads at once.
   * @param by the staff member of the state desk; absent when it opens by itself
   * @returns codes of the systems in which one was opened
   */
  async open(actor: Actor, systemCodes: string[], reason: string, by?: string): Promise<string[]> {
    const opened = await this.em.execute<{ system_code: string }[]>(
      `insert into state_takeover (id, system_code, opened_at, opened_by, reason)
       select gen_random_uuid(), w.code, ?, ?, ? from json_array_elements_text(?::json) as w (code)
       where not exists (select 1 from coordinator c where c.system_code = w.code and ${isGeneral} and ${assignmentInForce('c', '?')})
       on conflict do nothing returning system_code`,
      [this.clock.now(), by ?? null, reason, JSON.stringify(systemCodes), this.today(), this.today()],
    );
    const codes = opened.map(({ system_code }) => system_code).sort();
    const deeds = codes.map((code) => ({ action: 'takeover.open', target: `system:${code}`, reason }));
    await this.audit.recordMany(actor, deeds);
    if (codes.length) await this.tell(codes, reason);
    return codes;
  }

  /** Ends the take-overs of these systems that have a coordinator of the whole system in office again. */
  async end(actor: Actor, systemCodes: string[]): Promise<void> {
    const ended = await this.em.execute<{ system_code: string }[]>(
      `update state_takeover t set ended_at = ? where t.ended_at is null
         and t.system_code in (select value from json_array_elements_text(?::json))
         and exists (select 1 from coordinator c where c.system_code = t.system_code and ${isGeneral} and ${assignmentInForce('c', '?')})
       returning t.system_code`,
      [this.clock.now(), JSON.stringify(systemCodes), this.today(), this.today()],
    );
    const deeds = ended.map(({ system_code }) => ({ action: 'takeover.end', target: `system:${system_code}` }));
    await this.audit.recordMany(actor, deeds);
  }

  /** Whether the state stands in for a system now. */
  async isOpen(systemCode: string): Promise<boolean> {
    const rows = await this.em.execute<unknown[]>(
      `select id from state_takeover where system_code = ? and ended_at is null`,
      [systemCode],
    );
    return rows.length > 0;
  }

  /** The heads hear of their own system each, the state desk of all of them in one mail. */
  private async tell(systemCodes: string[], reason: string): Promise<void> {
    const places = await this.sites.placeMany(systemCodes.map((code) => ({ level: 'system', code })));
    const nameOf = (code: string): string => places.get(`system:${code}`)?.name ?? code;
    const heads = await this.em.execute<{ system_code: string; staff_member_id: string }[]>(
      `select system_code, staff_member_id from system_head where ended_at is null
         and system_code in (select value from json_array_elements_text(?::json)) order by system_code`,
      [JSON.stringify(systemCodes)],
    );
    for (const { system_code: systemCode, staff_member_id } of heads)
      await this.news.tell([staff_member_id], 'coordinators.vacancy', {
        system: nameOf(systemCode),
        systemCode,
        reason,
      });
    const first = systemCodes.slice(0, 10).map(nameOf).join(', ');
    const more = systemCodes.length > 10 ? ` and ${systemCodes.length - 10} more` : '';
    await this.news.tellDesk('coordinators.vacancies', {
      systems: `${first}${more}`,
      count: String(systemCodes.length),
      reason,
    });
  }

  private today(): string {
    return localDay(this.clock.now());
  }
}
