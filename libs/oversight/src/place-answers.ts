import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { CoordinatorsService, type NamedDecider, replay, type Routing } from '#coordinators';
import { lineOf } from '#requests';
import type { PlacedLocation } from '#sites';
import type { FoundCoordinator } from './coverage-views.js';
import { listed } from './listed.js';
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
    const found = new Map(places.map((place) => [place, new Map<string, Answered[]>()]));
    asked.forEach(({ place, application }, index) => {
      const answered = { application, routing: routings[index]! };
      const [answers, key] = [found.get(place)!, keyOf(answered, since)];
      answers.set(key, [...(answers.get(key) ?? []), answered]);
    });
    return places.map((place) => [...found.get(place)!.values()].map((same) => answerOf(same, since)));
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

/** What routing says of one application. */
interface Answered {
  application: { code: string; name: string };
  routing: Routing;
}

/** The reasons of a routing, told of these applications at once. */
function reasonsFor({ trace }: Routing, applications: string): string[] {
  const { line } = trace;
  const words = line.words && { ...line.words, application: applications };
  return replay({ ...trace, line: { ...line, words } }).reasons;
}

function foundOf(one: NamedDecider, since: Map<string, string>, applications: string): FoundCoordinator {
  const { staffMemberId, name, reach, application, coordinatorId, coversFor, until } = one;
  return {
    staffMemberId,
    name,
    reach,
    ...(application !== undefined && { application: applications }),
    ...(coversFor === undefined ? { sinceDay: since.get(coordinatorId) } : { coversFor, untilDay: until }),
  };
}

/** One answer for applications with the same people and reasons, by whatever assignments. */
function answerOf(same: Answered[], since: Map<string, string>): FoundAnswer {
  const { routing } = same[0]!;
  const names = listed(same.map(({ application }) => application.name));
  return {
    applications: same.map(({ application: { code, name } }) => ({ code, name })),
    deciders: routing.deciders.map((one) => foundOf(one, since, names)),
    stateDesk: routing.stateDesk,
    reasons: reasonsFor(routing, names),
  };
}

/** The same for applications that the same people decide for the same reasons, whatever their names. */
const keyOf = ({ routing }: Answered, since: Map<string, string>): string =>
  JSON.stringify([routing.stateDesk, routing.deciders.map((one) => foundOf(one, since, '')), reasonsFor(routing, '')]);
