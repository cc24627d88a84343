import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Assignment, CoordinatorsService } from '#coordinators';
import type { SignedIn } from '#kernel';
import { type Location, locationKey, SitesService } from '#sites';
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
    const nameOf = (place: Location): string => places.get(locationKey(place))?.name ?? place.code;
    return held.map((assignment) => ({ id: assignment.id, assignment, words: this.words(assignment, nameOf) }));
  }

  /** One's own assignment, not a borrowed one; undefined when it is not one's own or not in force. */
  async own(actor: SignedIn, id: string): Promise<MyScope | undefined> {
    return (await this.of(actor)).find((scope) => scope.id === id && !scope.assignment.coverId);
  }

  private words(
    { reach, systemCode, siteCodes, application }: Assignment,
    nameOf: (place: Location) => string,
  ): string {
    const system = systemCode ? nameOf({ level: 'system', code: systemCode }) : '';
    const [first] = siteCodes;
    const places = {
      state: 'at the state office',
      system: `for ${system}`,
      group: `for ${siteCodes.size} sites of ${system}`,
      site: `for ${first ? nameOf({ level: 'site', code: first }) : 'one site'} in ${system}`,
    };
    const limit = application ? `, for ${this.catalog.names(application).application} only` : '';
    return places[reach] + limit;
  }
}

/** The places the words name: the system, and the one site. */
const placesOf = ({ reach, systemCode, siteCodes }: Assignment): Location[] => [
  ...(systemCode ? [{ level: 'system' as const, code: systemCode }] : []),
  ...(reach === 'site' ? [...siteCodes].map((code): Location => ({ level: 'site', code })) : []),
];
