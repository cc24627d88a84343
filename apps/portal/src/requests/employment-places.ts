import { Injectable } from '@nestjs/common';
import { locationKey, type PlacedLocation, SitesService } from '#sites';
import { StaffService } from '#staff';

/** Where people work, as places one can ask for. */
@Injectable()
export class EmploymentPlaces {
  constructor(
    private readonly staff: StaffService,
    private readonly sites: SitesService,
  ) {}

  /** Open sites the person is employed at today, then the systems of those sites: where most requests are for. */
  async of(staffMemberId: string): Promise<PlacedLocation[]> {
    const employments = await this.staff.employmentsOf(staffMemberId);
    return this.around(employments.map(({ siteCode }) => siteCode));
  }

  /** Those of some places at which, or within which, somebody employed at these sites does not work. */
  async strangeTo(siteCodes: string[], places: PlacedLocation[]): Promise<PlacedLocation[]> {
    const known = new Set((await this.around(siteCodes)).map(locationKey));
    const asked = new Map(places.map((place) => [locationKey(place), place]));
    return [...asked].flatMap(([key, place]) => (known.has(key) ? [] : [place]));
  }

  private async around(siteCodes: string[]): Promise<PlacedLocation[]> {
    const sites = await this.sites.placeMany(siteCodes.map((code) => ({ level: 'site', code })));
    const codes = [...new Set([...sites.values()].map(({ system }) => system.code))];
    const systems = await this.sites.placeMany(codes.map((code) => ({ level: 'system', code })));
    return [...sites.values(), ...systems.values()].filter((place) => place.open);
  }
}
