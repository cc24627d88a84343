import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { type Actor, Clock, newId } from '#kernel';
import { type EffectivePermission, effectiveRows, type EffectiveRow, permissionOf } from './effective.js';
import { grantsProblems } from './problems.js';

/** What is given. */
export interface Gift extends EffectivePermission {
  accountId: string;
  staffMemberId: string;
  /** Now when absent. */
  fromAt?: Date;
  /** For good when absent. */
  toAt?: Date;
  /** The request line it comes from. */
  requestLineId?: string;
}

/** A grant as pages show it. */
export interface Grant extends EffectivePermission {
  id: string;
  fromAt: Date;
  toAt?: Date;
  endedAt?: Date;
  endReason?: string;
  givenAt: Date;
}

interface GrantRow extends EffectiveRow {
  id: string;
  from_at: string;
  to_at: string | null;
  ended_at: string | null;
  end_reason: string | null;
  given_at: string;
}

@Injectable()
export class GrantsService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly catalog: CatalogService,
  ) {}

  /**
   * What an account may do at that time: the one truth tokens, introspection and pages ask. Counts live grants only, of an
   * account that is active and still linked to the person they were given to, for permissions the catalogue still knows.
   * @param applications catalogue codes; absent = all
   */
  async effective(accountId: string, applications: string[] | undefined, at: Date): Promise<EffectivePermission[]> {
    const wanted = applications ? `{${applications.map((code) => JSON.stringify(code)).join()}}` : null;
    return this.permissionsOf(
      await this.em.execute<EffectiveRow[]>(effectiveRows('?', '?', '?'), [accountId, at, at, at, wanted, wanted]),
    );
  }

  /** Rows of `effectiveRows` as permissions; those the catalogue no longer knows are left out. */
  permissionsOf(rows: EffectiveRow[]): EffectivePermission[] {
    return rows.filter((row) => this.isOffered(row)).map(permissionOf);
  }

  /**
   * Gives a permission, in the caller's transaction; the caller has established that its actor may.
   * @returns the grant's id
   * @throws grants.already-held, grants.other-role (409)
   */
  async give(actor: Actor, gift: Gift): Promise<string> {
    return this.em.transactional(async () => {
      const { accountId, staffMemberId, application, role, permission, location, systemCode, requestLineId } = gift;
      // One giver at a time for a person; the table's constraints hold even without it, but with a deadlock for an answer.
      await this.em.execute(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [`grant ${staffMemberId}`]);
      await this.endOrphans(actor, staffMemberId);
      await this.refuseClash(staffMemberId, gift);
      const id = newId();
      const now = this.clock.now();
      await this.em.execute(
        `insert into access_grant (id, account_id, staff_member_id, application, role, permission, level, code, system_code, from_at, to_at, request_line_id, given_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          id,
          accountId,
          staffMemberId,
          application,
          role,
          permission,
          location.level,
          location.code,
          systemCode,
          gift.fromAt ?? now,
          gift.toAt ?? null,
          requestLineId ?? null,
          now,
        ],
      );
      const after = {
        accountId,
        staffMemberId,
        application,
        role,
        permission,
        ...location,
        fromAt: gift.fromAt ?? now,
        toAt: gift.toAt,
        requestLineId,
      };
      await this.audit.record(actor, { action: 'grant.give', target: `grant:${id}`, after });
      return id;
    });
  }

  /**
   * Refuses what a person holds already and what one role per application and place forbids (CO-5). Asked before a request
   * is taken, and again when it is granted.
   * @throws grants.already-held, grants.other-role (409)
   */
  async refuseClash(
    staffMemberId: string,
    { application, role, permission, location }: Pick<Gift, 'application' | 'role' | 'permission' | 'location'>,
  ): Promise<void> {
    const held = await this.em.execute<{ role: string; permission: string }[]>(
      `select role, permission from access_grant g where staff_member_id = ? and application = ? and level = ? and code = ? and ended_at is null and coalesce(to_at > ?, true) and ${isLinked}`,
      [staffMemberId, application, location.level, location.code, this.clock.now()],
    );
    const other = held.find((one) => one.role !== role);
    if (other) {
      const names = this.catalog.names(application, other.role);
      throw grantsProblems.otherRole(
        `The role "${names.role}" in ${names.application} is held at this place already, and one place has one role. That role has to end before another can begin.`,
      );
    }
    if (held.some((one) => one.permission === permission)) {
      const names = this.catalog.names(application, role, permission);
      throw grantsProblems.alreadyHeld(
        `"${names.permission}" in ${names.application} is granted at this place already. Nothing more is needed: it can be used.`,
      );
    }
  }

  /**
   * Ends what a person's former account held: it is of no use to anybody, must not come back to life, and must not stand in
   * the way of the account the person has now.
   */
  private async endOrphans(actor: Actor, staffMemberId: string): Promise<void> {
    const reason = 'The account it was given to is no longer linked to this Staff ID.';
    const ended = await this.em.execute<{ id: string }[]>(
      `update access_grant g set ended_at = ?, end_reason = ? where staff_member_id = ? and ended_at is null and not ${isLinked} returning id`,
      [this.clock.now(), reason, staffMemberId],
    );
    for (const { id } of ended)
      await this.audit.record(actor, { action: 'grant.end', target: `grant:${id}`, after: { ended: true }, reason });
  }

  /**
   * Ends a grant now. For the system only: who else may end access is a question for a lib that knows coordinators.
   * @throws grants.not-yours (403), grants.not-found (404), grants.already-ended (409)
   */
  async end(actor: Actor, grantId: string, reason: string): Promise<void> {
    if (actor.accountId !== undefined || actor.client !== 'jobs') {
      throw grantsProblems.notYours('Access is ended by the state office. Write to the state desk.', {
        refusal: { action: 'grant.end', target: `grant:${grantId}` },
      });
    }
    await this.em.transactional(async () => {
      const [found] = await this.em.execute<{ ended_at: string | null }[]>(
        `select ended_at from access_grant where id::text = ? for update`,
        [grantId],
      );
      if (!found) throw grantsProblems.notFound('There is no such grant. Load the list again.');
      if (found.ended_at) throw grantsProblems.alreadyEnded('This access was ended before. Load the list again.');
      await this.em.execute(`update access_grant set ended_at = ?, end_reason = ? where id = ? and ended_at is null`, [
        this.clock.now(),
        reason,
        grantId,
      ]);
      await this.audit.record(actor, {
        action: 'grant.end',
        target: `grant:${grantId}`,
        after: { ended: true },
        reason,
      });
    });
  }

  /** All grants of an account, newest first, ended ones too. */
  async of(accountId: string): Promise<Grant[]> {
    const rows = await this.em.execute<GrantRow[]>(
      `select * from access_grant where account_id = ? order by given_at desc, id`,
      [accountId],
    );
    return rows.map((row) => ({
      ...permissionOf(row),
      id: row.id,
      fromAt: new Date(row.from_at),
      toAt: row.to_at ? new Date(row.to_at) : undefined,
      endedAt: row.ended_at ? new Date(row.ended_at) : undefined,
      endReason: row.end_reason ?? undefined,
      givenAt: new Date(row.given_at),
    }));
  }

  private isOffered({ application, role, permission }: EffectiveRow): boolean {
    const roles = this.catalog.applications().find((one) => one.code === application)?.roles;
    return roles?.find((one) => one.code === role)?.permissions.some((one) => one.code === permission) ?? false;
  }
}

/** Whether the account of a grant `g` is still linked to the person it was given to. As SQL. */
const isLinked = `exists (select 1 from staff_link k where k.account_id = g.account_id and k.staff_member_id = g.staff_member_id and k.ended_at is null)`;
