import type { EntityManager } from '@mikro-orm/postgresql';
import type { CatalogService, DutyConflict } from '#catalog';
import { type EffectivePermission, type EffectiveRow, permissionOf } from './effective.js';
import type { GrantState } from './grant-version.js';

/** A duty somebody has or would have, for some time; from now, and for good, when nothing else is said. */
export interface TimedPermission extends EffectivePermission {
  fromAt?: Date;
  /** The first instant no longer. */
  toAt?: Date;
}

/** A permission a person has or will have at a place, at an account that is linked. */
export interface Holding extends TimedPermission {
  grantId: string;
  fromAt: Date;
  state: GrantState;
}

/** Two duties that meet in one hand although a rule of the catalogue says they should not, or must not. */
export interface DutyMeeting extends DutyConflict {
  application: string;
  /** The wish that brings it about, */
  wish: TimedPermission;
  /** and what it meets: held already, or another wish. */
  meets: TimedPermission;
  held: boolean;
}

const isAt = (one: TimedPermission, other: TimedPermission): boolean =>
  one.location.level === other.location.level
    ? one.location.code === other.location.code
    : one.systemCode === other.systemCode;

const isBefore = ({ toAt }: TimedPermission, { fromAt }: TimedPermission): boolean =>
  !!toAt && !!fromAt && toAt <= fromAt;

/** Whether two duties meet as a rule means it; what holds for a whole system holds at each of its sites. */
const meet = ({ where }: DutyConflict, one: TimedPermission, other: TimedPermission): boolean =>
  !isBefore(one, other) &&
  !isBefore(other, one) &&
  (where === 'same-system' ? one.systemCode === other.systemCode : isAt(one, other));

/** Whether two duties are of one application at one place, with some time in common. */
const share = (one: TimedPermission, other: TimedPermission): boolean =>
  one.application === other.application &&
  one.location.level === other.location.level &&
  one.location.code === other.location.code &&
  !isBefore(one, other) &&
  !isBefore(other, one);

/** Whether a duty ends when another is given: a person has one role of an application at a place (CO-5). */
export const givesWay = (duty: TimedPermission, wish: TimedPermission): boolean =>
  share(duty, wish) && duty.role !== wish.role;

/** Whether a duty is the one that is wished. */
export const isSame = (duty: TimedPermission, wish: TimedPermission): boolean =>
  share(duty, wish) && duty.role === wish.role && duty.permission === wish.permission;

/** Every meeting once, that of two wishes under the later of them. */
export function dutyMeetings(
  catalog: CatalogService,
  wishes: TimedPermission[],
  holdings: TimedPermission[],
): DutyMeeting[] {
  const rules = new Map(catalog.applications().map(({ code, conflicts }) => [code, conflicts]));
  return wishes.flatMap((wish, index) => {
    const others = [
      ...holdings.map((duty) => ({ duty, held: true })),
      ...wishes.slice(0, index).map((duty) => ({ duty, held: false })),
    ];
    return (rules.get(wish.application) ?? []).flatMap((rule) => {
      const at = rule.permissions.indexOf(wish.permission);
      if (at < 0) return [];
      return others
        .filter(
          ({ duty, held }) =>
            duty.application === wish.application &&
            duty.permission === rule.permissions[1 - at] &&
            meet(rule, wish, duty) &&
            !(held && givesWay(duty, wish)),
        )
        .map(({ duty, held: isHeld }) => ({ ...rule, application: wish.application, wish, meets: duty, held: isHeld }));
    });
  });
}

/** What a person holds, or will hold, by an account that is linked; suspended duties count, they can go on. */
export async function holdingsOf(em: EntityManager, staffMemberId: string, at: Date): Promise<Holding[]> {
  const rows = await em.execute<HoldingRow[]>(
    `select v.grant_id, v.application, v.role, v.permission, v.level, v.code, v.system_code, v.from_at, v.to_at, v.state
     from grant_version v
     join staff_link k on k.account_id = v.account_id and k.staff_member_id = v.staff_member_id and k.ended_at is null
     where v.staff_member_id = ? and v.superseded_at is null and coalesce(v.to_at > ? and v.to_at > v.from_at, true)
     order by v.from_at, v.grant_id`,
    [staffMemberId, at],
  );
  return rows.map((row) => ({
    ...permissionOf(row),
    grantId: row.grant_id,
    fromAt: new Date(row.from_at),
    toAt: row.to_at ? new Date(row.to_at) : undefined,
    state: row.state,
  }));
}

interface HoldingRow extends EffectiveRow {
  grant_id: string;
  from_at: string;
  to_at: string | null;
  state: GrantState;
}
