import fc from 'fast-check';
import { type Assignment, covers, type Routing, type RoutingLine, whoDecides } from './routing.js';

/* A small state, so that chance often lets scopes meet: 3 systems, 4 sites each, 6 people, 2 applications. */
const systems = ['001', '395', 'R36'];
const sitesOf = (system: string): string[] => ['1', '2', '3', '4'].map((each) => `${system}00${each}`);
const people = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
const applications = ['ser', 'canopy'];

const scope = fc.oneof(
  fc.constant({ reach: 'state' as const, siteCodes: [] as string[] }),
  fc
    .constantFrom(...systems)
    .map((systemCode) => ({ reach: 'system' as const, systemCode, siteCodes: [] as string[] })),
  fc
    .constantFrom(...systems)
    .chain((systemCode) =>
      fc
        .subarray(sitesOf(systemCode), { minLength: 1 })
        .map((siteCodes) => ({ reach: 'group' as const, systemCode, siteCodes })),
    ),
  fc
    .constantFrom(...systems)
    .chain((systemCode) =>
      fc
        .constantFrom(...sitesOf(systemCode))
        .map((site) => ({ reach: 'site' as const, systemCode, siteCodes: [site] })),
    ),
);
const assignments: fc.Arbitrary<Assignment[]> = fc
  .array(
    fc.record({
      scope,
      staffMemberId: fc.constantFrom(...people),
      application: fc.option(fc.constantFrom(...applications), { nil: undefined }),
      canAct: fc.constantFrom(true, true, true, false, undefined),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map(({ scope: each, ...rest }, at) => ({
      ...each,
      ...rest,
      id: `c${at}`,
      name: `Person ${rest.staffMemberId}`,
    })),
  );
const lines: fc.Arbitrary<RoutingLine> = fc
  .record({
    systemCode: fc.constantFrom(...systems),
    at: fc.constantFrom(0, 1, 2, 3, -1),
    application: fc.constantFrom(...applications),
    requesterId: fc.constantFrom(...people),
  })
  .map(({ systemCode, at, ...rest }) => ({
    ...rest,
    systemCode,
    location: at < 0 ? { level: 'system', code: systemCode } : { level: 'site', code: sitesOf(systemCode)[at]! },
  }));

const route = (coordinators: Assignment[], line: RoutingLine): Routing =>
  whoDecides({ coordinators, version: 'v' }, line);
const ids = (routing: Routing): string[] => routing.deciders.map((one) => one.staffMemberId).sort();

/**
 * The table of docs/routing.md, row by row, written without looking at the function: each row says who belongs in it, and
 * the first row with somebody in it decides.
 */
function oracle(coordinators: Assignment[], line: RoutingLine): { deciders: string[]; stateDesk: boolean } {
  const site = line.location.level === 'site' ? line.location.code : 'none';
  const rows: ((c: Assignment) => boolean)[] = [
    (c) =>
      c.reach === 'site' &&
      c.systemCode === line.systemCode &&
      c.siteCodes[0] === site &&
      c.application === line.application,
    (c) => c.reach === 'site' && c.systemCode === line.systemCode && c.siteCodes[0] === site && !c.application,
    (c) =>
      c.reach === 'group' &&
      c.systemCode === line.systemCode &&
      c.siteCodes.some((code) => code === site) &&
      c.application === line.application,
    (c) =>
      c.reach === 'group' &&
      c.systemCode === line.systemCode &&
      c.siteCodes.some((code) => code === site) &&
      !c.application,
    (c) => c.reach === 'system' && c.systemCode === line.systemCode && c.application === line.application,
    (c) => c.reach === 'system' && c.systemCode === line.systemCode && !c.application,
    (c) => c.reach === 'state' && c.application === line.application,
    (c) => c.reach === 'state' && !c.application,
  ];
  for (const [at, row] of rows.entries()) {
    const found = coordinators
      .filter((c) => row(c) && c.staffMemberId !== line.requesterId && c.canAct !== false)
      .map((c) => c.staffMemberId);
    if (found.length) return { deciders: [...new Set(found)].sort(), stateDesk: at >= 6 };
  }
  return { deciders: [], stateDesk: true };
}

const runs = { numRuns: 20_000 };

describe('whoDecides', () => {
  it('agrees with a brute-force reading of the table in docs/routing.md', () => {
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        const routing = route(coordinators, line);
        expect({ deciders: ids(routing), stateDesk: routing.stateDesk }).toEqual(oracle(coordinators, line));
      }),
      runs,
    );
  });

  it('is never empty unless it is the state desk, and always says why', () => {
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        const routing = route(coordinators, line);
        expect(routing.deciders.length > 0 || routing.stateDesk).toBe(true);
        expect(routing.reasons.length).toBeGreaterThan(0);
        for (const reason of routing.reasons) expect(reason).toMatch(/^[A-Z0-9].*\.$/);
      }),
      runs,
    );
  });

  it('CO-1 never names the requester, as a person, nor anybody who cannot sign in', () => {
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        const able = new Set(coordinators.filter((one) => one.canAct !== false).map((one) => one.staffMemberId));
        for (const id of ids(route(coordinators, line))) {
          expect(id).not.toBe(line.requesterId);
          expect(able.has(id)).toBe(true);
        }
      }),
      runs,
    );
  });

  it('CO-2 names only people whose own scope covers the line, each once', () => {
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        const routing = route(coordinators, line);
        for (const one of routing.deciders)
          expect(
            covers(
              coordinators.find((each) => each.id === one.coordinatorId)!,
              line,
            ),
          ).toBe(true);
        expect(new Set(ids(routing)).size).toBe(routing.deciders.length);
      }),
      runs,
    );
  });

  it('gives the same answer, to the letter, whatever the order of rows', () => {
    fc.assert(
      fc.property(
        assignments.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        lines,
        ([all, shuffled], line) => {
          expect(route(shuffled, line)).toEqual(route(all, line));
        },
      ),
      runs,
    );
  });

  it('sends no line farther when a coordinator is added', () => {
    const distance = (routing: Routing): number =>
      routing.deciders[0] ? ['site', 'group', 'system', 'state'].indexOf(routing.deciders[0].reach) : 4;
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        fc.pre(coordinators.length > 0);
        expect(distance(route(coordinators, line))).toBeLessThanOrEqual(distance(route(coordinators.slice(1), line)));
      }),
      runs,
    );
  });

  it('is not touched by coordinators of other places and applications', () => {
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        const near = coordinators.filter((one) => covers(one, line));
        expect(ids(route(near, line))).toEqual(ids(route(coordinators, line)));
      }),
      runs,
    );
  });

  it('traces every assignment exactly once, and the deciders in it are the deciders', () => {
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        const { trace, deciders } = route(coordinators, line);
        expect(trace.candidates.map((one) => one.coordinatorId)).toEqual(coordinators.map((one) => one.id).sort());
        const named = new Set(trace.candidates.filter((one) => one.fate === 'decides').map((one) => one.staffMemberId));
        expect(new Set(deciders.map((one) => one.staffMemberId))).toEqual(named);
      }),
      runs,
    );
  });
});

describe('covers', () => {
  const line: RoutingLine = {
    application: 'ser',
    location: { level: 'site', code: '395001' },
    systemCode: 'R36',
    requesterId: 'p1',
  };
  const base = { id: 'c', staffMemberId: 'p2', name: 'P', siteCodes: [] };

  it('AC-5 asks the stored system of a site, never the first three characters of its code', () => {
    expect(covers({ ...base, reach: 'system', systemCode: '395' }, line)).toBe(false);
    expect(covers({ ...base, reach: 'system', systemCode: 'R36' }, line)).toBe(true);
    expect(covers({ ...base, reach: 'site', systemCode: '395', siteCodes: ['395001'] }, line)).toBe(false);
  });

  it('CO-2 needs a system-level assignment for all sites of a system', () => {
    const whole: RoutingLine = { ...line, location: { level: 'system', code: 'R36' } };
    expect(covers({ ...base, reach: 'group', systemCode: 'R36', siteCodes: sitesOf('R36') }, whole)).toBe(false);
    expect(covers({ ...base, reach: 'system', systemCode: 'R36' }, whole)).toBe(true);
  });
});
