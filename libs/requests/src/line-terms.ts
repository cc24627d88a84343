import type { Named } from './request-views.js';

/** A grant of another role at the place, which ends when what was asked for is given: one role at a place (CO-5). */
export interface EndingRole {
  grantId: string;
  role: Named;
  permission: Named;
}

/** Two duties that should not, or must not, meet in one hand, in words. */
export interface DutyWarning {
  /** `forbid`: it cannot be given. */
  effect: 'warn' | 'forbid';
  /** One sentence. */
  because: string;
  /** What is asked for, */
  permission: Named;
  /** and what it meets: held already, or asked for too. */
  meets: Named;
  held: boolean;
  /** Name of the place of what it meets. */
  at: string;
}

/** Less than was asked for, offered by a coordinator. */
export interface OfferView {
  id: string;
  /** Name of the coordinator. */
  by: string;
  at: Date;
  /** The lesser permission; absent: the one that was asked for. */
  permission?: Named;
  /** 'YYYY-MM-DD', the first day no longer; absent: as long as was asked for. */
  toDay?: string;
  reason?: string;
  /** `open` waits for the requester; `over`: the line was settled first. */
  status: 'open' | 'accepted' | 'declined' | 'over';
}

/** The terms of a line: for how long, instead of what, and what of it is or may be given. Days are 'YYYY-MM-DD'. */
export interface LineTerms {
  /** The first day asked for; absent: from the approval on. */
  fromDay?: string;
  /** The first day no longer; absent: for good. */
  toDay?: string;
  /** It asks for a grant to hold longer; `toDay` of it is the first day no longer as it is now. */
  extends?: { grantId: string; toDay?: string };
  /** What is given where it is less than was asked for; both as they are now. */
  given?: { permission: Named; toDay?: string };
  /** While it is open: what would end with it. A decision sends the ids back. */
  ends: EndingRole[];
  /** While it is open: duties that would meet. */
  warnings: DutyWarning[];
  /** While it is open: lesser permissions of the same role that could be given instead. */
  lesser: Named[];
  /** The last offer of less. */
  offer?: OfferView;
}
