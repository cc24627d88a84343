import type { Location } from '#sites';

/** What a person may do at this instant. */
export interface EffectivePermission {
  application: string;
  role: string;
  permission: string;
  location: Location;
  systemCode: string;
}

/** One row of `effectiveRows`. */
export interface EffectiveRow {
  application: string;
  role: string;
  permission: string;
  level: Location['level'];
  code: string;
  system_code: string;
}

/**
 * What an account may do at an instant, as SQL: the one place that says which grants count. Live ones only, of an account
 * that is active and linked to the person they were given to. Statements that read more in the same round trip embed it.
 * @param account SQL for the account's id
 * @param at SQL for the instant; used three times, after `account`
 * @param applications SQL for an array of catalogue codes, null = all; used twice, last
 */
export const effectiveRows = (account: string, at: string, applications: string): string => `
  select g.application, g.role, g.permission, g.level, g.code, g.system_code
  from access_grant g
  join account a on a.id = g.account_id and a.status = 'active'
  join staff_link k on k.account_id = g.account_id and k.staff_member_id = g.staff_member_id and k.ended_at is null
  where g.account_id = ${account} and g.from_at <= ${at} and coalesce(g.to_at > ${at}, true) and coalesce(g.ended_at > ${at}, true)
    and (${applications}::text[] is null or g.application = any (${applications}::text[]))
  order by g.application, g.role, g.permission, g.level desc, g.code`;

export const permissionOf = (row: EffectiveRow): EffectivePermission => ({
  application: row.application,
  role: row.role,
  permission: row.permission,
  location: { level: row.level, code: row.code },
  systemCode: row.system_code,
});
