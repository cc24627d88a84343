import { Injectable } from '@nestjs/common';
import { type Location, type PlacedLocation, SitesService } from '#sites';
import { type FoundAnswer, PlaceAnswers } from './place-answers.js';

/** "Find my coordinator": for everybody, so it tells names and since when, nothing else of a person. */
@Injectable()
export class FindCoordinator {
  constructor(
    private readonly sites: SitesService,
    private readonly answers: PlaceAnswers,
  ) {}

  /**
   * Who decides at a place today, for each application people can ask for there.
   * @throws sites.unknown-code (422)
   */
  async at(location: Location): Promise<{ place: PlacedLocation; answers: FoundAnswer[] }> {
    const place = await this.sites.place(location);
    const [answers] = await this.answers.of([place]);
    return { place, answers: answers! };
  }
}
