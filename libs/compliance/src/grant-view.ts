import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Grant, GrantHistory, GrantsService, type PastGrant } from '#grants';
import { Clock, type SignedIn } from '#kernel';
import { type Delivery, Deliveries } from '#signals';
import { locationKey, SitesService } from '#sites';
import { type StaffPerson, StaffService } from '#staff';
import { absentPerson } from './departure-rules.js';
import { ReaderScope } from './reader-scope.js';
import { type Approval, approvalsOf, type GrantStanding, standingOf } from './standing.js';

/** Something that was done with a grant. */
export interface GrantEvent extends Pick<PastGrant, 'cause' | 'reason'> {
  at: Date;
  /** Name; absent where it happened by itself. */
  by?: string;
  /** The end it had from then on, where it had one. */
  toAt?: Date;
}

/** One permission of a person, as those who look after it see it. */
export interface GrantView extends Pick<Grant, 'fromAt' | 'toAt' | 'endedAt'> {
  grantId: string;
  person: { staffMemberId: string; name: string; staffId: string };
  /** The reader is this person. */
  own: boolean;
  application: string;
  permission: string;
  place: string;
  standing: GrantStanding;
  approved: Approval;
  /** Oldest first. */
  events: GrantEvent[];
  /** Which applications were told that it no longer holds; empty while it does. */
  told: Delivery[];
}

/** A grant with its life, for those who decide where it holds. */
@Injectable()
export class GrantViews {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly grants: GrantsService,
    private readonly history: GrantHistory,
    private readonly deliveries: Deliveries,
    private readonly scope: ReaderScope,
  ) {}

  /**
   * A person's grant.
   * @throws compliance.not-found (404) for who does not look after it, as for an absent one
   */
  async of(actor: SignedIn, staffMemberId: string, grantId: string): Promise<GrantView> {
    const absent = absentPerson({ action: 'person.view-access', target: `grant:${grantId}` });
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(grantId);
    const life = isId ? await this.history.lifeOf(grantId) : [];
    const [first] = life;
    const reader = await this.scope.of(actor);
    if (!reader || first?.staffMemberId !== staffMemberId) throw absent;
    const grant = (await this.grants.of(first.accountId)).find(({ id }) => id === grantId)!;
    const place = (await this.sites.placeMany([grant.location])).get(locationKey(grant.location));
    if (!this.scope.holds(reader, grant.application, place)) throw absent;
    const people = await this.staff.membersByIds([staffMemberId, ...life.flatMap(({ by }) => by ?? [])]);
    const person = people.get(staffMemberId)!;
    const names = this.catalog.names(grant.application, grant.role, grant.permission);
    return {
      grantId,
      ...{ fromAt: grant.fromAt, toAt: grant.toAt, endedAt: grant.endedAt },
      person: { staffMemberId, name: nameOf(person)!, staffId: person.staffId },
      own: reader.staffMemberId === staffMemberId,
      application: names.application,
      permission: names.permission,
      place: place?.name ?? grant.location.code,
      standing: standingOf(grant, this.clock.now()),
      approved: (await approvalsOf(this.em, [grant])).get(grantId)!,
      events: eventsOf(life, people),
      told: await this.toldOf(grant, life),
    };
  }

  /** Only what was taken away, for now or for good, by somebody or something: an end that was known before is told before. */
  private async toldOf({ application, state, endedAt }: Grant, life: PastGrant[]): Promise<Delivery[]> {
    const last = endedAt ? life.at(-1) : life.findLast(({ cause }) => cause === 'suspended' || cause === 'inactive');
    return last && (endedAt || state === 'suspended')
      ? this.deliveries.of(last.accountId, last.recordedAt, application)
      : [];
  }
}

/** One deed may leave two versions: what was until then, and what is from then on. */
function eventsOf(life: PastGrant[], people: Map<string, StaffPerson>): GrantEvent[] {
  const events = new Map<string, GrantEvent>();
  for (const { recordedAt: at, cause, reason, by, toAt } of life)
    events.set(`${at.getTime()} ${cause}`, { at, cause, reason, toAt, by: nameOf(people.get(by ?? '')) });
  return [...events.values()];
}

const nameOf = (person: StaffPerson | undefined): string | undefined =>
  person && `${person.firstName} ${person.lastName}`;
