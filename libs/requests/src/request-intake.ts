import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CoordinatorsService, holdRouting, type Routing } from '#coordinators';
import { Clock, localDay, newId, type SignedIn } from '#kernel';
import type { PlacedLocation } from '#sites';
import { holdPlace } from './holds.js';
import { Lookers } from './lookers.js';
import { refuseOpen } from './open-requests.js';
import type { ReadForm } from './request-form.js';
import { RequestNews } from './request-news.js';
import { insertRequest, nextReference } from './request-rows.js';
import { RequestRules, type Wish } from './request-rules.js';

/** The way a wish goes. */
export interface RoutedWish {
  /** The system that answers for the place; the owning one while none is on record. */
  systemCode: string;
  routing: Routing;
}

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
   * Who would decide a wish.
   * @throws as `RequestRules.placeOf`
   */
  async routed(staffMemberId: string, wish: Wish): Promise<RoutedWish> {
    return this.route(staffMemberId, wish, await this.rules.placeOf(wish));
  }

  /**
   * The same, held: until the transaction ends nobody comes or goes among those who decide there, and the place stays what
   * it is. So no line is born with the deciders of a moment ago.
   * @throws as `RequestRules.placeOf`
   */
  async held(staffMemberId: string, wish: Wish): Promise<RoutedWish> {
    let held = '';
    for (;;) {
      const place = await this.rules.placeOf(wish);
      const { systemCode } = this.lookers.lineAt({ application: wish.application, staffMemberId }, place);
      // The owner too: while no system is on record as serving the site, one may come.
      const systems = [systemCode, place.system.code];
      if (held === systems.join()) return this.route(staffMemberId, wish, place);
      await holdRouting(this.em, systems, 'read');
      await holdPlace(this.em, wish.location);
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
    { wish, why, formKey, formHash }: ReadForm,
    { routing, systemCode }: RoutedWish,
    replacesId?: string,
  ): Promise<{ id: string; reference: string }> {
    await this.rules.refuseHeld(staffMemberId, wish);
    await refuseOpen(this.em, staffMemberId, wish, (code) => this.rules.permissionName(wish, code));
    const now = this.clock.now();
    const { application, role, location, permissions } = wish;
    const request = {
      id: newId(),
      reference: await nextReference(this.em, localDay(now).slice(0, 4)),
      accountId: actor.accountId,
      staffMemberId,
      application,
      role,
      level: location.level,
      code: location.code,
      systemCode,
      why: why ?? null,
      submittedAt: now,
      formKey,
      formHash,
      replacesId: replacesId ?? null,
    };
    await insertRequest(
      this.em,
      request,
      permissions.map((permission) => ({ permission, routing })),
    );
    const deciders = routing.deciders.map((one) => one.staffMemberId);
    const { id, reference } = request;
    await this.audit.record(actor, {
      action: 'request.submit',
      target: `request:${id}`,
      after: { reference, staffMemberId, application, role, ...location, permissions, deciders, replacesId },
    });
    await this.news.submitted(request, deciders, permissions);
    return { id, reference };
  }

  private async route(staffMemberId: string, wish: Wish, place: PlacedLocation): Promise<RoutedWish> {
    const line = this.lookers.lineAt({ application: wish.application, staffMemberId }, place);
    return {
      systemCode: line.systemCode ?? place.system.code,
      routing: await this.coordinators.whoDecides(line),
    };
  }
}
