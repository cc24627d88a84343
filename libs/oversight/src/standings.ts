import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { CoordinatorsService, type Reach, type Routing } from '#coordinators';
import { batches } from '#kernel';
import { lineOf } from '#requests';
import { type Location, locationKey, type PlacedLocation, SitesService } from '#sites';
import { offeredAt } from './offered-at.js';

/** How near the people are who decide at a place for an application. */
export interface Standing {
  location: Location;
  /** Name of the place. */
  name: string;
  /** Name of the application. */
  application: string;
  /** The system whose coordinators answer for it; absent: none on record. */
  systemCode?: string;
  /** Somebody of its own (for a system: of the whole system), of its system only, or nobody but the state. */
  nearest: 'own' | 'system' | 'state';
}

/** How places stand, by location and application. */
export type Standings = Map<string, Standing>;

/** Finds who is near at many places at once, so that before and after a change can be compared. */
@Injectable()
export class StandingsOf {
  constructor(
    private readonly em: EntityManager,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly coordinators: CoordinatorsService,
  ) {}

  /** Places that hang on the coordinators of a system on a day: the system, and what it owns or serves. */
  async placesOf(system: string, day: string): Promise<Location[]> {
    return this.em.execute<Location[]>(
      `with at as (select ?::date as day, ?::text as system)
       select 'system' as level, system as code from at
       union select 'site', p.site_code from site_parent p, at
         where p.system_code = system and p.from_day <= day and coalesce(p.to_day > day, true)
       union select 'site', v.site_code from site_serving v, at
         where v.system_code = system and v.from_day <= day and coalesce(v.to_day > day, true)
       order by level desc, code`,
      [day, system],
    );
  }

  /** How those of the places stand that are open on a day. */
  async of(locations: Location[], day: string): Promise<Standings> {
    const places = await this.openPlaces(locations, day);
    const asked = places.flatMap((place) =>
      offeredAt(this.catalog, place.level).map(({ code }) => ({
        place,
        line: lineOf({ application: code, staffMemberId: '' }, place, this.catalog),
      })),
    );
    const found: Standings = new Map();
    for (const some of batches(asked)) {
      const routings = await this.coordinators.whoDecidesMany(
        some.map(({ line }) => line),
        day,
      );
      some.forEach(({ place, line: { application, location, systemCode } }, index) => {
        found.set(`${locationKey(location)} ${application}`, {
          location,
          name: place.name,
          application: this.catalog.names(application).application,
          systemCode,
          nearest: nearestOf(place, routings[index]!),
        });
      });
    }
    return found;
  }

  private async openPlaces(locations: Location[], day: string): Promise<PlacedLocation[]> {
    const open: PlacedLocation[] = [];
    for (const some of batches(locations)) {
      const placed = await this.sites.placeMany(some, noonOf(day));
      for (const location of some) {
        const place = placed.get(locationKey(location));
        if (place?.open) open.push(place);
      }
    }
    return open;
  }
}

/** A moment that lies within the day in Louisiana, summer and winter. */
const noonOf = (day: string): Date => new Date(`${day}T18:00:00Z`);

function nearestOf({ level }: PlacedLocation, { deciders, stateDesk }: Routing): Standing['nearest'] {
  const reach: Reach = stateDesk ? 'state' : (deciders[0]?.reach ?? 'state');
  if (reach === 'state') return 'state';
  return reach === 'system' && level === 'site' ? 'system' : 'own';
}
