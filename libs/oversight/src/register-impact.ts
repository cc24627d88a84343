import { Injectable } from '@nestjs/common';
import type { SignedIn } from '#kernel';
import type { Location } from '#sites';

/** What hangs on a place today. */
export interface PlaceImpact {
  /** People employed there; for a system: at its sites. */
  people: number;
  /** Permissions that can be used there now. */
  grants: number;
  /** Open lines that ask for it. */
  openLines: number;
  /** Coordinators whose own scope names it: of a site, its site and group coordinators; of a system, all of its own. */
  coordinators: number;
}

/** What a change of places would touch. For the state desk: oversight.not-yours (403) for anybody else. */
@Injectable()
export class RegisterImpact {
  /** @returns by `locationKey`; every location asked for is there */
  async of(actor: SignedIn, locations: Location[]): Promise<Map<string, PlaceImpact>> {
    throw new Error(`${actor.accountId} ${locations.length}`);
  }
}
