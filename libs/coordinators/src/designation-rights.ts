import type { DesignationStatus } from './designation-form.js';
import { designationSteps, type DesignationVerb } from './designation-view.js';

/** A row of the form; ids are staff members'. */
export interface DesignationRow {
  id: string;
  staffMemberId: string;
  reach: 'site' | 'group' | 'system';
  systemCode: string;
  application: string | null;
  fromDay: string;
  toDay: string | null;
  reason: string;
  status: DesignationStatus;
  version: number;
  proposedBy: string;
  coordinatorId: string | null;
  createdAt: string;
  siteCodes: string[];
  siteCount: number;
}

/** Who looks: decides what is shown and what may be done. */
export interface DesignationLooker {
  person?: string;
  desk: boolean;
  /** Systems the person heads. */
  heads: string[];
}

/** Whether somebody sees a form at all. */
export const seesDesignation = (row: DesignationRow, { person, desk, heads }: DesignationLooker): boolean =>
  desk || row.staffMemberId === person || heads.includes(row.systemCode);

/** Who may take which step: the state office by somebody not concerned, the person, the head (CO-3). */
export function mayStep(
  row: DesignationRow,
  verb: DesignationVerb,
  { person, desk, heads }: DesignationLooker,
): boolean {
  if (person === undefined) return false;
  if (verb === 'ask') return person === row.staffMemberId;
  if (verb === 'withdraw') return person === row.staffMemberId || heads.includes(row.systemCode);
  return desk && person !== row.staffMemberId && person !== row.proposedBy;
}

/** What somebody may do with a form as it stands. */
export const verbsOf = (row: DesignationRow, looker: DesignationLooker): DesignationVerb[] =>
  (Object.keys(designationSteps) as DesignationVerb[]).filter(
    (verb) => designationSteps[verb].from.includes(row.status) && mayStep(row, verb, looker),
  );
