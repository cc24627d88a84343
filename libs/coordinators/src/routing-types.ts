import type { Location } from '#sites';
import type { Reach } from './coordinator.js';
import type { StepDuty } from './duty.js';

/** Why somebody in office cannot decide anything today: no account that can sign in, or no statement in force. */
export type Hindrance = 'cannot-sign-in' | 'unsigned';

/** Somebody who stands in for a coordinator, in force on the day of the snapshot. */
export interface CoverOf {
  id: string;
  /** The person who stands in; `name` is how other people read it. */
  staffMemberId: string;
  name: string;
  /** Only for these sites; absent = for all the assignment holds. */
  siteCodes?: ReadonlySet<string>;
  /** Only for this application. */
  application?: string;
  /** 'YYYY-MM-DD', the first day back. */
  until: string;
  hindrance?: Hindrance;
}

/** A coordinator's assignment as routing sees it. */
export interface Assignment {
  id: string;
  /** The person; `name` is how other people read it. */
  staffMemberId: string;
  name: string;
  reach: Reach;
  /** Not a coordinator but the holder of a duty, for a school system as a whole or for the state. */
  duty?: StepDuty;
  /** Absent for the state. */
  systemCode?: string;
  /** Sites of a site or group assignment. */
  siteCodes: ReadonlySet<string>;
  /** Limit to one application. */
  application?: string;
  /** Nothing may wait for this person. */
  hindrance?: Hindrance;
  covers?: CoverOf[];
  /** Present on a scope that is borrowed by standing in: the cover by which it is held, */
  coverId?: string;
  /** the name of the person who is away, */
  coversFor?: string;
  /** that person's staff member id, */
  coversForId?: string;
  /** and that person's first day back, 'YYYY-MM-DD'. */
  until?: string;
}

/** All assignments of one instant that lines may need, by school system; `version` tells two snapshots apart. */
export interface RoutingSnapshot {
  version: string;
  bySystem: ReadonlyMap<string, readonly Assignment[]>;
  state: readonly Assignment[];
}

/** What is asked for: an application at a location, by a person. */
export interface RoutingLine {
  application: string;
  location: Location;
  /** The school system that answers for the location (`answeringSystem`); absent where none is on record. */
  systemCode?: string;
  /** That system serves the site without owning it. */
  served?: true;
  /** Staff member: nobody decides for himself, as a person (CO-1). */
  requesterId: string;
  /** The duty whose step it waits for; absent for the coordinators' step. */
  duty?: StepDuty;
  /** Staff members who may not decide it either: who entered it for the requester, and who approved an earlier step. */
  excluded?: string[];
  /**
   * The row of docs/routing.md (1 to 8) up to which it was asked in vain: the next row is asked too, and those in the rows
   * before may still decide.
   */
  passed?: number;
  /** Names for the reasons; the codes stand in where they are absent. */
  words?: { place: string; isSchool: boolean; system?: string; application: string };
}

export interface NamedDecider {
  staffMemberId: string;
  /** The assignment by which this person decides, or in whose place. */
  coordinatorId: string;
  name: string;
  reach: Reach;
  /** Decides as the holder of a duty; `coordinatorId` is then of the duty. */
  duty?: StepDuty;
  application?: string;
  /** Stands in: by which cover, for whom, and that person's first day back. */
  coverId?: string;
  coversFor?: string;
  until?: string;
  /** Was asked before, in vain; may still decide. */
  passed?: true;
}

/** What became of one assignment while the line was routed. */
export type Fate =
  | 'decides'
  | 'passed'
  | 'farther'
  | 'not-limited'
  | 'away'
  | 'asks'
  | 'excluded'
  | Hindrance
  | 'other-place'
  | 'other-application';

/**
 * What became of one cover; `absent-asks`: whoever stands in for the requester decides nothing of the requester's;
 * `absent-excluded`: nor what the other may not decide.
 */
export type CoverFate = Exclude<Fate, 'away'> | 'absent-asks' | 'absent-excluded';

/** A cover as the line saw it. */
export interface JudgedCover extends Omit<CoverOf, 'siteCodes'> {
  /** Present when the cover is for some sites only: whether the asked one is among them. */
  holdsSite?: boolean;
  fate: CoverFate;
}

/** An assignment as the line saw it. */
export interface Candidate {
  coordinatorId: string;
  staffMemberId: string;
  name: string;
  reach: Reach;
  duty?: StepDuty;
  systemCode?: string;
  application?: string;
  /** For sites and groups: whether the asked site is among the assignment's. */
  holdsSite?: boolean;
  hindrance?: Hindrance;
  covers?: JudgedCover[];
  fate: Fate;
}

/** Everything the answer was found from, safe to keep as JSON: `replay` finds the same answer from it alone. */
export interface RoutingTrace {
  /** Of the snapshot. */
  version: string;
  /** The row of docs/routing.md that decided. */
  rule: string;
  line: RoutingLine;
  /** Every assignment of the answering system and of the state that the step is about, and what became of it. */
  candidates: Candidate[];
}

export interface Routing {
  /** Whoever of them acts first decides. Empty only when nobody is at the state desk. */
  deciders: NamedDecider[];
  /** The line waits at the state desk. */
  stateDesk: boolean;
  /** Why they, in plain sentences. */
  reasons: string[];
  trace: RoutingTrace;
}
