import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { CoordinatorsService, holdRouting, type Routing } from '#coordinators';
import { Clock, localDay, newId, type SignedIn } from '#kernel';
import type { PlacedLocation } from '#sites';
import { holdPlaces } from './holds.js';
import { Lookers } from './lookers.js';
import { refuseOpen } from './open-requests.js';
import type { ReadForm } from './request-form.js';
import { LineTermsReading } from './line-terms-reading.js';
import type { DutyWarning, EndingRole } from './line-terms.js';
import type { RequestLine } from './permission-request.js';
import { RequestNews } from './request-news.js';
import { insertRequest, nextReference } from './request-rows.js';
import { RequestRules, type Wish } from './request-rules.js';
import { instantsOf } from './wish-period.js';
import { WishRules } from './wish-rules.js';

/** The way a wish goes: its permissions share application and place, and so the way. */
export interface RoutedWish {
  wish: Wish;
  place: PlacedLocation;
  /** The system that answers for the place; the owning one while none is on record. */
  systemCode: string;
  routing: Routing;
  /** What ends when it is given: another role at the place. */
  ends: EndingRole[];
  /** Duties that would meet. */
  warnings: DutyWarning[];
}

type PlacedWish = Pick<RoutedWish, 'wish' | 'place'>;

/** Takes wishes in, inside the transaction of a verb that holds the requester. */
@Injectable()
export class RequestIntake {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly catalog: CatalogService,
    private readonly coordinators: CoordinatorsService,
    private readonly rules: RequestRules,
    private readonly wishRules: WishRules,
    private readonly terms: LineTermsReading,
    private readonly lookers: Lookers,
    private readonly news: RequestNews,
  ) {}

  /**
   * Who would decide each wish.
   * @throws as `RequestRules.placeOf`
   */
  async routed(staffMemberId: string, wishes: Wish[], enteredBy?: string): Promise<RoutedWish[]> {
    return this.route(staffMemberId, await this.placed(wishes), enteredBy);
  }

  /**
   * The same, held: until the transaction ends nobody comes or goes among those who decide there, and the places stay what
   * they are. So no line is born with the deciders of a moment ago.
   * @throws as `RequestRules.placeOf`
   */
  async held(staffMemberId: string, wishes: Wish[], enteredBy?: string): Promise<RoutedWish[]> {
    let held = '';
    for (;;) {
      const placed = await this.placed(wishes);
      // The owners too: while no system is on record as serving a site, one may come.
      const systems = placed.flatMap((one) => [this.lineOf(staffMemberId, one).systemCode, one.place.system.code]);
      if (held === systems.join()) return this.route(staffMemberId, placed, enteredBy);
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
   * @param about the request it is made from; the staff member who entered it on behalf of the person
   * @throws requests.already-open, .too-many-open (409), and as `WishRules.refuseUngivable`
   */
  async take(
    actor: SignedIn,
    staffMemberId: string,
    { wishes, why, mayNarrow, formKey, formHash }: ReadForm,
    routed: RoutedWish[],
    { replacesId, enteredBy }: { replacesId?: string; enteredBy?: string } = {},
  ): Promise<{ id: string; reference: string }> {
    await this.wishRules.refuseUngivable(staffMemberId, routed);
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
      enteredBy: enteredBy ?? null,
    };
    const excluded = enteredBy ? [enteredBy] : [];
    const lines = routed.flatMap(({ wish, systemCode, routing }) =>
      wish.permissions.map((permission) => ({
        application: wish.application,
        role: wish.role,
        permission,
        ...wish.location,
        systemCode,
        routing,
        fromDay: wish.fromDay ?? null,
        toDay: wish.toDay ?? null,
        extendsGrantId: wish.extends ?? null,
        ...stepOf(wish, this.catalog, excluded),
      })),
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
        enteredBy,
        ...(mayNarrow && { mayNarrow }),
        wishes: routed.map(({ wish, routing, ends }) => ({
          ...wish,
          ...(ends.length && { ends: ends.map(({ grantId }) => grantId) }),
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

  private async route(staffMemberId: string, placed: PlacedWish[], enteredBy?: string): Promise<RoutedWish[]> {
    const lines = placed.map((one) => this.lineOf(staffMemberId, one, enteredBy));
    // One line needs fewer rows than the snapshot for many.
    const routings =
      lines.length === 1
        ? [await this.coordinators.whoDecides(lines[0]!)]
        : await this.coordinators.whoDecidesMany(lines);
    const routed = placed.map((one, at) => ({
      ...one,
      systemCode: lines[at]!.systemCode ?? one.place.system.code,
      routing: routings[at]!,
    }));
    return this.withTerms(staffMemberId, routed);
  }

  private async withTerms(
    staffMemberId: string,
    routed: Omit<RoutedWish, 'ends' | 'warnings'>[],
  ): Promise<RoutedWish[]> {
    const wanted = routed.flatMap(({ wish: { permissions, ...wish }, systemCode }, at) =>
      permissions.map((permission) => ({ at, ...wish, ...instantsOf(wish), permission, systemCode })),
    );
    const foreseen = await this.terms.foreseen(staffMemberId, wanted);
    return routed.map((one, at) => {
      const own = foreseen.filter((_, index) => wanted[index]!.at === at);
      return { ...one, ends: own[0]?.ends ?? [], warnings: own.flatMap(({ warnings }) => warnings) };
    });
  }

  private lineOf(staffMemberId: string, { wish, place }: PlacedWish, enteredBy?: string) {
    const { duty, excluded } = stepOf(wish, this.catalog, enteredBy ? [enteredBy] : []);
    return this.lookers.lineAt({ application: wish.application, staffMemberId, duty, excluded }, place);
  }
}

/** The steps of approval of a wish, with the duty of the first, as the catalogue says today. */
function stepOf(
  { application, role }: Pick<Wish, 'application' | 'role'>,
  catalog: CatalogService,
  excluded: string[],
): Pick<RequestLine, 'approval' | 'duty' | 'excluded'> {
  const approval = catalog.approvalOf(application, role);
  const [first] = approval;
  return { approval, duty: !first || first === 'coordinator' ? null : first, excluded };
}
