import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Actor, type Change, Changes, Clock, localDay } from '#kernel';
import { answeringSystem, type Location, locationKey, type PlacedLocation, SitesService } from '#sites';
import { GrantNews } from './grant-news.js';
import { GrantsService } from './grants.service.js';
import { holdGrants } from './live-grants.js';

/** Something given at a place, with the system that answered for the place when it was given. */
type Placed = Location & { id: string; application: string; systemCode: string };

/** Access ends with the place: where it closed, and where another school system answers from now on and decides afresh. */
@Injectable()
export class PlaceFollower implements OnApplicationBootstrap {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly changes: Changes,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly grants: GrantsService,
    private readonly news: GrantNews,
  ) {}

  /** Not in `onModuleInit`: requests follow first, because requests are held before grants. */
  onApplicationBootstrap(): void {
    this.changes.follow((actor, change) => this.follow(actor, change));
  }

  private async follow(
    actor: Actor,
    { access, closedSites = [], movedSites = [], systems = [] }: Change,
  ): Promise<void> {
    if (access || !(closedSites.length || movedSites.length || systems.length)) return;
    const concerned = await this.givenAt([...closedSites, ...movedSites], systems);
    // All together, in one order: nobody who ends a person's grants at several of these places waits crosswise.
    await holdGrants(this.em, { grantIds: concerned.map(({ id }) => id) }, this.clock);
    const places = await this.sites.placeMany(concerned);
    for (const [key, place] of [...places].sort(([one], [other]) => (one < other ? -1 : 1)))
      await this.endAt(
        actor,
        place,
        concerned.filter((one) => locationKey(one) === key),
      );
  }

  private async endAt(actor: Actor, place: PlacedLocation, given: Placed[]): Promise<void> {
    const over = place.open ? given.filter((one) => one.systemCode !== this.answeringFor(place, one)) : given;
    if (!over.length) return;
    const cause = place.open ? `${place.name} belongs to another school system now.` : `${place.name} is closed.`;
    const ended = await this.grants.endFor(
      actor,
      { grantIds: over.map(({ id }) => id) },
      place.open ? 'site-moved' : 'site-closed',
      cause,
    );
    await this.news.placeEnded(place, cause, ended);
  }

  private answeringFor(place: PlacedLocation, { application }: Placed): string {
    const served = this.catalog.applications().find(({ code }) => code === application)?.servedSites ?? false;
    return answeringSystem(place, served)?.code ?? place.system.code;
  }

  /** What holds, or will, at some sites, and for the whole of those systems that are closed. */
  private async givenAt(sites: string[], systems: string[]): Promise<Placed[]> {
    const now = this.clock.now();
    return this.em.execute(
      `with place as (
         select 'site' as level, value as code from json_array_elements_text(?::json)
         union select 'system', y.code from school_system y join json_array_elements_text(?::json) on value = y.code where y.closed_on <= ?::date)
       select distinct v.grant_id as id, v.level, v.code, v.application, v.system_code as "systemCode"
       from place join grant_version v on v.code = place.code and v.level = place.level
       where v.superseded_at is null and coalesce(v.to_at > ?, true)`,
      [JSON.stringify(sites), JSON.stringify(systems), localDay(now), now],
    );
  }
}
