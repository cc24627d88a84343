import { Injectable } from '@nestjs/common';
import { CoordinatorsService, type Routing } from '#coordinators';
import { batches } from '#kernel';
import { type Location, locationKey, type PlacedLocation, SitesService } from '#sites';
import type { OpenRequest } from './followed-requests.js';
import { Lookers } from './lookers.js';
import { distinctPlaces } from './together.js';

/** What is open of a request in one application at one place, with the way it goes. */
export interface RoutedRequest {
  request: OpenRequest;
  place: PlacedLocation;
  systemCode: string;
  routing: Routing;
}

/** Finds the way of many open requests at once: one look at the places, one at who is in office. */
@Injectable()
export class OpenRouting {
  constructor(
    private readonly sites: SitesService,
    private readonly coordinators: CoordinatorsService,
    private readonly lookers: Lookers,
  ) {}

  /**
   * The way of each on a day; requests at places no register knows are left out.
   * @param day 'YYYY-MM-DD'
   */
  async route(requests: OpenRequest[], day: string): Promise<RoutedRequest[]> {
    const places = await this.placesOf(requests, day);
    const known = requests.flatMap((request) => {
      const place = places.get(locationKey(request));
      const passed = Math.max(...request.lines.map((line) => line.passed));
      const line = place && { ...this.lookers.lineAt(request, place), ...(passed > 0 && { passed }) };
      return line ? [{ request, place, line }] : [];
    });
    const routings = await this.coordinators.whoDecidesMany(
      known.map(({ line }) => line),
      day,
    );
    return known.map(({ request, place, line }, at) => ({
      request,
      place,
      systemCode: line.systemCode ?? place.system.code,
      routing: routings[at]!,
    }));
  }

  private async placesOf(requests: Location[], day: string): Promise<Map<string, PlacedLocation>> {
    const places = new Map<string, PlacedLocation>();
    for (const some of batches(distinctPlaces(requests)))
      for (const [key, place] of await this.sites.placeMany(some, noonOf(day))) places.set(key, place);
    return places;
  }
}

/** A moment that lies within the day in Louisiana, summer and winter. */
const noonOf = (day: string): Date => new Date(`${day}T18:00:00Z`);
