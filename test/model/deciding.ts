import type { Choose } from './verb.js';
import { isOpen, isSigned, type ModelLine, type ModelRequest, systemOf, type World } from './world.js';
import { hasScope, mayDecide } from './who-decides.js';

/** A decision of some lines, by their numbers. */
export interface Decide {
  by: string;
  request: string;
  /** That the decider saw. */
  version: number;
  decisions: [line: number, verdict: 'approve' | 'reject'][];
}

/** One, some or all lines, each with a verdict; approvals more often. */
export function chosenLines(lines: ModelLine[], choose: Choose): Decide['decisions'] {
  const all = lines.map((_, at) => at);
  const picked = choose([all, all, [choose(all)!]])!;
  return picked.map((line) => [line, choose(['approve', 'approve', 'reject'] as const)!]);
}

const after = { approve: 'approved', reject: 'rejected' };

/**
 * What becomes of a decision.
 * @param only `look`: as far as everything is asked before one of many requests is touched
 */
export function decided(world: World, { by, request: name, version, decisions }: Decide, only?: 'look'): string {
  const request = world.requests[name]!;
  const chosen = decisions.map(([at]) => request.lines[at]!);
  if (request.person === by) return 'requests.own-request';
  const refused = chosen.find((line) => !mayDecide(world, by, request.person, line));
  if (only === 'look') return refused && !mayKnow(world, by, request, refused) ? 'requests.not-found' : 'done';
  if (!world.people[by]!.open) return 'requests.not-found';
  if (refused) return refusal(world, by, request, chosen);
  return (
    stale(world, by, request, version, decisions) ??
    ungrantable(world, request, decisions) ??
    settle(world, name, by, decisions)
  );
}

const mayKnow = (world: World, by: string, { person }: ModelRequest, line: ModelLine): boolean =>
  hasScope(world, by, person, line) || (line.status === 'pending' && line.routed.includes(by));

/** All lines of a request here go one way. */
function refusal(world: World, by: string, request: ModelRequest, lines: ModelLine[]): string {
  if (hasScope(world, by, request.person, lines[0]!) && !isSigned(world, by)) return 'coordinators.unsigned';
  return lines.some((line) => mayKnow(world, by, request, line)) ? 'requests.no-longer-yours' : 'requests.not-found';
}

function stale(
  world: World,
  by: string,
  request: ModelRequest,
  version: number,
  decisions: Decide['decisions'],
): string | undefined {
  if (request.version === version) return undefined;
  const share = request.lines.filter((line) => mayDecide(world, by, request.person, line));
  if (!share.some(({ settled = 0 }) => settled > version)) return undefined;
  const mine = decisions.every(
    ([at, verdict]) => request.lines[at]!.decidedBy === by && request.lines[at]!.status === after[verdict],
  );
  return mine ? 'requests.already-decided' : 'requests.changed';
}

/** Everything is asked before anything is written. */
function ungrantable(world: World, request: ModelRequest, decisions: Decide['decisions']): string | undefined {
  const approved = decisions.filter(([, verdict]) => verdict === 'approve').map(([at]) => request.lines[at]!);
  if (approved.length && !world.people[request.person]!.open) return 'requests.not-grantable';
  return approved.some(({ place }) => !isOpen(world, place)) ? 'requests.not-grantable' : undefined;
}

/** Line by line; the first that fails undoes all. */
function settle(world: World, name: string, by: string, decisions: Decide['decisions']): string {
  const next = structuredClone(world);
  const request = next.requests[name]!;
  request.version++;
  for (const [at, verdict] of decisions) {
    const line = request.lines[at]!;
    if (line.status !== 'pending') return 'requests.already-decided';
    Object.assign(line, { status: after[verdict], settled: request.version, decidedBy: by });
    if (verdict === 'reject') continue;
    const { application, role, permission, place } = line;
    const held = Object.values(next.grants).filter(
      (one) =>
        one.person === request.person &&
        one.application === application &&
        one.place === place &&
        one.state !== 'ended',
    );
    if (held.some((one) => one.role !== role)) return 'grants.other-role';
    if (held.some((one) => one.permission === permission)) return 'grants.already-held';
    const { person } = request;
    const system = systemOf(next, place);
    next.grants[`${name}.${at}`] = { person, application, role, permission, place, system, state: 'active' };
  }
  Object.assign(world, next);
  return 'done';
}
