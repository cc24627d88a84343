import { giving } from './giving.js';
import type { Choose } from './verb.js';
import { isOpen, isSigned, type ModelLine, type ModelRequest, type World } from './world.js';
import { barredFrom, hasScope, mayDecide } from './who-decides.js';

export type ModelVerdict = 'approve' | 'reject' | 'narrow';

/** A decision of some lines, by their numbers. */
export interface Decide {
  by: string;
  request: string;
  /** That the decider saw. */
  version: number;
  /** Each with the grants that were seen to end with it. */
  decisions: [line: number, verdict: ModelVerdict, ends?: string[]][];
}

/** One, some or all lines, each with a verdict; approvals more often. Only what has a lesser permission is narrowed. */
export function chosenLines(world: World, request: string, choose: Choose): Decide['decisions'] {
  const { lines } = world.requests[request]!;
  const all = lines.map((_, at) => at);
  const picked = choose([all, all, [choose(all)!]])!;
  return picked.map((at) => {
    const lesser = lines[at]!.permission === 'ser-data-writer' && !lines[at]!.extends;
    const verdict = choose<ModelVerdict>(
      lesser ? ['approve', 'narrow', 'narrow', 'reject'] : ['approve', 'approve', 'reject'],
    )!;
    return [at, verdict, choose([true, true, true, false]) ? endingWith(world, request, at) : []];
  });
}

/** What another role at the place would end. */
export function endingWith(world: World, request: string, at: number): string[] {
  const { person, lines } = world.requests[request]!;
  const { application, role, place } = lines[at]!;
  return Object.entries(world.grants)
    .filter(([, one]) => one.person === person && one.application === application && one.place === place)
    .filter(([, one]) => one.role !== role && one.state !== 'ended')
    .map(([name]) => name);
}

const after = { approve: 'approved', reject: 'rejected', narrow: 'approved' };

export const isDecidedSo = ({ decidedBy, status }: ModelLine, by: string, verdict: ModelVerdict): boolean =>
  decidedBy === by && status === after[verdict];

/**
 * What becomes of a decision.
 * @param only `look`: as far as everything is asked before one of many requests is touched
 */
export function decided(world: World, { by, request: name, version, decisions }: Decide, only?: 'look'): string {
  const request = world.requests[name]!;
  const chosen = decisions.map(([at]) => request.lines[at]!);
  if (request.person === by) return 'requests.own-request';
  if (only === 'look') {
    const foreign = chosen.some(
      (line) => !mayDecide(world, by, barredFrom(request), line) && !mayKnow(world, by, request, line),
    );
    return foreign ? 'requests.not-found' : 'done';
  }
  return (
    deciderRefusal(world, by, name, chosen) ??
    stale(world, by, request, version, decisions) ??
    ungrantable(
      world,
      request,
      chosen.filter((_, at) => decisions[at]![1] !== 'reject'),
    ) ??
    settle(world, name, by, decisions)
  );
}

/** Why somebody may not decide lines of another's request; all lines of a request here go one way. */
export function deciderRefusal(world: World, by: string, name: string, lines: ModelLine[]): string | undefined {
  const request = world.requests[name]!;
  if (!world.people[by]!.open) return 'requests.not-found';
  if (lines.every((line) => mayDecide(world, by, barredFrom(request), line))) return undefined;
  if (hasScope(world, by, barredFrom(request), lines[0]!) && !isSigned(world, by)) return 'coordinators.unsigned';
  return lines.some((line) => mayKnow(world, by, request, line)) ? 'requests.no-longer-yours' : 'requests.not-found';
}

const mayKnow = (world: World, by: string, request: ModelRequest, line: ModelLine): boolean =>
  hasScope(world, by, barredFrom(request), line) || (line.status === 'pending' && line.routed.includes(by));

function stale(
  world: World,
  by: string,
  request: ModelRequest,
  version: number,
  decisions: Decide['decisions'],
): string | undefined {
  if (request.version === version) return undefined;
  const share = request.lines.filter((line) => mayDecide(world, by, barredFrom(request), line));
  const news = ({ status, settled, offer, answered }: ModelLine): number =>
    status === 'pending' ? Math.max(settled ?? offer?.version ?? 0, answered ?? 0) : settled!;
  if (!share.some((line) => news(line) > version)) return undefined;
  const mine = decisions.every(([at, verdict]) => {
    const line = request.lines[at]!;
    const offered = verdict === 'narrow' && line.status === 'pending' && line.offer?.by === by;
    return offered || isDecidedSo(line, by, verdict);
  });
  return mine ? 'requests.already-decided' : 'requests.changed';
}

/** Everything is asked before anything is written. */
export function ungrantable(world: World, request: ModelRequest, lines: ModelLine[]): string | undefined {
  if (lines.length && !world.people[request.person]!.open) return 'requests.not-grantable';
  return lines.some(({ place }) => !isOpen(world, place)) ? 'requests.not-grantable' : undefined;
}

/** Line by line; the first that fails undoes all. */
function settle(world: World, name: string, by: string, decisions: Decide['decisions']): string {
  const next = structuredClone(world);
  const request = next.requests[name]!;
  request.version++;
  for (const [at, verdict, seen = []] of decisions) {
    const line = request.lines[at]!;
    if (line.status !== 'pending') return 'requests.already-decided';
    if (verdict === 'narrow' && !request.mayNarrow) {
      if (line.offer) next.offers[`${name}.${at}@${line.offer.version}`]!.answer = 'replaced';
      line.offer = { by, version: request.version };
      delete line.asked; // the offer waits for the requester in its place
      next.offers[`${name}.${at}@${request.version}`] = { by };
      continue;
    }
    Object.assign(line, { status: after[verdict], settled: request.version, decidedBy: by });
    const refused = verdict === 'reject' ? undefined : giving(next, name, at, { narrow: verdict === 'narrow', seen });
    if (refused) return refused;
  }
  Object.assign(world, next);
  return 'done';
}
