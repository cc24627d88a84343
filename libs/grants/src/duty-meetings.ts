import type { EntityManager } from '@mikro-orm/postgresql';
import type { CatalogService, DutyConflict } from '#catalog';
import { type EffectivePermission, type EffectiveRow, permissionOf } from './effective.js';

/** A duty somebody has or would have. */
type Duty = Pick<EffectivePermission, 'application' | 'permission' | 'location' | 'systemCode'>;

/** Two duties that meet in one hand although a rule of the catalogue says they should not, or must not. */
export interface DutyMeeting extends DutyConflict {
  application: string;
  /** The wish that brings it about, */
  wish: Duty;
  /** and what it meets: held already, or another wish. */
  meets: Duty;
  held: boolean;
}

const isAt = (one: Duty, other: Duty): boolean =>
  one.location.level === other.location.level
    ? one.location.code === other.location.code
    : one.systemCode === other.systemCode;

/** Whether two duties meet as a rule means it; what holds for a whole system holds at each of its sites. */
const meet = ({ where }: DutyConflict, one: Duty, other: Duty): boolean =>
  where === 'same-system' ? one.systemCode === other.systemCode : isAt(one, other);

/** Every meeting once, that of two wishes under the later of them. */
export function dutyMeetings(catalog: CatalogService, wishes: Duty[], held: Duty[]): DutyMeeting[] {
  const rules = new Map(catalog.applications().map(({ code, conflicts }) => [code, conflicts]));
  return wishes.flatMap((wish, index) => {
    const others = [
      ...held.map((duty) => ({ duty, held: true })),
      ...wishes.slice(0, index).map((duty) => ({ duty, held: false })),
    ];
    return (rules.get(wish.application) ?? []).flatMap((rule) => {
      const at = rule.permissions.indexOf(wish.permission);
      if (at < 0) return [];
      return others
        .filter(
          ({ duty }) =>
            duty.application === wish.application &&
            duty.permission === rule.permissions[1 - at] &&
            meet(rule, wish, duty),
        )
        .map(({ duty, held: isHeld }) => ({ ...rule, application: wish.application, wish, meets: duty, held: isHeld }));
    });
  });
}

/** What a person holds, or will hold, by an account that is linked; suspended duties count, they can go on. */
export async function dutiesOf(em: EntityManager, staffMemberId: string, at: Date): Promise<Duty[]> {
  const rows = await em.execute<EffectiveRow[]>(
    `select distinct v.application, v.role, v.permission, v.level, v.code, v.system_code from grant_version v
     join staff_link k on k.account_id = v.account_id and k.staff_member_id = v.staff_member_id and k.ended_at is null
     where v.staff_member_id = ? and v.superseded_at is null and coalesce(v.to_at > ?, true)`,
    [staffMemberId, at],
  );
  return rows.map(permissionOf);
}
