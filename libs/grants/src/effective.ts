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
 * What an account may do at an instant, as SQL: the one place that says which grants count. As believed now,
 * active and within their time only, of an account
 * that is active and linked to the person they were given to. Statements that read more in the same round trip embed it.
 * @param account SQL for the account's id
 * @param at SQL for the instant; used twice, after `account`
 * @param applications SQL for an array of catalogue codes, null = all; used twice, last
 */
export const effectiveRows = (account: string, at: string, applications: string): string => `
  select v.application, v.role, v.permission, v.level, v.code, v.system_code
  from grant_version v
  join account a on a.id = v.account_id and a.status = 'active'
  join staff_link k on k.account_id = v.account_id and k.staff_member_id = v.staff_member_id and k.ended_at is null
  where v.account_id = ${account} and v.superseded_at is null and v.state = 'active'
    and v.from_at <= ${at} and coalesce(v.to_at > ${at}, true)
    and (${applications}::text[] is null or v.application = any (${applications}::text[]))
  order by v.application, v.role, v.permission, v.level desc, v.code`;

export const permissionOf = (row: EffectiveRow): EffectivePermission => ({
  application: row.application,
  role: row.role,
  permission: row.permission,
  location: { level: row.level, code: row.code },
  systemCode: row.system_code,
});
