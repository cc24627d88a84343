import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#kernel';
import { SitesService } from '#sites';
import { assignmentInForce } from './assignments.js';
import { HeadsService, type SystemHead } from './heads.service.js';
import { holdRouting } from './hold-routing.js';
import { isGeneral, Takeovers } from './takeovers.js';

/** A school system the state office stands in for, as it has no coordinator for the whole of it. */
export interface Vacancy {
  id: string;
  systemCode: string;
  systemName: string;
  since: Date;
  reason: string;
  head?: SystemHead;
}

/** School systems that lost their last coordinator. */
@Injectable()
export class Vacancies {
  constructor(
    private readonly em: EntityManager,
    private readonly sites: SitesService,
    private readonly heads: HeadsService,
    private readonly takeovers: Takeovers,
  ) {}

  /** Open take-overs of systems that are open, longest first. */
  async open(): Promise<Vacancy[]> {
    return this.vacancies('');
  }

  /** The open take-over of one system. */
  async of(systemCode: string): Promise<Vacancy | undefined> {
    return (await this.vacancies('and t.system_code = ?', systemCode))[0];
  }

  /**
   * Follows the days that came: the state takes over where the time of the last coordinator ended (CO-6), and stands back
   * where a successor began. For the daily sweep; doing it twice changes nothing.
   * @param day 'YYYY-MM-DD', today
   * @returns how many take-overs were opened
   */
  async expireDue(actor: Actor, day: string): Promise<number> {
    return this.em.transactional(async () => {
      const open = await this.openSystems(await this.due(day));
      const over = await this.filled(day);
      if (!open.length && !over.length) return 0;
      await holdRouting(this.em, [...open, ...over], 'change');
      await this.takeovers.end(actor, over);
      return (await this.takeovers.open(actor, open, 'The time of its last coordinator ended.')).length;
    });
  }

  /** Systems that had a coordinator, have none on this day, and for which nobody stands in. */
  private async due(day: string): Promise<string[]> {
    const rows = await this.em.execute<{ system_code: string }[]>(
      `select c.system_code from coordinator c where ${isGeneral} and c.from_day <= ?
         and not exists (select 1 from state_takeover t where t.system_code = c.system_code and t.ended_at is null)
       group by c.system_code having not bool_or(${assignmentInForce('c', '?')}) order by c.system_code`,
      [day, day, day],
    );
    return rows.map((row) => row.system_code);
  }

  /** Systems the state stands in for although a coordinator is in office on this day. */
  private async filled(day: string): Promise<string[]> {
    const rows = await this.em.execute<{ system_code: string }[]>(
      `select t.system_code from state_takeover t where t.ended_at is null and exists (
         select 1 from coordinator c where c.system_code = t.system_code and ${isGeneral} and ${assignmentInForce('c', '?')})
       order by t.system_code`,
      [day, day],
    );
    return rows.map((row) => row.system_code);
  }

  private async openSystems(codes: string[]): Promise<string[]> {
    const places = await this.sites.placeMany(codes.map((code) => ({ level: 'system', code })));
    return codes.filter((code) => places.get(`system:${code}`)?.open);
  }

  private async vacancies(which: '' | 'and t.system_code = ?', ...values: string[]): Promise<Vacancy[]> {
    const rows = await this.em.execute<{ id: string; system_code: string; opened_at: string; reason: string }[]>(
      `select t.id, t.system_code, t.opened_at, t.reason from state_takeover t where t.ended_at is null ${which}
       order by t.opened_at, t.system_code`,
      values,
    );
    const codes = rows.map((row) => row.system_code);
    const places = await this.sites.placeMany(codes.map((code) => ({ level: 'system', code })));
    const heads = await this.heads.headsOf(codes);
    return rows
      .filter(({ system_code }) => places.get(`system:${system_code}`)?.open)
      .map((row) => ({
        id: row.id,
        systemCode: row.system_code,
        systemName: places.get(`system:${row.system_code}`)!.name,
        since: new Date(row.opened_at),
        reason: row.reason,
        head: heads.get(row.system_code),
      }));
  }
}
