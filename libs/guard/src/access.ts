import { GuardRefusal } from './refusal.js';

/** One permission of a person in this application, and where it holds. */
export interface HeldPermission {
  /** Code of the application in the catalogue. */
  application: string;
  role: string;
  permission: string;
  /** Codes of school systems; each stands for all its sites. */
  systems: string[];
  /** Codes of single sites. */
  sites: string[];
}

/** A place in the application's own words: the school system, and the site when it is about one. */
export interface Place {
  system: string;
  site?: string;
}

interface Claims {
  sub: string;
  exp: number;
  iat: number;
  client_id: string;
  staff_id: string;
  permissions: HeldPermission[];
}

/** What a verified token says about a person. Ask `may`; nothing else here opens anything. */
export class VerifiedAccess {
  /** The person's account. Stable, and tells nothing about them. */
  readonly subject: string;
  /** State-wide Staff ID, 10 digits. */
  readonly staffId: string;
  readonly clientId: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly permissions: readonly HeldPermission[];

  constructor(claims: Claims) {
    this.subject = claims.sub;
    this.staffId = claims.staff_id;
    this.clientId = claims.client_id;
    this.issuedAt = claims.iat * 1000;
    this.expiresAt = claims.exp * 1000;
    this.permissions = claims.permissions;
  }

  /**
   * May this person do that there?
   * @param permission code, such as `iep-form-writer`
   * @param place with a site: a permission for the site or for its whole system. Without: for the whole system only.
   *   The system of a site comes from your own register; it is not always the beginning of the site's code.
   */
  may(permission: string, place: Place): boolean {
    return this.permissions.some(
      (held) =>
        held.permission === permission &&
        (held.systems.includes(place.system) || (place.site !== undefined && held.sites.includes(place.site))),
    );
  }

  /** Where a permission holds; undefined when it is not held anywhere. For lists and menus; decide with `may`. */
  where(permission: string): { systems: string[]; sites: string[] } | undefined {
    const held = this.permissions.filter((one) => one.permission === permission);
    if (!held.length) return undefined;
    return { systems: held.flatMap((one) => one.systems), sites: held.flatMap((one) => one.sites) };
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0;
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

/** The permissions of a claim set, each with both lists. @throws GuardRefusal when the claim is not of the agreed form */
export function readPermissions(claim: unknown): HeldPermission[] {
  if (!Array.isArray(claim)) throw new GuardRefusal('token.wrong-claims');
  return claim.map((one: Partial<HeldPermission> | null) => {
    const { application, role, permission, systems = [], sites = [] } = one ?? {};
    if (!isText(application) || !isText(role) || !isText(permission) || !isTexts(systems) || !isTexts(sites))
      throw new GuardRefusal('token.wrong-claims');
    return { application, role, permission, systems, sites };
  });
}
