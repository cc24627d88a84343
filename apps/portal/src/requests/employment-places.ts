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

  /** Whether somebody employed at these sites works at the place, or within it. */
  async include(siteCodes: string[], place: PlacedLocation): Promise<boolean> {
    return (await this.around(siteCodes)).some((each) => locationKey(each) === locationKey(place));
  }

  private async around(siteCodes: string[]): Promise<PlacedLocation[]> {
    const sites = await this.sites.placeMany(siteCodes.map((code) => ({ level: 'site', code })));
    const codes = [...new Set([...sites.values()].map(({ system }) => system.code))];
    const systems = await this.sites.placeMany(codes.map((code) => ({ level: 'system', code })));
    return [...sites.values(), ...systems.values()].filter((place) => place.open);
  }
}
