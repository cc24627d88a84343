/**
 * Who says yes, in this order: the Special Education Supervisor of the school system that answers, the coordinators as
 * docs/routing.md finds them, the owner of the application.
 */
export const approvalSteps = ['special-education-supervisor', 'coordinator', 'application-owner'] as const;
export type ApprovalStep = (typeof approvalSteps)[number];

/** What may be allowed within a role. Codes are unique in their application. */
export interface Permission {
  code: string;
  name: string;
  about: string;
  /** Codes of lesser permissions of the role, which a coordinator may give instead. */
  includes: string[];
}

/** A request names one role and one or more of its permissions. */
export interface Role {
  code: string;
  name: string;
  about: string;
  /** The steps of approval where they are others than the application's. */
  approval?: ApprovalStep[];
  permissions: Permission[];
}

/** Two permissions of an application that one person should not, or must not, hold together (separation of duties). */
export interface DutyConflict {
  permissions: [string, string];
  /** Where they meet: at one site, counting what is held for its whole system; or anywhere in one system. */
  where: 'same-site' | 'same-system';
  effect: 'warn' | 'forbid';
  /** One sentence in people's words. */
  because: string;
}

/** A program people ask to use, as config/catalog/applications.yaml describes it. */
export interface Application {
  code: string;
  name: string;
  /** One sentence in people's words. */
  about: string;
  /** One sentence that helps to choose the right place, shown where it is chosen. */
  placeHint?: string;
  /** Where its permissions can hold. */
  levels: ('system' | 'site')[];
  /**
   * Nonpublic and early-childhood sites come with the public school system that serves them, so that system's coordinators
   * decide there. false: the system that owns the site does.
   */
  servedSites: boolean;
  /**
   * People enter it with their EdLink account only, so that EdLink knows when somebody last did; access that is not used for
   * long rests (CF-5). false: its use is not seen, and nothing follows from that.
   */
  restsUnused: boolean;
  /** The steps a request is approved in, at least one. */
  approval: ApprovalStep[];
  roles: Role[];
  conflicts: DutyConflict[];
  /** false: given by the state office, never asked for (CO-3). */
  requestable: boolean;
}
