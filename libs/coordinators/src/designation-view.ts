import type { Reach } from './coordinator.js';
import type { DesignationStatus } from './designation-form.js';

/** What somebody may do with a designation. */
export type DesignationVerb = 'approve' | 'refuse' | 'ask' | 'grant' | 'withdraw';

interface NamedPerson {
  staffMemberId: string;
  name: string;
}
interface NamedPlace {
  code: string;
  name: string;
}

/** A designation as those concerned and the state desk see it. */
export interface DesignationView {
  id: string;
  /** Sent back with a verb: a step on an older look is refused. */
  version: number;
  status: DesignationStatus;
  person: NamedPerson & { staffId: string };
  proposedBy: NamedPerson;
  reach: Exclude<Reach, 'state'>;
  system: NamedPlace;
  /** The first 3 in a list, all of them for one designation. */
  sites: NamedPlace[];
  siteCount: number;
  application?: NamedPlace;
  /** 'YYYY-MM-DD' */
  fromDay: string;
  toDay?: string;
  reason: string;
  createdAt: Date;
  /** The assignment it led to. */
  coordinatorId?: string;
  /** Oldest first; in a list left out. */
  steps: { step: DesignationStatus; by: string; at: Date; note?: string }[];
  /** What the person who looks may do now. */
  may: DesignationVerb[];
}

/** Which step leads where: the whole life of a designation. */
export const designationSteps: Record<DesignationVerb, { from: DesignationStatus[]; to: DesignationStatus }> = {
  approve: { from: ['proposed'], to: 'approved' },
  ask: { from: ['approved'], to: 'asked' },
  grant: { from: ['asked'], to: 'granted' },
  refuse: { from: ['proposed', 'approved', 'asked'], to: 'refused' },
  withdraw: { from: ['proposed', 'approved', 'asked'], to: 'withdrawn' },
};

/** Where it stands, in words that follow "it". */
export const standsInWords: Record<DesignationStatus, string> = {
  proposed: 'waits for the state office to approve it',
  approved: 'is approved and waits for the person to ask for access',
  asked: 'waits for the state office to grant access',
  granted: 'was granted',
  refused: 'was refused',
  withdrawn: 'was taken back',
};
