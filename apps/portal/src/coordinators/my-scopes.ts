import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Assignment, CoordinatorsService, scopeInWords, servedCount } from '#coordinators';
import type { SignedIn } from '#kernel';
import { type Location, locationKey, type PlacedLocation, SitesService } from '#sites';
import { StaffService } from '#staff';

/** An assignment in people's words. */
export interface MyScope {
  /** The assignment's id. */
  id: string;
  assignment: Assignment;
  /** What follows "coordinator": "for Acadia Parish, for SER only". */
  words: string;
}

/** What a person decides for, in words. */
@Injectable()
export class MyScopes {
  constructor(
    private readonly coordinators: CoordinatorsService,
    private readonly staff: StaffService,
    private readonly sites: SitesService,
    private readonly catalog: CatalogService,
  ) {}

  /** Own assignments in force, and those borrowed by standing in for somebody. */
  async of(actor: SignedIn): Promise<MyScope[]> {
    const member = await this.staff.memberOf(actor.accountId);
    const held = member ? await this.coordinators.scopesOf(member.id) : [];
    const places = await this.sites.placeMany(held.flatMap(placesOf));
    return held.map((assignment) => ({ id: assignment.id, assignment, words: this.words(assignment, places) }));
  }

  /** One's own assignment, not a borrowed one; undefined when it is not one's own or not in force. */
  async own(actor: SignedIn, id: string): Promise<MyScope | undefined> {
    return (await this.of(actor)).find((scope) => scope.id === id && !scope.assignment.coverId);
  }

  private words(
    { reach, systemCode, siteCodes, application }: Assignment,
    places: Map<string, PlacedLocation>,
  ): string {
    const placed = (place: Location): PlacedLocation[] => {
      const found = places.get(locationKey(place));
      return found ? [found] : [];
    };
    const sites = [...siteCodes].flatMap((code) => placed({ level: 'site', code }));
    return scopeInWords({
      reach,
      system: systemCode && (placed({ level: 'system', code: systemCode })[0]?.name ?? systemCode),
      sites: sites.map(({ name }) => name),
      siteCount: siteCodes.size,
      served: servedCount(systemCode, sites),
      application: application && this.catalog.names(application).application,
    });
  }
}

/** The places the words name or count: the system, and the sites. */
const placesOf = ({ systemCode, siteCodes }: Assignment): Location[] => [
  ...(systemCode ? [{ level: 'system' as const, code: systemCode }] : []),
  ...[...siteCodes].map((code): Location => ({ level: 'site', code })),
];
