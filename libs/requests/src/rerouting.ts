import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditService, type Deed } from '#audit';
import { CatalogService } from '#catalog';
import { CoordinatorsService, holdRouting, type NamedDecider, type Routing } from '#coordinators';
import { type Actor, batches, type Change, Changes, Clock, localDay } from '#kernel';
import { type Location, locationKey, type PlacedLocation, SitesService } from '#sites';
import { StaffService } from '#staff';
import {
  changeRoutes,
  type OpenScope,
  deciderKey,
  type OpenLine,
  type OpenRequest,
  openRequests,
} from './followed-requests.js';
import { distinctPlaces, Lookers } from './lookers.js';
import { fullName } from './request-rules.js';
import { type Moved, ReroutingNews } from './rerouting-news.js';

/** Where an open line would go on a day. */
export interface ForecastLine {
  lineId: string;
  requestId: string;
  reference: string;
  application: string;
  place: PlacedLocation;
  /** Name. */
  requester: string;
  deciders: NamedDecider[];
  stateDesk: boolean;
}

/** An open request with the way it goes: its lines share application and place, and so the way. */
interface Routed {
  request: OpenRequest;
  place: PlacedLocation;
  systemCode: string;
  routing: Routing;
}

/**
 * Open requests follow every change of who decides, in the transaction of the change: whoever leaves, is covered or comes,
 * and wherever a place goes, no line waits for somebody of a moment ago.
 */
@Injectable()
export class Rerouting implements OnModuleInit {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly changes: Changes,
    private readonly audit: AuditService,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly coordinators: CoordinatorsService,
    private readonly lookers: Lookers,
    private readonly news: ReroutingNews,
  ) {}

  onModuleInit(): void {
    this.changes.follow((actor, change) => this.follow(actor, change));
  }

  /**
   * Where open lines would go on a day, as everything is now within the transaction; changes nothing.
   * @param day 'YYYY-MM-DD'
   */
  async forecast(systems: string[] | 'everywhere', day: string): Promise<ForecastLine[]> {
    const routed = await this.route(await openRequests(this.em, { systems }, false), day);
    const people = await this.staff.membersByIds([...new Set(routed.map(({ request }) => request.staffMemberId))]);
    return routed.flatMap(({ request, place, routing }) =>
      request.lines.map(({ id }) => ({
        lineId: id,
        requestId: request.id,
        reference: request.reference,
        application: this.catalog.names(request.application).application,
        place,
        requester: fullName(people.get(request.staffMemberId)),
        deciders: routing.deciders,
        stateDesk: routing.stateDesk,
      })),
    );
  }

  /** Sends the open lines a change concerns where they belong now, and tells everybody concerned once. */
  private async follow(actor: Actor, change: Change): Promise<void> {
    const concerned = await this.concerned(change);
    if (!concerned.systems.length && !concerned.closedSites?.length) return;
    // A request being made in these systems is finished first, or is made by what holds after the change.
    await holdRouting(this.em, concerned.systems, 'change');
    const now = this.clock.now();
    const routed = await this.route(await openRequests(this.em, concerned, true), localDay(now));
    const moved = routed.flatMap((one) => movedOf(one));
    const cause = change.cause || 'Who decides here has changed.';
    await answeredBy(
      this.em,
      routed.filter((one) => one.systemCode !== one.request.systemCode),
    );
    await changeRoutes(
      this.em,
      moved.flatMap(({ lineIds, routing }) => lineIds.map((lineId) => ({ lineId, routing }))),
      now,
      cause,
    );
    await this.audit.recordMany(
      actor,
      moved.map((one) => deedOf(one, cause)),
    );
    const closed = new Set(change.closedSites ?? []);
    await this.news.moved(
      cause,
      moved,
      routed.filter(({ request }) => request.level === 'site' && closed.has(request.code)).map(closedOf),
    );
  }

  /** The systems a change is about, with those in which the people it names decide or stand in. */
  private async concerned({ systems = [], everywhere, ...change }: Change): Promise<OpenScope> {
    const { staffMemberIds, accountIds, closedSites } = change;
    const theirs =
      staffMemberIds?.length || accountIds?.length
        ? await this.coordinators.systemsOf({ staffMemberIds, accountIds })
        : { systems: [], everywhere: false };
    if (everywhere || theirs.everywhere) return { systems: 'everywhere' };
    return { systems: [...new Set([...systems, ...theirs.systems])].sort(), closedSites };
  }

  private async route(requests: OpenRequest[], day: string): Promise<Routed[]> {
    const places = await this.placesOf(requests, day);
    const known = requests.flatMap((request) => {
      const place = places.get(locationKey(request));
      return place ? [{ request, place, line: this.lookers.lineAt(request, place) }] : [];
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

/** The part of a request that goes another way now. */
function movedOf({ request, place, systemCode, routing }: Routed): Moved[] {
  const now = routing.deciders.map(deciderKey).sort().join();
  const same = (line: OpenLine): boolean =>
    line.stateDesk === routing.stateDesk && line.deciders.map(deciderKey).sort().join() === now;
  const lines = request.lines.filter((line) => systemCode !== request.systemCode || !same(line));
  if (!lines.length) return [];
  const before = new Set(lines.flatMap((line) => line.deciders.map((one) => one.staffMemberId)));
  return [
    {
      request,
      place,
      routing,
      lineIds: lines.map(({ id }) => id),
      before: [...before].sort(),
      stateDesk: lines.some((line) => line.stateDesk),
    },
  ];
}

const closedOf = ({ request, place, routing }: Routed): Omit<Moved, 'lineIds' | 'before' | 'stateDesk'> => ({
  request,
  place,
  routing,
});

const deedOf = ({ request, routing, before, stateDesk }: Moved, cause: string): Deed => ({
  action: 'request.reroute',
  target: `request:${request.id}`,
  before: { deciders: before, stateDesk },
  after: { deciders: routing.deciders.map((one) => one.staffMemberId), stateDesk: routing.stateDesk },
  reason: cause,
});

/** Keeps which system answers for the place of a request now. */
async function answeredBy(em: EntityManager, routed: Routed[]): Promise<void> {
  for (const some of batches(routed))
    await em.execute(
      `update permission_request r set system_code = now.code
       from json_to_recordset(?::json) as now (id uuid, code text) where r.id = now.id`,
      [JSON.stringify(some.map(({ request, systemCode }) => ({ id: request.id, code: systemCode })))],
    );
}
