import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#kernel';
import { SitesService } from '#sites';
import { assignmentInForce } from './assignments.js';
import { holdRouting } from './hold-routing.js';
import { isGeneral, Takeovers } from './takeovers.js';

/** School systems that lost their last coordinator. */
@Injectable()
export class Vacancies {
  constructor(
    private readonly em: EntityManager,
    private readonly sites: SitesService,
    private readonly takeovers: Takeovers,
  ) {}

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
      return (await this.takeovers.open(actor, open, 'The time of the last coordinator ended.')).length;
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
}
