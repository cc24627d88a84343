import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Actor, Clock, newId, readableDate } from '#kernel';
import {
  dutyMeetings,
  type TimedPermission,
  type DutyMeeting,
  givesWay,
  type Holding,
  holdingsOf,
  isSame,
} from './duty-meetings.js';
import { type EffectivePermission, effectiveRows, type EffectiveRow, permissionOf } from './effective.js';
import { GrantLedger } from './grant-ledger.js';
import { type Grant, grantsOfAccount } from './grant-list.js';
import type { EndCause } from './grant-version.js';
import { holdGrants, idList, listOfIds, type LiveGrant, type WhichGrants } from './live-grants.js';
import { grantsProblems } from './problems.js';
import { endedAt, prolonged } from './timeline.js';

/** What is given. */
export interface Gift extends EffectivePermission {
  accountId: string;
  staffMemberId: string;
  /** Now when absent or past: nothing holds before it was given. */
  fromAt?: Date;
  /** For good when absent. */
  toAt?: Date;
  /** The request line it comes from. */
  requestLineId?: string;
}

/** A grant that was ended. */
export type EndedGrant = Omit<LiveGrant, 'live'>;

/** What people may do, given and ended. Never asks who may give or end: the verb that calls has established that. */
@Injectable()
export class GrantsService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly ledger: GrantLedger,
  ) {}

  /**
   * What an account may do at that time: the one truth tokens, introspection and pages ask. Counts live grants only, of an
   * account that is active and still linked to the person they were given to, for permissions the catalogue still knows.
   * @param applications catalogue codes; absent = all
   */
  async effective(accountId: string, applications: string[] | undefined, at: Date): Promise<EffectivePermission[]> {
    const wanted = applications ? `{${applications.map((code) => JSON.stringify(code)).join()}}` : null;
    return this.permissionsOf(
      await this.em.execute<EffectiveRow[]>(effectiveRows('?', '?', '?'), [accountId, at, at, wanted, wanted]),
    );
  }

  /** Rows of `effectiveRows` as permissions; those the catalogue no longer knows are left out. */
  permissionsOf(rows: EffectiveRow[]): EffectivePermission[] {
    return rows.filter((row) => this.isOffered(row)).map(permissionOf);
  }

  /** All grants of an account, newest first, ended ones too. */
  async of(accountId: string): Promise<Grant[]> {
    return grantsOfAccount(this.em, accountId);
  }

  /**
   * Gives a permission, in the caller's transaction.
   * @returns the grant's id
   * @throws grants.already-held, grants.other-role, grants.conflict (409), grants.wrong-end (422)
   */
  async give(actor: Actor, gift: Gift): Promise<string> {
    return this.em.transactional(async () => {
      const { fromAt: wished, toAt, requestLineId, ...what } = gift;
      await this.holdPerson(gift.staffMemberId);
      await this.endOrphans(actor, gift.staffMemberId);
      const now = this.clock.now();
      const fromAt = wished && wished > now ? wished : now;
      if (toAt && toAt <= fromAt)
        throw grantsProblems.wrongEnd('Access has to end after it begins. Choose a later day.');
      await this.refuseClash(gift.staffMemberId, { ...gift, fromAt });
      await this.refuseConflict(gift.staffMemberId, [{ ...gift, fromAt }]);
      const grant = { id: newId(), ...what };
      await this.em.execute(
        `insert into access_grant (id, account_id, staff_member_id, application, role, permission, level, code, system_code, request_line_id, given_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          grant.id,
          grant.accountId,
          grant.staffMemberId,
          grant.application,
          grant.role,
          grant.permission,
          grant.location.level,
          grant.location.code,
          grant.systemCode,
          requestLineId ?? null,
          now,
        ],
      );
      const rewriting = { superseded: [], recorded: [{ fromAt, toAt, state: 'active' as const }] };
      await this.ledger.write(actor, [
        { action: 'grant.give', grant, rewriting, fromAt, toAt, state: 'active', cause: 'given' },
      ]);
      return grant.id;
    });
  }

  /**
   * Lets a grant go on to a later end, in the state it is in.
   * @throws grants.not-found (404), grants.already-ended, .already-held, .other-role, .conflict (409), grants.wrong-end (422)
   */
  async extend(actor: Actor, grantId: string, toAt: Date, cause: 'extended' | 'renewed'): Promise<void> {
    await this.em.transactional(async () => {
      const [row] = await this.em.execute<{ staff_member_id: string }[]>(
        `select staff_member_id from access_grant where id in ${idList}`,
        [listOfIds([grantId])],
      );
      if (row) await this.holdPerson(row.staff_member_id);
      const { at, grants } = await holdGrants(this.em, { grantIds: [grantId] }, this.clock);
      const grant = held(grants);
      const last = grant.live.at(-1)!;
      if (!last.toAt || toAt <= last.toAt)
        throw grantsProblems.wrongEnd(
          'It holds until then already, or for good. Choose a later day. Nothing was changed.',
        );
      const more = { ...grant, fromAt: last.toAt, toAt };
      await this.refuseClash(grant.staffMemberId, more);
      await this.refuseConflict(grant.staffMemberId, [more]);
      const rewriting = prolonged(grant.live, at, toAt);
      await this.ledger.write(actor, [
        { action: 'grant.extend', grant, rewriting, fromAt: last.toAt, toAt, state: last.state, cause },
      ]);
    });
  }

  /** Holds grants for several extensions: people in one order, then grants in one order, as every other verb takes them. */
  async hold(grants: Pick<LiveGrant, 'id' | 'staffMemberId'>[]): Promise<void> {
    for (const person of [...new Set(grants.map(({ staffMemberId }) => staffMemberId))].sort())
      await this.holdPerson(person);
    await holdGrants(this.em, { grantIds: grants.map(({ id }) => id) }, this.clock);
  }

  /**
   * Ends grants now, in the caller's transaction; what has ended before stays as it was.
   * @returns those that ended
   */
  async endFor(actor: Actor, which: WhichGrants, cause: EndCause, reason?: string): Promise<EndedGrant[]> {
    return this.em.transactional(async () => {
      const { at, grants: found } = await holdGrants(this.em, which, this.clock);
      const grants = found.filter(({ live }) => live.length);
      await this.ledger.write(
        actor,
        grants.map((grant) => ({
          action: 'grant.end',
          grant,
          rewriting: endedAt(grant.live, at),
          fromAt: at,
          state: 'ended',
          cause,
          reason,
        })),
      );
      return grants.map(({ live: _, ...grant }) => grant);
    });
  }

  /** What a person holds or will hold, suspended access too; in the order of its beginning. */
  async holdings(staffMemberId: string): Promise<Holding[]> {
    return holdingsOf(this.em, staffMemberId, this.clock.now());
  }

  /** Which holdings end when a duty is given: those of another role of the application at the place (CO-5). */
  givingWay(holdings: Holding[], wanted: TimedPermission): Holding[] {
    return holdings.filter((one) => givesWay(one, wanted));
  }

  /**
   * Refuses what a person holds already and what one role per application and place forbids (CO-5).
   * @throws grants.already-held, grants.other-role (409)
   */
  async refuseClash(staffMemberId: string, wanted: TimedPermission): Promise<void> {
    const holdings = await this.holdings(staffMemberId);
    const [other] = this.givingWay(holdings, wanted);
    if (other) {
      const names = this.catalog.names(wanted.application, other.role);
      throw grantsProblems.otherRole(
        `The role "${names.role}" in ${names.application} is held at this place already, and one place has one role. That role has to end before another can begin.`,
      );
    }
    this.refuseHeld(holdings, wanted);
  }

  /**
   * Refuses what is held already at any moment of the time it is wanted for.
   * @param holdings of the person
   * @throws grants.already-held (409)
   */
  refuseHeld(holdings: Holding[], wanted: TimedPermission): void {
    const { application, role, permission } = wanted;
    const same = holdings.find((one) => isSame(one, wanted));
    if (!same) return;
    const names = this.catalog.names(application, role, permission);
    const rest = same.toAt
      ? ` through ${readableDate(new Date(same.toAt.getTime() - 1))}. To keep it longer, go to "My access".`
      : '. Nothing more is needed: it can be used.';
    throw grantsProblems.alreadyHeld(
      `"${names.permission}" in ${names.application} is granted at this place already${rest}`,
    );
  }

  /**
   * Which duties would meet in one hand if a person was given all that is wished, by the rules of the catalogue: among the
   * wishes, and with what the person holds. Asked before a request is sent, and shown to whoever decides it.
   * @param wishes with the system that answers for each place
   */
  async conflicts(staffMemberId: string, wishes: TimedPermission[]): Promise<DutyMeeting[]> {
    return dutyMeetings(this.catalog, wishes, await this.holdings(staffMemberId));
  }

  /**
   * Refuses duties that must not meet.
   * @throws grants.conflict (409)
   */
  async refuseConflict(staffMemberId: string, wishes: TimedPermission[]): Promise<void> {
    const forbidden = (await this.conflicts(staffMemberId, wishes)).find(({ effect }) => effect === 'forbid');
    if (!forbidden) return;
    const [one, other] = [forbidden.wish, forbidden.meets].map(
      ({ application, role, permission }) => this.catalog.names(application, role, permission).permission,
    );
    throw grantsProblems.conflict(
      `"${one}" and "${other}" must not be held together there. ${forbidden.because} One of them has to end first.`,
    );
  }

  /**
   * One giver at a time for a person, until the transaction ends; the table's constraints hold even without it, but with a deadlock for an
   * answer. Whoever ends what gives way takes it before looking what that is.
   */
  async holdPerson(staffMemberId: string): Promise<void> {
    await this.em.execute(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [`grant ${staffMemberId}`]);
  }

  /**
   * Ends what a person's former account held: it is of no use to anybody, must not come back to life, and must not stand in
   * the way of the account the person has now.
   */
  private async endOrphans(actor: Actor, staffMemberId: string): Promise<void> {
    const orphans = await this.em.execute<{ id: string }[]>(
      `select distinct v.grant_id as id from grant_version v
       where v.staff_member_id = ? and v.superseded_at is null and coalesce(v.to_at > ?, true) and not exists (
         select 1 from staff_link k where k.account_id = v.account_id and k.staff_member_id = v.staff_member_id and k.ended_at is null)`,
      [staffMemberId, this.clock.now()],
    );
    const reason = 'The account it was given to is no longer linked to this Staff ID.';
    if (orphans.length) await this.endFor(actor, { grantIds: orphans.map(({ id }) => id) }, 'replaced', reason);
  }

  private isOffered({ application, role, permission }: EffectiveRow): boolean {
    const roles = this.catalog.applications().find((one) => one.code === application)?.roles;
    return roles?.find((one) => one.code === role)?.permissions.some((one) => one.code === permission) ?? false;
  }
}

/** The one grant that was asked for, if it has not ended. */
function held([grant]: LiveGrant[]): LiveGrant {
  if (!grant) throw grantsProblems.notFound('There is no such grant. Load the list again.');
  if (!grant.live.length) throw grantsProblems.alreadyEnded('This access has ended before. Load the list again.');
  return grant;
}
