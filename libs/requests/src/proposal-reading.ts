import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Clock, localDay, type SignedIn } from '#kernel';
import { locationKey, type PlacedLocation, SitesService } from '#sites';
import { type StaffPerson, StaffService } from '#staff';
import { type Looker, Lookers } from './lookers.js';
import { absentProposal } from './proposal-rules.js';
import { RequestIntake, type RoutedWish } from './request-intake.js';
import { type ProposalStatus, RequestProposal } from './request-proposal.js';
import { fullName, type Wish } from './request-rules.js';
import type { Named } from './request-views.js';
import { distinctPlaces } from './together.js';

/** One wish of an entry in words. */
export interface ProposedWish {
  application: Named;
  role: Named;
  permissions: Named[];
  /** Undefined where the register does not know the place any more. */
  place?: PlacedLocation;
  fromDay?: string;
  toDay?: string;
}

/** What a coordinator entered for somebody, as both of them see it. */
export interface ProposalView {
  id: string;
  /** Whom it is for. */
  person: { name: string; staffId: string };
  /** Name of who entered it. */
  by: string;
  wishes: ProposedWish[];
  why?: string;
  proposedAt: Date;
  /** 'YYYY-MM-DD', the first day on which it can no longer be confirmed. */
  lapsesOn: string;
  /** `lapsed` also when its time is over and nobody has closed it yet. */
  status: ProposalStatus;
  answeredAt?: Date;
  reason?: string;
  requestId?: string;
  /** It is for whoever looks, who may confirm or decline it while it is open. */
  own: boolean;
}

/** Somebody for whom a coordinator may enter a request. */
export interface ProposalCandidate {
  name: string;
  staffId: string;
  /** Where the person works, as far as the coordinator decides there: sites, then their school systems. */
  places: PlacedLocation[];
}

/** How many of a list are shown. */
const most = 100;

/** Entries on behalf of people, for pages. */
@Injectable()
export class ProposalReading {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly lookers: Lookers,
    private readonly intake: RequestIntake,
  ) {}

  /** What waits for the person an account is linked to, the oldest first. */
  async waitingFor(actor: SignedIn): Promise<ProposalView[]> {
    const person = await this.staff.memberOf(actor.accountId);
    if (!person) return [];
    const open = { staffMemberId: person.id, status: 'open' as const, lapsesOn: { $gt: this.today() } };
    return this.views(
      await this.em.find(RequestProposal, open, {
        disableIdentityMap: true,
        orderBy: { proposedAt: 'asc' },
        limit: most,
      }),
      person.id,
    );
  }

  /** What a coordinator entered where this person still decides, the newest first; of the last 100. */
  async enteredBy(actor: SignedIn): Promise<ProposalView[]> {
    const looker = await this.lookers.of(actor.accountId);
    if (!looker) return [];
    const own = { proposedBy: looker.person.id };
    const all = await this.em.find(RequestProposal, own, {
      disableIdentityMap: true,
      orderBy: { proposedAt: 'desc' },
      limit: most,
    });
    return this.views(await this.stillTheirs(looker, all), looker.person.id);
  }

  /**
   * The person with a Staff ID, when employed where the actor decides; undefined for anybody else, also for an unknown number
   * and for the actor himself.
   */
  async candidate(actor: SignedIn, staffId: string): Promise<ProposalCandidate | undefined> {
    const looker = await this.lookers.of(actor.accountId);
    const person = await this.staff.memberByStaffId(staffId.trim());
    if (!looker || !person) return undefined;
    const employments = await this.staff.employmentsOf(person.id);
    const sites = await this.sites.placeMany(employments.map(({ siteCode }) => ({ level: 'site', code: siteCode })));
    const codes = [...new Set([...sites.values()].map(({ system }) => system.code))];
    const systems = await this.sites.placeMany(codes.map((code) => ({ level: 'system', code })));
    const offered = this.catalog.applications().filter(({ requestable }) => requestable);
    const may = (place: PlacedLocation): boolean =>
      place.open &&
      offered.some(({ code: application, levels }) => {
        const line = this.lookers.lineAt({ application, staffMemberId: person.id }, place);
        return levels.includes(place.level) && this.lookers.may(looker, line);
      });
    const places = [...sites.values(), ...systems.values()].filter(may);
    return [...sites.values()].some(may) ? { name: fullName(person), staffId: person.staffId, places } : undefined;
  }

  /** @throws requests.not-found (404) for anybody but the person it is for and whoever entered it and still decides there */
  async view(actor: SignedIn, id: string): Promise<ProposalView> {
    const looker = await this.lookers.of(actor.accountId);
    const found = await this.found(id);
    const entered = !!looker && found?.proposedBy === looker.person.id;
    const theirs = entered ? (await this.stillTheirs(looker, [found])).length > 0 : false;
    if (!found || !looker || (found.staffMemberId !== looker.person.id && !theirs)) throw absentProposal(id, 'view');
    return (await this.views([found], looker.person.id))[0]!;
  }

  /**
   * Who would decide what was entered, and why; not whoever entered it.
   * @throws requests.not-found (404) for anybody but the person it is for; as `RequestsService.preview`
   */
  async preview(actor: SignedIn, id: string): Promise<RoutedWish[]> {
    const person = await this.staff.memberOf(actor.accountId);
    const found = await this.found(id);
    if (!person || found?.staffMemberId !== person.id) throw absentProposal(id, 'view');
    return this.intake.routed(person.id, found.wishes, found.proposedBy);
  }

  private async found(id: string): Promise<RequestProposal | null> {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(id))) return null;
    return this.em.findOne(RequestProposal, { id }, { disableIdentityMap: true });
  }

  /** Of what somebody entered, that of which this person may still decide something today: only there its end is told (AC-6). */
  private async stillTheirs(looker: Looker, all: RequestProposal[]): Promise<RequestProposal[]> {
    const places = await this.sites.placeMany(
      distinctPlaces(all.flatMap(({ wishes }) => wishes.map(({ location }) => location))),
    );
    return all.filter(({ wishes, staffMemberId }) =>
      wishes.some(({ application, location }) =>
        this.lookers.mayAt(looker, { application, staffMemberId, ...location }, places),
      ),
    );
  }

  private async views(all: RequestProposal[], reader: string): Promise<ProposalView[]> {
    const people = await this.staff.membersByIds(all.flatMap((one) => [one.staffMemberId, one.proposedBy]));
    const places = await this.sites.placeMany(
      distinctPlaces(all.flatMap(({ wishes }) => wishes.map(({ location }) => location))),
    );
    return all.map((one) => this.viewOf(one, people, places, reader));
  }

  private viewOf(
    one: RequestProposal,
    people: Map<string, StaffPerson>,
    places: Map<string, PlacedLocation>,
    reader: string,
  ): ProposalView {
    const { id, staffMemberId, proposedBy, proposedAt, lapsesOn, status } = one;
    const over = status === 'open' && lapsesOn <= this.today();
    return {
      id,
      person: { name: fullName(people.get(staffMemberId)), staffId: people.get(staffMemberId)?.staffId ?? '' },
      by: fullName(people.get(proposedBy)),
      wishes: one.wishes.map((wish) => this.wishOf(wish, places)),
      ...(one.why && { why: one.why }),
      proposedAt,
      lapsesOn,
      status: over ? 'lapsed' : status,
      ...(one.answeredAt && { answeredAt: one.answeredAt }),
      ...(one.reason && { reason: one.reason }),
      ...(one.requestId && { requestId: one.requestId }),
      own: reader === staffMemberId,
    };
  }

  private wishOf(
    { application, role, permissions, location, fromDay, toDay }: Wish,
    places: Map<string, PlacedLocation>,
  ) {
    const names = this.catalog.names(application, role);
    const place = places.get(locationKey(location));
    return {
      application: { code: application, name: names.application },
      role: { code: role, name: names.role },
      permissions: permissions.map((code) => ({
        code,
        name: this.catalog.names(application, role, code).permission,
      })),
      ...(place && { place }),
      ...(fromDay && { fromDay }),
      ...(toDay && { toDay }),
    };
  }

  private today(): string {
    return localDay(this.clock.now());
  }
}
