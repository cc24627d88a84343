import { Injectable } from '@nestjs/common';
import { type Application, CatalogService, type Role } from '#catalog';
import { type FieldFault, Problem } from '#kernel';
import { type Location, locationKey, type PlacedLocation, SitesService } from '#sites';
import { placesOf, type RoleWish, type WishSoFar } from './wish.js';

/** What the next step of the request form needs: everything chosen so far, as things instead of codes, and why the last choice did not do. */
export type NextStep = { wish: WishSoFar; faults: FieldFault[] } & (
  | { step: 'application'; applications: Application[] }
  | { step: 'place'; application: Application }
  | { step: 'places'; application: Application; levels: Location['level'][]; places: PlacedLocation[] }
  | { step: 'role'; application: Application; place: PlacedLocation }
  | { step: 'permissions'; application: Application; place: PlacedLocation; role: Role }
  | { step: 'check'; application: Application; place: PlacedLocation; role: Role; places: PlacedLocation[] }
);

/** Finds the step a wish has come to. What does not fit is taken off the wish, told once, and asked for again. */
@Injectable()
export class NewRequest {
  constructor(
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
  ) {}

  async nextStep(read: WishSoFar): Promise<NextStep> {
    const requestable = this.catalog.applications().filter((each) => each.requestable);
    const also = (read.also ?? []).filter((each) => isOffered(requestable, each, read.application));
    const wish = { ...read, also };
    const application = requestable.find((each) => each.code === wish.application);
    if (!application) {
      // A second one is for the places chosen already, and one that was not chosen yet.
      const applications = requestable.filter(
        ({ code, levels }) =>
          also.every((each) => each.application !== code) &&
          placesOf(wish).every(({ level }) => levels.includes(level)),
      );
      const faults = told(
        'application',
        wish.application
          ? 'That application cannot be requested here. Choose one of these'
          : wish.asked === 'application' && 'Choose an application',
      );
      const rest = also.length ? wish : {};
      return { step: 'application', applications, faults, wish: { ...rest, application: undefined, permissions: [] } };
    }
    const levels = application.levels.filter((level) =>
      also.every((each) => requestable.find(({ code }) => code === each.application)!.levels.includes(level)),
    );
    const { place, fault } = await this.placeOf(wish, application);
    if (!place) return { step: 'place', application, faults: told('q', fault), wish: { ...wish, location: undefined } };
    const others = await this.openPlaces(wish.places ?? [], levels);
    const known = { ...wish, places: others.map(({ level, code }): Location => ({ level, code })) };
    if (wish.asked === 'places')
      return { step: 'places', application, levels, places: [place, ...others], faults: [], wish: known };
    return this.afterPlace(known, application, place, others);
  }

  private afterPlace(
    wish: WishSoFar,
    application: Application,
    place: PlacedLocation,
    others: PlacedLocation[],
  ): NextStep {
    const only = application.roles.length === 1 ? application.roles[0] : undefined;
    const role = application.roles.find((each) => each.code === wish.role) ?? (wish.role ? undefined : only);
    if (!role) {
      const faults = told(
        'role',
        wish.role
          ? `${application.name} has no such role. Choose one of these`
          : wish.asked === 'role' && 'Choose one role',
      );
      return { step: 'role', application, place, faults, wish: { ...wish, role: undefined, permissions: [] } };
    }
    const known = wish.permissions.filter((code) => role.permissions.some((each) => each.code === code));
    const complete = known.length > 0 && known.length === wish.permissions.length;
    const chosen = { ...wish, role: role.code, permissions: known };
    if (complete && wish.asked !== 'change')
      return { step: 'check', application, place, role, places: [place, ...others], faults: [], wish: chosen };
    const fault =
      known.length < wish.permissions.length
        ? `${role.name} has no such permission. Choose from these`
        : wish.asked === 'permissions' && 'Choose at least one permission';
    return { step: 'permissions', application, place, role, faults: told('permission', fault), wish: chosen };
  }

  private async placeOf(
    wish: WishSoFar,
    application: Application,
  ): Promise<{ place?: PlacedLocation; fault?: string | false }> {
    if (!wish.location)
      return { fault: wish.asked === 'place' && !wish.search && 'Type a name or a code to search for' };
    if (!application.levels.includes(wish.location.level)) {
      return {
        fault: `${application.name} is requested for ${application.levels[0] === 'system' ? 'a school system' : 'a single site'}. Choose one`,
      };
    }
    try {
      return { place: await this.sites.placeOpen(wish.location) };
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 422) return { fault: problem.detail };
      throw problem;
    }
  }

  /** The further places that are open and fit; our own pages offer no other. */
  private async openPlaces(locations: Location[], levels: Location['level'][]): Promise<PlacedLocation[]> {
    const places = await this.sites.placeMany(locations);
    return locations.flatMap((location) => {
      const place = places.get(locationKey(location));
      return place?.open && levels.includes(place.level) ? [place] : [];
    });
  }
}

/** Whether the catalogue knows a further role, which is not of the application being chosen. */
function isOffered(applications: Application[], also: RoleWish, chosen?: string): boolean {
  const role = applications
    .find(({ code }) => code === also.application && code !== chosen)
    ?.roles.find(({ code }) => code === also.role);
  return !!role && also.permissions.every((wanted) => role.permissions.some(({ code }) => code === wanted));
}

const told = (field: string, message?: string | false): FieldFault[] => (message ? [{ field, message }] : []);
