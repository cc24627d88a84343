import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Actor, Clock, newId } from '#kernel';
import { type Holding, holdingsOf } from './duty-meetings.js';
import { type EffectivePermission, effectiveRows, type EffectiveRow, permissionOf } from './effective.js';
import { GrantLedger } from './grant-ledger.js';
import { type Grant, grantsOfAccount } from './grant-list.js';
import type { EndCause } from './grant-version.js';
import { holdGrants, idList, listOfIds, type LiveGrant, type WhichGrants } from './live-grants.js';
import { HoldingRules } from './holding-rules.js';
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
    private readonly rules: HoldingRules,
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
      const holdings = await this.holdings(gift.staffMemberId);
      this.rules.refuseClash(holdings, { ...gift, fromAt });
      this.rules.refuseConflict(holdings, [{ ...gift, fromAt }]);
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
      const holdings = await this.holdings(grant.staffMemberId);
      this.rules.refuseClash(holdings, more);
      this.rules.refuseConflict(holdings, [more]);
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
