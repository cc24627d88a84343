import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { CoordinatorsService, holdRouting, type NamedDecider } from '#coordinators';
import { type Actor, type Change, Changes, Clock, localDay } from '#kernel';
import type { PlacedLocation } from '#sites';
import { StaffService } from '#staff';
import { changeRoutes, openRequests, type OpenScope } from './followed-requests.js';
import { deedOf, keepAnswering, movedOf } from './moved-requests.js';
import { OpenRouting } from './open-routing.js';
import { fullName } from './request-rules.js';
import { ReroutingNews } from './rerouting-news.js';

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
    private readonly staff: StaffService,
    private readonly coordinators: CoordinatorsService,
    private readonly routing: OpenRouting,
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
    const routed = await this.routing.route(await openRequests(this.em, { systems }, false), day);
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
    if (change.access) return;
    const concerned = await this.concerned(change);
    if (!concerned.systems.length && !concerned.closedSites?.length) return;
    // A request being made in these systems is finished first, or is made by what holds after the change.
    await holdRouting(this.em, concerned.systems, 'change');
    const now = this.clock.now();
    const routed = await this.routing.route(await openRequests(this.em, concerned, true), localDay(now));
    const moved = routed.flatMap((one) => movedOf(one));
    const cause = change.cause || 'Who decides here has changed.';
    await keepAnswering(this.em, routed);
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
      routed.filter(({ request }) => request.level === 'site' && closed.has(request.code)),
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
}
