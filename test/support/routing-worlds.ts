import type { Assignment, RoutingLine } from '#coordinators';

/*
 * Small states for properties of routing, each thing of them made from one number: quick to generate by the hundred
 * thousand, and small enough that scopes often meet. 2 systems with 3 sites each, 6 people, 2 applications.
 */

export const worldSystems = ['001', 'R36'];
const people = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
const applications = ['ser', 'canopy', undefined, undefined];
const hindrances = [undefined, undefined, undefined, undefined, 'cannot-sign-in', 'unsigned'] as const;

export const sitesOf = (system: string): string[] => ['1', '2', '3'].map((each) => `${system}00${each}`);

/** Takes choices out of a number, one after the other. */
function chooser(number: number): <Item>(items: readonly Item[]) => Item {
  let rest = number;
  return (items) => {
    const at = rest % items.length;
    rest = Math.floor(rest / items.length);
    return items[at]!;
  };
}

type Chooser = ReturnType<typeof chooser>;
const named = (id: string): { staffMemberId: string; name: string } => ({ staffMemberId: id, name: `Person ${id}` });
const masks = Array.from({ length: 7 }, (_, at) => at + 1);
const chosen = (sites: string[], mask: number): Set<string> => new Set(sites.filter((_, at) => mask & (1 << at)));

function coverFrom(choose: Chooser, id: string, sites: string[]): NonNullable<Assignment['covers']>[number] {
  const mask = choose([0, 0, 1, 5, 6]);
  return {
    id,
    ...named(choose(people)),
    ...(mask && sites.length && { siteCodes: chosen(sites, mask) }),
    application: choose(applications),
    until: choose(['2026-08-14', '2026-12-01']),
    hindrance: choose(hindrances),
  };
}

/** An assignment from a number below 2^53. */
export function assignmentFrom(number: number, at: number): Assignment {
  const choose = chooser(number);
  const reach = choose(['site', 'group', 'system', 'state', 'site', 'group'] as const);
  const systemCode = reach === 'state' ? undefined : choose(worldSystems);
  const sites = systemCode ? sitesOf(systemCode) : [];
  const mask = reach === 'group' ? choose(masks) : reach === 'site' ? 1 << choose([0, 1, 2]) : 0;
  return {
    id: `c${at}`,
    ...named(choose(people)),
    reach,
    systemCode,
    siteCodes: chosen(sites, mask),
    application: choose(applications),
    hindrance: choose(hindrances),
    covers: choose([[], [], ['a'], ['a', 'b']]).map((each) => coverFrom(choose, `c${at}${each}`, sites)),
  };
}

/** A line from a number below 2^53; now and then of a site nobody is on record for, or of a served one. */
export function lineFrom(number: number): RoutingLine {
  const choose = chooser(number);
  const systemCode = choose([...worldSystems, ...worldSystems, ...worldSystems, ...worldSystems, undefined]);
  const code = choose([...sitesOf(systemCode ?? '001'), ...sitesOf(systemCode ?? '001'), undefined]);
  const line = { application: choose(['ser', 'canopy']), requesterId: choose(people), systemCode };
  if (!systemCode) return { ...line, location: { level: 'site', code: code ?? '001001' } };
  if (code === undefined) return { ...line, location: { level: 'system', code: systemCode } };
  return { ...line, location: { level: 'site', code }, ...(choose([0, 0, 1]) && { served: true as const }) };
}
