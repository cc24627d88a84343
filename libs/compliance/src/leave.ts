import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AccountsService } from '#accounts';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { CoordinatorsService, holdRouting, Leavers } from '#coordinators';
import { GrantsService } from '#grants';
import { type Actor, Changes, Clock, newId, readableDate } from '#kernel';
import { NotificationsService } from '#notifications';
import { LeaversRequests } from '#requests';
import { type Location, locationKey, SitesService } from '#sites';
import { type EndedEmployment, StaffService } from '#staff';
import type { EndedThing } from './departure.js';

/** How somebody left. */
export interface LeaveTerms {
  /** 'YYYY-MM-DD', the first day no longer employed. */
  day: string;
  reason: string;
  /** The staff member who said so. */
  by?: string;
  /** What the person was employed as until then. */
  employments: EndedEmployment[];
}

/** Things listed in the mail; the page shows all. */
const told = 20;

/** Ends everything of a person who is employed nowhere any more, in the caller's transaction. */
@Injectable()
export class Leave {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly accounts: AccountsService,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly coordinators: CoordinatorsService,
    private readonly leavers: Leavers,
    private readonly requests: LeaversRequests,
    private readonly grants: GrantsService,
    private readonly notifications: NotificationsService,
    private readonly changes: Changes,
  ) {}

  /** Holds the routing of every system in which something of the person may end. The person is held. */
  async holdRouting(staffMemberId: string): Promise<{ systems: string[]; everywhere: boolean }> {
    const { systems, everywhere } = await this.coordinators.systemsOf({ staffMemberIds: [staffMemberId] });
    const waiting = await this.requests.systemsOf(staffMemberId);
    await holdRouting(this.em, everywhere ? 'everywhere' : [...new Set([...systems, ...waiting])], 'change');
    return { systems, everywhere };
  }

  /**
   * Ends access, duties, open requests and sessions; open work moves; the person is told once.
   * @param concerned as `holdRouting` answered
   * @returns what ended; nothing is written when there was nothing
   */
  async leave(
    actor: Actor,
    staffMemberId: string,
    terms: LeaveTerms,
    concerned: { systems: string[]; everywhere: boolean },
  ): Promise<EndedThing[]> {
    const { reason, by } = terms;
    const at = this.clock.now(); // what applications are told is told after this
    const accountId = (await this.staff.accountsOf([staffMemberId])).get(staffMemberId);
    const duties = await this.leavers.end(actor, staffMemberId, { reason, by });
    const requests = await this.endRequests(actor, staffMemberId, reason);
    const grants = await this.endGrants(actor, staffMemberId, reason);
    const employments = await this.named(terms.employments);
    const things: EndedThing[] = [...employments, ...grants, ...requests, ...duties];
    if (!things.length) return [];
    if (accountId !== undefined) {
      await this.accounts.endSessions(accountId);
      things.push({ kind: 'sessions', words: 'Everything that was signed in' });
    }
    await this.keep(actor, staffMemberId, accountId, { ...terms, things, at });
    const person = (await this.staff.membersByIds([staffMemberId])).get(staffMemberId)!;
    await this.changes.announce(actor, {
      cause: `${person.firstName} ${person.lastName} has left.`,
      ...concerned,
      ...(accountId !== undefined && { accountIds: [accountId] }),
    });
    return things;
  }

  /** Employments in words. */
  async named(ended: EndedEmployment[]): Promise<EndedThing[]> {
    return this.atPlaces(
      ended.map(({ siteCode: code, position }) => ({
        kind: 'employment',
        words: position,
        place: { level: 'site', code },
      })),
    );
  }

  private async endGrants(actor: Actor, staffMemberId: string, reason: string): Promise<EndedThing[]> {
    const ended = await this.grants.endFor(actor, { staffMemberId }, 'left', reason);
    return this.atPlaces(
      ended.map(({ application, role, permission, location }) => {
        const names = this.catalog.names(application, role, permission);
        const words = `${names.permission} in ${names.application}`;
        return { kind: 'grant', words, application, role, permission, place: location };
      }),
    );
  }

  private async endRequests(actor: Actor, staffMemberId: string, reason: string): Promise<EndedThing[]> {
    const withdrawn = await this.requests.withdraw(actor, staffMemberId, reason);
    return this.atPlaces(
      withdrawn.map(({ reference, application, level, code }) => {
        const words = `Request ${reference} for ${this.catalog.names(application).application}`;
        return { kind: 'request', words, application, place: { level, code } };
      }),
    );
  }

  private async atPlaces(things: (EndedThing & { place: Location })[]): Promise<EndedThing[]> {
    const places = await this.sites.placeMany(things.map(({ place }) => place));
    return things.map((one) => ({
      ...one,
      words: `${one.words} at ${places.get(locationKey(one.place))?.name ?? one.place.code}`,
    }));
  }

  private async keep(
    actor: Actor,
    staffMemberId: string,
    accountId: string | undefined,
    { day, reason, by, things, at }: LeaveTerms & { things: EndedThing[]; at: Date },
  ): Promise<void> {
    await this.em.execute(
      `insert into departure (id, staff_member_id, account_id, day, left_at, reason, by_staff_member_id, ended) values (?, ?, ?, ?, ?, ?, ?, ?)`,
      [newId(), staffMemberId, accountId ?? null, day, at, reason, by ?? null, JSON.stringify(things)],
    );
    const counts: Record<string, number> = {};
    for (const { kind } of things) counts[kind] = (counts[kind] ?? 0) + 1;
    const target = `staff-member:${staffMemberId}`;
    await this.audit.record(actor, { action: 'person.leave', target, after: { day, ended: counts }, reason });
    if (accountId === undefined) return;
    const listed = things.filter(({ kind }) => kind !== 'sessions').map(({ words }) => words);
    await this.notifications.queue({ kind: 'account', id: accountId }, 'compliance.left', {
      day: readableDate(new Date(`${day}T18:00:00Z`)),
      reason,
      more: String(Math.max(0, listed.length - told)),
      ...Object.fromEntries(listed.slice(0, told).map((words, at) => [`ended${String(at).padStart(2, '0')}`, words])),
    });
  }
}
