import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Location } from '#sites';
import type { GrantCause, GrantState } from './grant-version.js';

/** A period of somebody's grant, as it was believed. */
export interface PastGrant {
  grantId: string;
  accountId: string;
  staffMemberId: string;
  application: string;
  role: string;
  permission: string;
  location: Location;
  systemCode: string;
  /** The whole period, also where only a part of it was asked for. */
  fromAt: Date;
  /** Absent: for good. */
  toAt?: Date;
  state: GrantState;
  /** Why it is known so, since when, and through whom (staff member; absent for the system). */
  cause: GrantCause;
  reason?: string;
  recordedAt: Date;
  by?: string;
}

interface PastRow extends Omit<PastGrant, 'location' | 'fromAt' | 'toAt' | 'recordedAt'>, Location {
  fromAt: string;
  toAt: string | null;
  recordedAt: string;
}

const columns = `v.grant_id as "grantId", v.account_id as "accountId", v.staff_member_id as "staffMemberId", v.application, v.role,
  v.permission, v.level, v.code, v.system_code as "systemCode", v.from_at as "fromAt", v.to_at as "toAt", v.state, v.cause, v.reason,
  v.recorded_at as "recordedAt", v.by_staff_member_id as by`;

/** Who could do what, when, and when we believed it. It tells of grants; whether an account could sign in then is not in them. */
@Injectable()
export class GrantHistory {
  constructor(private readonly em: EntityManager) {}

  /**
   * Who held a permission at a place at an instant; not those for whom it rested. Of a site, what was given for the site
   * itself; what was given for its whole system is asked of the system.
   * @param permission absent = any of the application
   * @param validUntil with it: at any moment from `validAt` up to then
   * @param believedAt what was on record at that instant; absent = what is on record now
   */
  async whoHad(asked: {
    application: string;
    permission?: string;
    location: Location;
    validAt: Date;
    validUntil?: Date;
    believedAt?: Date;
  }): Promise<PastGrant[]> {
    const { application, permission, location, validAt, validUntil, believedAt } = asked;
    return this.past(
      `v.code = ? and v.application = ? and v.level = ? and v.state = 'active' ${permission === undefined ? '' : 'and v.permission = ?'}
       and v.from_at ${validUntil ? '<' : '<='} ? and coalesce(v.to_at > ? and v.to_at > v.from_at, true)`,
      [
        location.code,
        application,
        location.level,
        ...(permission === undefined ? [] : [permission]),
        validUntil ?? validAt,
        validAt,
      ],
      believedAt,
    );
  }

  /**
   * What a person held from one instant up to another, active or resting.
   * @param believedAt as in `whoHad`
   */
  async ofPerson(
    staffMemberId: string,
    { from, to, believedAt }: { from: Date; to: Date; believedAt?: Date },
  ): Promise<PastGrant[]> {
    return this.past(
      `v.staff_member_id = ? and v.from_at < ? and coalesce(v.to_at > ? and v.to_at > v.from_at, true)`,
      [staffMemberId, to, from],
      believedAt,
    );
  }

  /** All that was ever recorded of a grant, in the order it was recorded. */
  async lifeOf(grantId: string): Promise<PastGrant[]> {
    return this.read(`v.grant_id = ?`, [grantId], 'v.recorded_at, v.from_at');
  }

  private past(where: string, values: unknown[], believedAt: Date | undefined): Promise<PastGrant[]> {
    const believed = believedAt
      ? `v.recorded_at <= ? and coalesce(v.superseded_at > ?, true)`
      : `v.superseded_at is null`;
    return this.read(
      `${where} and ${believed}`,
      [...values, ...(believedAt ? [believedAt, believedAt] : [])],
      'v.staff_member_id, v.application, v.code, v.permission, v.from_at',
    );
  }

  private async read(where: string, values: unknown[], order: string): Promise<PastGrant[]> {
    const rows = await this.em.execute<PastRow[]>(
      `select ${columns} from grant_version v where ${where} order by ${order}`,
      values,
    );
    return rows.map(({ level, code, fromAt, toAt, recordedAt, reason, by, ...row }) => ({
      ...row,
      location: { level, code },
      fromAt: new Date(fromAt),
      toAt: toAt ? new Date(toAt) : undefined,
      recordedAt: new Date(recordedAt),
      reason: reason ?? undefined,
      by: by ?? undefined,
    }));
  }
}
