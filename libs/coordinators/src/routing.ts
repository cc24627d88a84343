import type { Location } from '#sites';
import { type Reach, reaches } from './coordinator.js';
import { reasonsFor } from './routing-words.js';

/** A coordinator's assignment as routing sees it. */
export interface Assignment {
  id: string;
  /** The person; `name` is how other people read it. */
  staffMemberId: string;
  name: string;
  reach: Reach;
  /** Absent for the state. */
  systemCode?: string;
  /** Sites of a site or group assignment. */
  siteCodes: string[];
  /** Limit to one application. */
  application?: string;
  /** False: has no account that can sign in, so nothing may wait for this person. Absent means true. */
  canAct?: boolean;
}

/** All assignments of one instant that a line may need; `version` tells two snapshots apart. */
export interface RoutingSnapshot {
  coordinators: Assignment[];
  version: string;
}

/** What is asked for: an application at a location of a system, by a person. */
export interface RoutingLine {
  application: string;
  location: Location;
  systemCode: string;
  /** Staff member: nobody decides for himself, as a person (CO-1). */
  requesterId: string;
  /** Names for the reasons; the codes stand in where they are absent. */
  words?: { place: string; isSchool: boolean; system: string; application: string };
}

export interface NamedDecider {
  staffMemberId: string;
  /** The assignment by which this person decides. */
  coordinatorId: string;
  name: string;
  reach: Reach;
  application?: string;
}

/** What became of one assignment while the line was routed. */
export type Fate =
  'decides' | 'farther' | 'not-limited' | 'asks' | 'cannot-sign-in' | 'other-place' | 'other-application';

export interface Candidate extends Omit<NamedDecider, 'name'> {
  fate: Fate;
}

export interface Routing {
  /** Whoever of them acts first decides. Empty only when nobody is at the state desk. */
  deciders: NamedDecider[];
  /** The line waits at the state desk. */
  stateDesk: boolean;
  /** Why they, in plain sentences. */
  reasons: string[];
  /** Every assignment that was looked at, and what became of it. */
  trace: { version: string; rule: string; line: Omit<RoutingLine, 'words'>; candidates: Candidate[] };
}

/** Rank in docs/routing.md: nearest reach first; within one reach those limited to the application first. */
const rank = (one: Pick<Assignment, 'reach' | 'application'>): number =>
  reaches.indexOf(one.reach) * 2 + (one.application === undefined ? 1 : 0);

const isAtPlace = (one: Assignment, line: RoutingLine): boolean => {
  if (one.reach === 'state') return true;
  if (one.systemCode !== line.systemCode) return false;
  return one.reach === 'system' || (line.location.level === 'site' && one.siteCodes.includes(line.location.code));
};

/**
 * Whether an assignment's scope holds the line. A system as a whole needs an assignment for the system: a group of all its
 * sites is not enough (CO-2). The system is the line's stored one, never read from a code (AC-5).
 */
export const covers = (one: Assignment, line: RoutingLine): boolean =>
  isAtPlace(one, line) && (one.application === undefined || one.application === line.application);

/** Whether an assignment is one of the state desk: reach over the state, for every application. */
export const isStateDesk = (one: Assignment): boolean => one.reach === 'state' && one.application === undefined;

/** Why an assignment cannot decide a line, whatever others there are. */
function hindrance(one: Assignment, line: RoutingLine): Fate | undefined {
  if (!isAtPlace(one, line)) return 'other-place';
  if (!covers(one, line)) return 'other-application';
  if (one.staffMemberId === line.requesterId) return 'asks';
  return one.canAct === false ? 'cannot-sign-in' : undefined;
}

/**
 * Who decides a line, and why. The rule is the table in docs/routing.md: the first row with somebody in it decides, and
 * the state desk is the last row. Depends on nothing but its arguments, and not on their order.
 */
export function whoDecides(snapshot: RoutingSnapshot, line: RoutingLine): Routing {
  const open = snapshot.coordinators.filter((one) => !hindrance(one, line));
  const best = Math.min(...open.map(rank));
  const winner = reaches[Math.floor(best / 2)] ?? 'state';
  const beaten = (one: Assignment): Fate => (one.reach === winner ? 'not-limited' : 'farther');
  const fateOf = (one: Assignment): Fate => hindrance(one, line) ?? (rank(one) === best ? 'decides' : beaten(one));
  const judged = [...snapshot.coordinators]
    .sort((one, other) => compare(one.id, other.id))
    .map((one) => ({ one, fate: fateOf(one) }));
  const deciders = onePerPerson(judged.filter(({ fate }) => fate === 'decides').map(({ one }) => one));
  const { words: _, ...facts } = line;
  return {
    deciders: deciders.map((one) => ({ ...partsOf(one), name: one.name })),
    stateDesk: winner === 'state',
    reasons: reasonsFor(line, winner, deciders, judged),
    trace: {
      version: snapshot.version,
      rule: deciders[0]
        ? `${winner}${deciders[0].application === undefined ? '' : ', this application only'}`
        : 'state desk, nobody there',
      line: facts,
      candidates: judged.map(({ one, fate }) => ({ ...partsOf(one), fate })),
    },
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const partsOf = ({ staffMemberId, id, reach, application }: Assignment): Omit<NamedDecider, 'name'> => ({
  staffMemberId,
  coordinatorId: id,
  reach,
  ...(application !== undefined && { application }),
});

/** A person with two assignments is named once, by the first of them; people in order of their names. */
function onePerPerson(assignments: Assignment[]): Assignment[] {
  const people = new Map<string, Assignment>();
  for (const one of assignments) if (!people.has(one.staffMemberId)) people.set(one.staffMemberId, one);
  return [...people.values()].sort(
    (one, other) => compare(one.name, other.name) || compare(one.staffMemberId, other.staffMemberId),
  );
}
