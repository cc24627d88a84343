import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CoordinatorsService, holdRouting, type Routing } from '#coordinators';
import { Clock, localDay, newId, type SignedIn } from '#kernel';
import type { PlacedLocation } from '#sites';
import { holdPlaces } from './holds.js';
import { Lookers } from './lookers.js';
import { refuseOpen } from './open-requests.js';
import type { ReadForm } from './request-form.js';
import { RequestNews } from './request-news.js';
import { insertRequest, nextReference } from './request-rows.js';
import { RequestRules, type Wish } from './request-rules.js';

/** The way a wish goes: its permissions share application and place, and so the way. */
export interface RoutedWish {
  wish: Wish;
  place: PlacedLocation;
  /** The system that answers for the place; the owning one while none is on record. */
  systemCode: string;
  routing: Routing;
}

type PlacedWish = Pick<RoutedWish, 'wish' | 'place'>;

/** Takes wishes in, inside the transaction of a verb that holds the requester. */
@Injectable()
export class RequestIntake {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly coordinators: CoordinatorsService,
    private readonly rules: RequestRules,
    private readonly lookers: Lookers,
    private readonly news: RequestNews,
  ) {}

  /**
   * Who would decide each wish.
   * @throws as `RequestRules.placeOf`
   */
  async routed(staffMemberId: string, wishes: Wish[]): Promise<RoutedWish[]> {
    return this.route(staffMemberId, await this.placed(wishes));
  }

  /**
   * The same, held: until the transaction ends nobody comes or goes among those who decide there, and the places stay what
   * they are. So no line is born with the deciders of a moment ago.
   * @throws as `RequestRules.placeOf`
   */
  async held(staffMemberId: string, wishes: Wish[]): Promise<RoutedWish[]> {
    let held = '';
    for (;;) {
      const placed = await this.placed(wishes);
      // The owners too: while no system is on record as serving a site, one may come.
      const systems = placed.flatMap((one) => [this.lineOf(staffMemberId, one).systemCode, one.place.system.code]);
      if (held === systems.join()) return this.route(staffMemberId, placed);
      await holdRouting(this.em, systems, 'read');
      await holdPlaces(
        this.em,
        wishes.map(({ location }) => location),
      );
      held = systems.join();
    }
  }

  /**
   * Makes the request: rows, audit entry, messages.
   * @param replacesId the request it is made from
   * @throws requests.already-open, requests.too-many-open, grants.already-held, grants.other-role (409)
   */
  async take(
    actor: SignedIn,
    staffMemberId: string,
    { wishes, why, mayNarrow, formKey, formHash }: ReadForm,
    routed: RoutedWish[],
    replacesId?: string,
  ): Promise<{ id: string; reference: string }> {
    for (const wish of wishes) await this.rules.refuseHeld(staffMemberId, wish);
    await refuseOpen(this.em, staffMemberId, wishes, (wish, code) => this.rules.permissionName(wish, code));
    const now = this.clock.now();
    const request = {
      id: newId(),
      reference: await nextReference(this.em, localDay(now).slice(0, 4)),
      accountId: actor.accountId,
      staffMemberId,
      why: why ?? null,
      submittedAt: now,
      formKey,
      formHash,
      replacesId: replacesId ?? null,
      mayNarrow: mayNarrow ?? false,
    };
    const lines = routed.flatMap(({ wish: { application, role, permissions, location }, systemCode, routing }) =>
      permissions.map((permission) => ({ application, role, permission, ...location, systemCode, routing })),
    );
    await insertRequest(this.em, request, lines);
    const { id, reference } = request;
    await this.audit.record(actor, {
      action: 'request.submit',
      target: `request:${id}`,
      after: {
        reference,
        staffMemberId,
        replacesId,
        wishes: routed.map(({ wish, routing }) => ({
          ...wish,
          deciders: routing.deciders.map((one) => one.staffMemberId),
        })),
      },
    });
    await this.news.submitted(request, lines);
    return { id, reference };
  }

  private async placed(wishes: Wish[]): Promise<PlacedWish[]> {
    const placed: PlacedWish[] = [];
    for (const wish of wishes) placed.push({ wish, place: await this.rules.placeOf(wish) });
    return placed;
  }

  private async route(staffMemberId: string, placed: PlacedWish[]): Promise<RoutedWish[]> {
    const lines = placed.map((one) => this.lineOf(staffMemberId, one));
    // One line needs fewer rows than the snapshot for many.
    const routings =
      lines.length === 1
        ? [await this.coordinators.whoDecides(lines[0]!)]
        : await this.coordinators.whoDecidesMany(lines);
    return placed.map((one, at) => ({
      ...one,
      systemCode: lines[at]!.systemCode ?? one.place.system.code,
      routing: routings[at]!,
    }));
  }

  private lineOf(staffMemberId: string, { wish: { application }, place }: PlacedWish) {
    return this.lookers.lineAt({ application, staffMemberId }, place);
  }
}
