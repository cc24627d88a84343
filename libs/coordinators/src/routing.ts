import { barred, holdsPlace, isMeant, judge, type Seat, type Seen, seenBy } from './routing-judge.js';
import type { Assignment, NamedDecider, Routing, RoutingLine, RoutingSnapshot } from './routing-types.js';
import { reasonsFor } from './routing-words.js';

/**
 * Who decides a line, and why. The rule is the table in docs/routing.md: the first row with somebody in it decides, and
 * the state desk is the last row. A line that was asked in vain (`passed`) gets the next row too. Depends on nothing but
 * its arguments. Looks only at the coordinators of the answering system and of the state, so it takes as long whatever the
 * size of the country.
 */
export function whoDecides(snapshot: RoutingSnapshot, line: RoutingLine): Routing {
  const own = line.systemCode === undefined ? [] : (snapshot.bySystem.get(line.systemCode) ?? []);
  return routed(
    snapshot.version,
    line,
    [...own, ...snapshot.state].filter((one) => isMeant(one, line)).map((one) => seenBy(line, one)),
  );
}

/** The answer from what a line saw. */
export function routed(version: string, line: RoutingLine, seen: Seen[]): Routing {
  const { candidates, row, passed } = judge(line, seen);
  const deciders = onePerPerson([...row, ...passed]);
  const first = row[0]?.candidate;
  return {
    deciders,
    stateDesk: !first || (first.reach === 'state' && !first.duty),
    reasons: reasonsFor(line, row, deciders, candidates),
    trace: {
      version,
      rule: first
        ? `${first.duty ?? first.reach}${first.application === undefined ? '' : ', this application only'}`
        : 'state desk, nobody there',
      line,
      candidates,
    },
  };
}

/**
 * Whether a scope, own or borrowed, holds a line: whoever has one may act. Nobody acts by it on what the person it is
 * borrowed from may not decide.
 */
export const covers = (one: Assignment, line: RoutingLine): boolean =>
  isMeant(one, line) &&
  holdsPlace(seenBy(line, one), line) &&
  (one.application === undefined || one.application === line.application) &&
  (one.coversForId === undefined || !barred(one.coversForId, line));

/** Whether an assignment is one of the state desk: reach over the state, for every application. */
export const isStateDesk = (one: Assignment): boolean =>
  one.reach === 'state' && one.application === undefined && one.duty === undefined;

/** A person in two seats is named once, by one of the deciding row and an own assignment first; in order of names. */
function onePerPerson(row: Seat[]): NamedDecider[] {
  const people = new Map<string, NamedDecider>();
  const order = ({ cover, passed }: Seat): number => (passed ? 2 : 0) + (cover ? 1 : 0);
  for (const seat of [...row].sort((one, other) => order(one) - order(other))) {
    const decider = deciderIn(seat);
    if (!people.has(decider.staffMemberId)) people.set(decider.staffMemberId, decider);
  }
  return [...people.values()].sort(
    (one, other) => compare(one.name, other.name) || compare(one.staffMemberId, other.staffMemberId),
  );
}

function deciderIn({ candidate, cover, passed }: Seat): NamedDecider {
  const { coordinatorId, reach, duty, application } = candidate;
  const { staffMemberId, name } = cover ?? candidate;
  return {
    staffMemberId,
    coordinatorId,
    name,
    reach,
    ...(duty && { duty }),
    ...(application !== undefined && { application }),
    ...(cover && { coverId: cover.id, coversFor: candidate.name, until: cover.until }),
    ...(passed && { passed }),
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
