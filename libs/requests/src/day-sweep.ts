import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CoordinatorsService, holdRouting, Vacancies } from '#coordinators';
import { Changes, systemActor } from '#kernel';
import { SitesService } from '#sites';

/** Follows what begins and ends by time: assignments, covers, statements, and what is dated about places. */
@Injectable()
export class DaySweep {
  constructor(
    private readonly em: EntityManager,
    private readonly changes: Changes,
    private readonly sites: SitesService,
    private readonly coordinators: CoordinatorsService,
    private readonly vacancies: Vacancies,
  ) {}

  /**
   * Announces what began or ended since the day that was followed last, up to today. One transaction: killed in the middle,
   * nothing is lost or said twice; of several workers one does it.
   * @param today 'YYYY-MM-DD'
   * @returns whether there was a new day to follow
   */
  async followDays(today: string): Promise<boolean> {
    return this.em.transactional(async () => {
      const [last] = await this.em.execute<{ day: string }[]>(
        `select day::text from followed_day where name = 'routing' and day < ?::date for update skip locked`,
        [today],
      );
      if (!last) return false;
      // Before looking: who was named for today a moment before midnight may not be written yet.
      await holdRouting(this.em, 'everywhere', 'change');
      const people = await this.coordinators.boundaries(last.day, today);
      const places = await this.sites.boundaries(last.day, today);
      const systems = [...new Set([...people.systems, ...places.systems])];
      await this.vacancies.expireDue(systemActor, today);
      await this.em.execute(`update followed_day set day = ? where name = 'routing'`, [today]);
      await this.changes.announce(systemActor, {
        cause: 'With the new day the time of a coordinator or of a cover began or ended, or a place changed.',
        systems,
        everywhere: people.everywhere,
        closedSites: places.closedSites,
      });
      return true;
    });
  }
}
