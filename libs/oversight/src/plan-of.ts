import { sha256 } from '#kernel';
import type { ForecastLine } from '#requests';
import { locationKey } from '#sites';
import type { ChangeScope } from './change-scopes.js';
import type { Plan, PlannedChange, PlannedMove, UncoveredSite, WaitsFor } from './planned-change.js';
import type { Standing, Standings } from './standings.js';

/** Where open lines go on a day, and how places stand then. */
export interface Outlook {
  lines: ForecastLine[];
  standings: Standings;
}

interface LineMove {
  before: ForecastLine;
  after: ForecastLine;
}

/** What a plan is of; the reason a person gives is no part of it. */
type Planned = { change: PlannedChange } & Pick<ChangeScope, 'day' | 'registerPlan'>;

/** The plan that leads from one outlook to another; depends on nothing else, and not on the order of lines. */
export function planOf({ change, day, registerPlan }: Planned, before: Outlook, after: Outlook): Plan {
  const moved = linesMoved(before.lines, after.lines);
  const lost = standingsLost(before.standings, after.standings);
  const systems = lost.filter(({ was }) => was.location.level === 'system');
  const bereft = new Set(systems.map(({ was }) => `${was.location.code} ${was.application}`));
  // That a system has nobody any more is said of the system, not of each of its sites.
  const sites = lost.filter(
    ({ was, is }) =>
      was.location.level === 'site' &&
      !(was.nearest === 'system' && bereft.has(`${is.systemCode ?? ''} ${was.application}`)),
  );
  const facts = {
    day,
    moves: movesOf(moved),
    toStateDesk: moved.filter(({ before: was, after: is }) => is.stateDesk && !was.stateDesk).length,
    uncoveredSites: byPlace(sites, before.standings),
    systemsWithoutCoordinator: byPlace(systems, before.standings).map(({ left: _, ...system }) => system),
  };
  const exact = moved.map(({ before: was, after: is }) => [was.lineId, keyOf(was), keyOf(is)]);
  const what = { ...change, reason: undefined, registerPlan };
  return { hash: sha256(JSON.stringify([what, facts, exact])), ...facts };
}

/** What tells whom a line waits for from others. */
const keyOf = ({ deciders, stateDesk }: ForecastLine): string =>
  JSON.stringify([stateDesk, deciders.map(({ staffMemberId, coversFor }) => [staffMemberId, coversFor]).sort()]);

/** Lines that are open before and after and wait for others then; by id. */
function linesMoved(before: ForecastLine[], after: ForecastLine[]): LineMove[] {
  const then = new Map(after.map((line) => [line.lineId, line]));
  return before
    .flatMap((line) => {
      const is = then.get(line.lineId);
      return is && keyOf(is) !== keyOf(line) ? [{ before: line, after: is }] : [];
    })
    .sort((one, other) => compare(one.before.lineId, other.before.lineId));
}

const waitsFor = ({ deciders, stateDesk }: ForecastLine): WaitsFor => ({
  names: deciders.map(({ name }) => name),
  stateDesk,
});

/** Moves between the same people told as one, the largest first. */
function movesOf(moved: LineMove[]): PlannedMove[] {
  const moves = new Map<string, PlannedMove>();
  for (const { before, after } of moved) {
    const key = keyOf(before) + keyOf(after);
    const move = moves.get(key) ?? { from: waitsFor(before), to: waitsFor(after), lines: 0, references: [] };
    move.lines += 1;
    if (!move.references.includes(before.reference)) move.references.push(before.reference);
    moves.set(key, move);
  }
  const all = [...moves.values()];
  for (const { references } of all) references.sort();
  return all.sort((one, other) => other.lines - one.lines || compare(one.references.join(), other.references.join()));
}

interface Loss {
  was: Standing;
  is: Standing;
}

const distance = { own: 0, system: 1, state: 2 };

/** Places from which everybody near goes, and that stay open. */
const standingsLost = (before: Standings, after: Standings): Loss[] =>
  [...before].flatMap(([key, was]) => {
    const is = after.get(key);
    return is && distance[is.nearest] > distance[was.nearest] ? [{ was, is }] : [];
  });

/** Each place once, with the applications it loses somebody for where that is not all of them. */
function byPlace(lost: Loss[], before: Standings): UncoveredSite[] {
  const asked = new Map<string, number>();
  for (const { location } of before.values())
    asked.set(locationKey(location), (asked.get(locationKey(location)) ?? 0) + 1);
  const places = new Map<string, UncoveredSite & { applications: string[]; asked: number }>();
  for (const { was, is } of lost) {
    const { location, name, application } = was;
    const left = is.nearest === 'system' ? 'system' : 'state';
    const key = `${location.code} ${left}`;
    const place = places.get(key) ?? {
      code: location.code,
      name,
      left,
      applications: [],
      asked: asked.get(locationKey(location))!,
    };
    place.applications.push(application);
    places.set(key, place);
  }
  return [...places.values()]
    .sort((one, other) => compare(one.code, other.code) || compare(one.left, other.left))
    .map(({ asked: all, applications, ...place }) => ({
      ...place,
      ...(applications.length < all && { applications }),
    }));
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
