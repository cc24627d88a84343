import { Injectable } from '@nestjs/common';
import type { Location, PlacedLocation } from '#sites';
import type { FoundCoordinator } from './coverage-views.js';

/** Who decides at a place today, for applications with the same answer. */
export interface FoundAnswer {
  applications: { code: string; name: string }[];
  /** The system whose coordinators answer for the place, when it is another than the one it belongs to. */
  answering?: { code: string; name: string };
  deciders: FoundCoordinator[];
  stateDesk: boolean;
  /** Why they, in plain sentences. */
  reasons: string[];
}

/** "Find my coordinator": for everybody, so it tells names and since when, nothing else of a person. */
@Injectable()
export class FindCoordinator {
  /**
   * Who decides at a place today, for each application people can ask for there.
   * @throws sites.unknown-code (422)
   */
  async at(location: Location): Promise<{ place: PlacedLocation; answers: FoundAnswer[] }> {
    throw new Error(location.code);
  }
}
