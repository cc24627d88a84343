import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, localDay } from '#kernel';
import { SitesService } from '#sites';
import type { Reach } from './coordinator.js';
import { firstGap, type Period } from './gaps.js';
import { coordinatorsProblems } from './problems.js';
import { dayInWords } from './scope-words.js';
import { Takeovers } from './takeovers.js';

/** An assignment held for its end. */
export interface HeldAssignment {
  id: string;
  staffMemberId: string;
  reach: Reach;
  systemCode: string | null;
  application?: string;
  siteCodes: string[];
  fromDay: string;
  toDay?: string;
  ended: boolean;
}

/** Keeps a school system, and the state desk, from losing its last coordinator (CO-6). The routing of the system is held. */
@Injectable()
export class LastOne {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly sites: SitesService,
    private readonly takeovers: Takeovers,
  ) {}

  /** Whether an assignment is one of those a school system must not lose the last of; a closed one needs nobody. */
  async counts(one: HeldAssignment): Promise<boolean> {
    if (one.reach !== 'system' || one.application !== undefined) return false;
    return (await this.sites.place({ level: 'system', code: one.systemCode! })).open;
  }

  /**
   * Refuses an end that would leave a day without anybody on which this one would have been there.
   * @param day the first day no longer there
   * @throws coordinators.last-one (409)
   */
  async refuse(one: HeldAssignment, day: string): Promise<void> {
    const desk = one.reach === 'state' && one.application === undefined;
    if (!desk && (!(await this.counts(one)) || (await this.takeovers.isOpen(one.systemCode!)))) return;
    const lost = { from: day > one.fromDay ? day : one.fromDay, to: one.toDay };
    const gap = firstGap(lost, await this.others(one));
    if (gap === undefined) return;
    const when = gap === localDay(this.clock.now()) ? 'from now on' : `from ${dayInWords(gap)} on`;
    throw coordinatorsProblems.lastOne(
      desk
        ? `Nobody would be at the state desk ${when}. Name somebody else for the state desk first.`
        : `${await this.nameOf(one.systemCode!)} would have no coordinator for the whole school system ${when}. Have the head designate a successor first, or choose a later day; the state office can also end the duties and stand in until there is a successor.`,
    );
  }

  /** The days on which others of the same kind are there. */
  private async others(one: HeldAssignment): Promise<Period[]> {
    const rows = await this.em.execute<{ from: string; to: string | null }[]>(
      `select c.from_day::text as "from", c.to_day::text as "to" from coordinator c
       where c.reach = ? and c.system_code is not distinct from ? and c.application is null and c.ended_at is null and c.id <> ?`,
      [one.reach, one.systemCode, one.id],
    );
    return rows.map(({ from, to }) => ({ from, to: to ?? undefined }));
  }

  private async nameOf(systemCode: string): Promise<string> {
    return (await this.sites.place({ level: 'system', code: systemCode })).name;
  }
}
