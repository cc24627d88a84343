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
    return this.advise(await this.employedAt(actor), application, await this.sites.place(location));
  }

  /**
   * The same for each of several places, of all the applications that are asked for there; in their order. A place comes with
   * a school system when that is so for each of the applications.
   */
  async placesAdvice(actor: SignedIn, applications: string[], places: PlacedLocation[]): Promise<PlaceAdvice[]> {
    const employed = await this.employedAt(actor);
    const advice: PlaceAdvice[] = [];
    for (const place of places) {
      const each: PlaceAdvice[] = [];
      for (const application of applications) each.push(await this.advise(employed, application, place));
      advice.push(each.find(({ comesWith }) => !comesWith) ?? each[0] ?? {});
    }
    return advice;
  }

  private async advise(employed: PlacedLocation[], application: string, place: PlacedLocation): Promise<PlaceAdvice> {
    const { servedSites, levels } = this.catalog.application(application);
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
