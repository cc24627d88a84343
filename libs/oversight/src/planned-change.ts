/** A change that can be tried before it is made. Days are 'YYYY-MM-DD'. */
export type PlannedChange =
  | { kind: 'stand-down'; coordinatorId: string; day?: string; reason: string }
  | { kind: 'end'; coordinatorId: string; day?: string; reason: string; takeOver?: boolean }
  | { kind: 'designation-grant'; designationId: string; version: number }
  | {
      kind: 'cover';
      coordinatorId: string;
      staffMemberId: string;
      siteCodes?: string[];
      application?: string;
      fromDay: string;
      toDay: string;
    }
  | { kind: 'serve'; siteCode: string; systemCode: string | null; fromDay?: string }
  | { kind: 'move'; siteCode: string; systemCode: string; fromDay?: string }
  | { kind: 'close'; siteCode: string; reason: string }
  | { kind: 'merge'; siteCode: string; intoCode: string }
  | { kind: 'register'; changeId: string; only?: string[] };

/** Who some open lines wait for. */
export interface WaitsFor {
  /** Names of the deciders as other people read them; empty when nobody is at the state desk. */
  names: string[];
  stateDesk: boolean;
}

/** Open lines that a change sends from the same people to the same people. */
export interface PlannedMove {
  from: WaitsFor;
  to: WaitsFor;
  /** How many lines (permissions asked for), and the requests they belong to: 'R-2026-000123'. */
  lines: number;
  references: string[];
}

/** A site whose nearest coordinators all go. */
export interface UncoveredSite {
  code: string;
  name: string;
  /** Names of the applications this is so for; absent: for all. */
  applications?: string[];
  /** Who decides there then: the coordinators of the school system, or nobody nearer than the state desk. */
  left: 'system' | 'state';
}

/** What a change would do. The same plan has the same hash. */
export interface Plan {
  /** Hex; `commit` takes it back to make sure that exactly this is saved. */
  hash: string;
  /** The first day on which the plan holds, 'YYYY-MM-DD'. */
  day: string;
  moves: PlannedMove[];
  /** How many open lines come to the state desk. */
  toStateDesk: number;
  /** Sites that lose their only coordinator. */
  uncoveredSites: UncoveredSite[];
  /** School systems that lose their last coordinator of the whole system; `applications` as of a site. */
  systemsWithoutCoordinator: Omit<UncoveredSite, 'left'>[];
  /** The change would be refused; everything else of the plan is empty then. */
  refusal?: { code: string; title: string; detail: string };
}
