import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { CoordinatorsService, type NamedDecider, type Routing } from '#coordinators';
import { lineOf } from '#requests';
import type { PlacedLocation } from '#sites';
import type { FoundCoordinator } from './coverage-views.js';
import { offeredAt } from './offered-at.js';

/** Who decides at a place today, for applications with the same answer. */
export interface FoundAnswer {
  applications: { code: string; name: string }[];
  deciders: FoundCoordinator[];
  stateDesk: boolean;
  /** Why they, in plain sentences. */
  reasons: string[];
}

/** Who decides at places, asked of routing as a request would ask: by a person who is nobody's coordinator. */
@Injectable()
export class PlaceAnswers {
  constructor(
    private readonly em: EntityManager,
    private readonly catalog: CatalogService,
    private readonly coordinators: CoordinatorsService,
  ) {}

  /** For each place, in the order given, what can be asked for there and who decides it. */
  async of(places: PlacedLocation[]): Promise<FoundAnswer[][]> {
    const asked = places.flatMap((place) =>
      offeredAt(this.catalog, place.level).map((application) => ({ place, application })),
    );
    const lines = asked.map(({ place, application }) =>
      lineOf({ application: application.code, staffMemberId: '' }, place, this.catalog),
    );
    const routings = await this.coordinators.whoDecidesMany(lines);
    const since = await this.sinceDays(routings);
    const found = new Map<PlacedLocation, FoundAnswer[]>(places.map((place) => [place, []]));
    asked.forEach(({ place, application }, index) => {
      addTo(found.get(place)!, {
        applications: [{ code: application.code, name: application.name }],
        ...this.answerOf(routings[index]!, since),
      });
    });
    return places.map((place) => found.get(place)!);
  }

  private answerOf(
    { deciders, stateDesk, reasons }: Routing,
    since: Map<string, string>,
  ): Pick<FoundAnswer, 'deciders' | 'stateDesk' | 'reasons'> {
    return { deciders: deciders.map((one) => this.foundOf(one, since)), stateDesk, reasons };
  }

  private foundOf(one: NamedDecider, since: Map<string, string>): FoundCoordinator {
    const { staffMemberId, name, reach, application, coordinatorId, coversFor, until } = one;
    return {
      staffMemberId,
      name,
      reach,
      ...(application !== undefined && { application: this.catalog.names(application).application }),
      ...(coversFor === undefined ? { sinceDay: since.get(coordinatorId) } : { coversFor, untilDay: until }),
    };
  }

  /** The first day of each decider's assignment. */
  private async sinceDays(routings: Routing[]): Promise<Map<string, string>> {
    const ids = new Set(routings.flatMap(({ deciders }) => deciders.map(({ coordinatorId }) => coordinatorId)));
    const rows = await this.em.execute<{ id: string; day: string }[]>(
      `select id, from_day::text as day from coordinator where id in (select value::uuid from json_array_elements_text(?::json))`,
      [JSON.stringify([...ids])],
    );
    return new Map(rows.map(({ id, day }) => [id, day]));
  }
}

/** Applications that the same people decide, for the same reasons, are told together. */
function addTo(answers: FoundAnswer[], answer: FoundAnswer): void {
  const { applications, ...rest } = answer;
  const same = answers.find(({ applications: _, ...other }) => JSON.stringify(other) === JSON.stringify(rest));
  if (same) same.applications.push(...applications);
  else answers.push(answer);
}
