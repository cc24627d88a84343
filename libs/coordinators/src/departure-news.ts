import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, localDay } from '#kernel';
import { SitesService } from '#sites';
import { Appointer } from './appointer.js';
import { assignmentInForce } from './assignments.js';
import { CoordinatorNews } from './coordinator-news.js';
import { HeadsService } from './heads.service.js';
import type { HeldAssignment } from './last-one.js';
import { dayInWords } from './scope-words.js';
import { isGeneral } from './takeovers.js';

/** Tells people that a coordinator leaves, in the caller's transaction and after it was written. */
@Injectable()
export class DepartureNews {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly sites: SitesService,
    private readonly appointer: Appointer,
    private readonly heads: HeadsService,
    private readonly news: CoordinatorNews,
  ) {}

  /**
   * The person, when somebody else did it; and the head of the system.
   * @param day first day no longer a coordinator
   * @param by the staff member who did it
   */
  async tell(one: HeldAssignment, day: string, reason: string, by?: string): Promise<void> {
    const facts = { scope: await this.appointer.scopeWords(one), day: dayInWords(day), reason };
    if (by !== one.staffMemberId) await this.news.tell([one.staffMemberId], 'coordinators.ended', facts);
    const head = one.systemCode === null ? undefined : await this.heads.headOf(one.systemCode);
    if (!head || head.staffMemberId === one.staffMemberId) return;
    const name = await this.appointer.nameOf(one.staffMemberId);
    await this.news.tell([head.staffMemberId], 'coordinators.left', { ...facts, name, systemCode: head.systemCode });
  }

  /**
   * Where one coordinator of the whole system remains, that one and the state desk. For a leaver who was one of them until
   * then.
   * @param day first day without the leaver
   */
  async tellOnlyOne(systemCode: string, leaver: string, day: string): Promise<void> {
    const left = await this.em.execute<{ staff_member_id: string }[]>(
      `select distinct c.staff_member_id from coordinator c where c.system_code = ? and ${isGeneral} and ${assignmentInForce('c', '?')} limit 2`,
      [systemCode, day, day],
    );
    const [only, ...others] = left.map((row) => row.staff_member_id);
    if (only === undefined || others.length || only === leaver) return;
    const facts = {
      system: (await this.sites.place({ level: 'system', code: systemCode })).name,
      systemCode,
      name: await this.appointer.nameOf(leaver),
      only: await this.appointer.nameOf(only),
      ...(day > localDay(this.clock.now()) && { day: dayInWords(day) }),
    };
    await this.news.tell([only], 'coordinators.only-one', facts);
    await this.news.tellDesk('coordinators.only-one-left', facts);
  }
}
