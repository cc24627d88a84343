import { type Reach, reaches } from './coordinator.js';
import type {
  Assignment,
  Candidate,
  JudgedCover,
  CoverFate,
  CoverOf,
  Fate,
  RoutingLine,
  RoutingTrace,
} from './routing-types.js';

/** An assignment as a line sees it, before anything is said about it. */
export interface Seen extends Omit<Candidate, 'fate' | 'covers'> {
  covers?: Omit<JudgedCover, 'fate'>[];
}

/** Somebody who can decide the line, in a row of docs/routing.md. */
export interface Seat {
  candidate: Candidate;
  /** Present when the person stands in for the candidate. */
  cover?: JudgedCover;
  /** In a row that was asked before, in vain. */
  passed?: true;
}

type Ranked = Pick<Candidate, 'reach' | 'application' | 'duty'>;

/**
 * Rank in docs/routing.md: nearest reach first; within one reach those limited to the application first. In a step of a
 * duty the state's coordinators come last, all of them.
 */
const rankOf = (one: Ranked, { duty }: RoutingLine): number =>
  reaches.indexOf(one.reach) * 2 + (one.application === undefined || one.duty !== duty ? 1 : 0);

/**
 * Whether somebody can be meant by the step a line is at: coordinators by theirs, the holders of a duty by that of the duty;
 * the state's coordinators by every step, in the place of whoever is missing.
 */
export const isMeant = (one: Pick<Candidate, 'reach' | 'duty'>, { duty }: RoutingLine): boolean =>
  one.duty === duty || (one.reach === 'state' && one.duty === undefined);

/** Why a person may not decide a line, whatever the scope: never one's own, never what one had a hand in before (CO-1). */
export function barred(staffMemberId: string, { requesterId, excluded }: RoutingLine): 'asks' | 'excluded' | undefined {
  if (staffMemberId === requesterId) return 'asks';
  return excluded?.includes(staffMemberId) ? 'excluded' : undefined;
}

/** What of an assignment matters for a line: of its sites only whether the asked one is among them. */
export function seenBy(line: RoutingLine, one: Assignment): Seen {
  const { id, staffMemberId, name, reach, duty, systemCode, siteCodes, application, hindrance } = one;
  const holds = (codes: ReadonlySet<string>): boolean =>
    line.location.level === 'site' && codes.has(line.location.code);
  const cover = ({ siteCodes: only, ...rest }: CoverOf): Omit<JudgedCover, 'fate'> =>
    only ? { ...rest, holdsSite: holds(only) } : rest;
  return {
    coordinatorId: id,
    staffMemberId,
    name,
    reach,
    ...(duty && { duty }),
    ...(systemCode !== undefined && { systemCode }),
    ...(application !== undefined && { application }),
    ...((reach === 'site' || reach === 'group') && { holdsSite: holds(siteCodes) }),
    ...(hindrance && { hindrance }),
    ...(one.covers?.length && { covers: one.covers.map(cover) }),
  };
}

/**
 * Whether a place is within a reach. A system as a whole needs an assignment for the system: a group of all its sites is not
 * enough (CO-2). The system is the answering one, never read from a code (AC-5).
 */
export const holdsPlace = (
  one: Pick<Candidate, 'reach' | 'systemCode' | 'holdsSite'>,
  { systemCode }: RoutingLine,
): boolean =>
  one.reach === 'state' ||
  (systemCode !== undefined && one.systemCode === systemCode && (one.reach === 'system' || one.holdsSite === true));

const holdsApplication = (one: { application?: string }, line: RoutingLine): boolean =>
  one.application === undefined || one.application === line.application;

/** Whether a cover is for this line, whatever its person can do. */
const isFor = (cover: Omit<JudgedCover, 'fate'>, line: RoutingLine): boolean =>
  cover.holdsSite !== false && holdsApplication(cover, line);

/** Why an assignment cannot decide a line, whatever others there are. */
function hindered(one: Seen, line: RoutingLine): Fate | undefined {
  if (!holdsPlace(one, line)) return 'other-place';
  if (!holdsApplication(one, line)) return 'other-application';
  const own = barred(one.staffMemberId, line);
  if (own) return own;
  return one.covers?.some((cover) => isFor(cover, line)) ? 'away' : one.hindrance;
}

/** Why whoever stands in cannot decide a line. */
function coverHindered(cover: Omit<JudgedCover, 'fate'>, one: Seen, line: RoutingLine): CoverFate | undefined {
  if (!holdsPlace(one, line) || cover.holdsSite === false) return 'other-place';
  if (!holdsApplication(one, line) || !holdsApplication(cover, line)) return 'other-application';
  const own = barred(cover.staffMemberId, line);
  if (own) return own;
  const absent = barred(one.staffMemberId, line);
  return absent ? `absent-${absent}` : cover.hindrance;
}

/**
 * Says of every assignment, and of everybody who stands in, what becomes of it for the line. The first row of
 * docs/routing.md with somebody in it decides; of a line that was passed on, the first row after those asked in vain.
 * @returns all candidates in the order given, the seats of the deciding row, and those of the rows asked before
 */
export function judge(line: RoutingLine, seen: Seen[]): { candidates: Candidate[]; row: Seat[]; passed: Seat[] } {
  const { passed = 0 } = line;
  const looked = seen.map(({ covers, ...one }) => ({
    one,
    rank: rankOf(one, line),
    fate: hindered({ ...one, covers }, line),
    covers: covers?.map((cover) => ({ cover, fate: coverHindered(cover, one, line) })),
  }));
  const able = looked.filter(({ fate, covers }) => !fate || covers?.some((each) => !each.fate));
  const best = Math.min(...able.map(({ rank }) => rank).filter((rank) => rank >= passed));
  const winner = rowReach(best);
  const isBehind = (one: Seen): boolean => one.reach === winner && one.duty === line.duty;
  const beaten = (one: Seen, rank: number): 'decides' | 'passed' | 'not-limited' | 'farther' =>
    rank < passed ? 'passed' : rank === best ? 'decides' : isBehind(one) ? 'not-limited' : 'farther';
  const candidates = looked.map(({ one, rank, fate, covers }): Candidate => {
    const result = beaten(one, rank);
    return {
      ...one,
      ...(covers && { covers: covers.map((each) => ({ ...each.cover, fate: each.fate ?? result })) }),
      fate: fate ?? result,
    };
  });
  return {
    candidates,
    row: candidates.flatMap((one) => seatsOf(one, 'decides')),
    passed: candidates.flatMap((one) => seatsOf(one, 'passed')).map((seat) => ({ ...seat, passed: true })),
  };
}

/** The row of docs/routing.md that decides, 1 to 8; where nobody is left, the last. */
export function decidingRow({ candidates, line }: Pick<RoutingTrace, 'candidates' | 'line'>): number {
  const first = candidates.find((one) => seatsOf(one, 'decides').length > 0);
  return first ? rankOf(first, line) + 1 : 2 * reaches.length;
}

/** The reach of a rank; without anybody, the state's. */
const rowReach = (rank: number): Reach => reaches[Math.floor(rank / 2)] ?? 'state';

const seatsOf = (candidate: Candidate, wanted: 'decides' | 'passed'): Seat[] => [
  ...(candidate.fate === wanted ? [{ candidate }] : []),
  ...(candidate.covers ?? []).filter(({ fate }) => fate === wanted).map((cover) => ({ candidate, cover })),
];
