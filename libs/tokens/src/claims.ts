import type { EffectivePermission } from '#grants';

/** One permission, and where it holds. Codes only; a system stands for all its sites, also those that come later. */
export interface PermissionClaim {
  application: string;
  role: string;
  permission: string;
  /** Codes of school systems whose every site is meant. */
  systems?: string[];
  /** Codes of single sites. */
  sites?: string[];
}

/** All an application is told about a person besides `sub`. The contract: docs/claims.md. */
export interface PermissionClaims {
  /** 10 digits. */
  staff_id: string;
  permissions?: PermissionClaim[];
  /** Stands in the place of `permissions` when they do not fit: where the whole list is read with this very token. */
  permissions_at?: string;
}

/** What a token may spend on claims, in bytes of JSON, so that it stays under 4 kB with everything else (TK-1). */
export const claimsBudget = 2200;

const byCode = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const key = (one: { application: string; role: string; permission: string }): string =>
  `${one.application} ${one.role} ${one.permission}`;

/**
 * The claims of a person for one application, whole. Pure: equal grants in any order give equal claims.
 * No name, no address, no student: a closed set (TK-1). Codes from requests become values, never claim names (TK-2).
 * @param permissions effective now, of this application's catalogue entries only
 */
export function permissionClaims(staffId: string, permissions: EffectivePermission[]): PermissionClaims {
  const found = new Map<string, { entry: PermissionClaim; systems: Set<string>; sites: Set<string> }>();
  for (const one of permissions) {
    const at = found.get(key(one)) ?? {
      entry: { application: one.application, role: one.role, permission: one.permission },
      systems: new Set(),
      sites: new Set(),
    };
    (one.location.level === 'system' ? at.systems : at.sites).add(one.location.code);
    found.set(key(one), at);
  }
  const entries = [...found.values()].map(({ entry, systems, sites }) => ({
    ...entry,
    ...(systems.size && { systems: [...systems].sort(byCode) }),
    ...(sites.size && { sites: [...sites].sort(byCode) }),
  }));
  return { staff_id: staffId, permissions: entries.sort((one, other) => byCode(key(one), key(other))) };
}

/**
 * The claims as an access token for eSER carries them: the whole list, or where to read it when it is too long.
 * @param listAt address of the userinfo endpoint
 */
export function eserClaims(staffId: string, permissions: EffectivePermission[], listAt: string): PermissionClaims {
  const whole = permissionClaims(staffId, permissions);
  return Buffer.byteLength(JSON.stringify(whole)) <= claimsBudget
    ? whole
    : { staff_id: staffId, permissions_at: listAt };
}

/** Claims at userinfo and introspection: always the whole list. Empty for a client without permissions of its own. */
export const wholeClaims = (person: {
  staffId?: string;
  permissions: EffectivePermission[];
}): Record<string, unknown> =>
  person.staffId !== undefined && person.permissions.length
    ? { ...permissionClaims(person.staffId, person.permissions) }
    : {};
