import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import type { SignedIn } from '#kernel';
import { answeringSystem, type Location, locationKey, type PlacedLocation, SitesService } from '#sites';
import { StaffService } from '#staff';
import type { PlaceAdvice } from './request-views.js';

/** Guards against the wrong place, before anything is asked for: knows where the person works. */
@Injectable()
export class PlaceAdvisor {
  constructor(
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
  ) {}

  /**
   * What to say to a person who chose a place; nothing when it is where the person works.
   * @throws sites.unknown-code, catalog.unknown-application (422)
   */
  async placeAdvice(
    actor: SignedIn,
    { application, location }: { application: string; location: Location },
  ): Promise<PlaceAdvice> {
    const { servedSites, levels } = this.catalog.application(application);
    const place = await this.sites.place(location);
    const employed = await this.employedAt(actor);
    if (!employed.length || employed.some((one) => isWithin(one, place))) return {};
    const answering = answeringSystem(place, servedSites);
    const worksThere = employed.some((one) => one.sector === 'public' && one.system.code === answering?.code);
    return {
      employedAt: employed.map(({ name }) => name),
      ...(servedSites &&
        levels.includes('system') &&
        place.sector !== 'public' &&
        worksThere && { comesWith: await this.sites.place({ level: 'system', code: answering!.code }) }),
    };
  }

  private async employedAt({ accountId }: SignedIn): Promise<PlacedLocation[]> {
    const person = await this.staff.memberOf(accountId);
    const employments = person ? await this.staff.employmentsOf(person.id) : [];
    const places = await this.sites.placeMany(employments.map(({ siteCode }) => ({ level: 'site', code: siteCode })));
    return [...places.values()];
  }
}

/** Whether somebody employed at a site works at the place: the site itself, or the system it belongs to. */
const isWithin = (site: PlacedLocation, place: PlacedLocation): boolean =>
  locationKey(site) === locationKey(place) || (place.level === 'system' && site.system.code === place.code);
