import fc from 'fast-check';
import { assignmentFrom, lineFrom } from '../../../test/support/routing-worlds.js';
import { replay } from './replay.js';
import { covers, whoDecides } from './routing.js';
import { decidingRow } from './routing-judge.js';
import type { Assignment, Routing, RoutingLine } from './routing-types.js';
import { routingSnapshot } from './snapshot.js';

const people = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
const number = fc.maxSafeNat();
const coordinators = fc.array(number, { maxLength: 8, size: 'max' }).map((all) => all.map(assignmentFrom));
const holders: fc.Arbitrary<Assignment[]> = fc
  .array(
    fc.record({
      who: fc.constantFrom(...people),
      system: fc.constantFrom('001', 'R36', undefined),
      limited: fc.boolean(),
      application: fc.constantFrom('ser', 'canopy'),
      hindrance: fc.constantFrom(undefined, undefined, undefined, 'cannot-sign-in' as const, 'unsigned' as const),
    }),
    { maxLength: 6, size: 'max' },
  )
  .map((all) =>
    all.map(({ who, system, limited, application, hindrance }, at): Assignment => ({
      id: `d${at}`,
      staffMemberId: who,
      name: `Person ${who}`,
      reach: system ? 'system' : 'state',
      duty: system ? 'special-education-supervisor' : 'application-owner',
      systemCode: system,
      siteCodes: new Set(),
      ...((limited || !system) && { application }),
      ...(hindrance && { hindrance }),
    })),
  );
const worlds = fc.tuple(coordinators, holders).map(([some, others]) => [...some, ...others]);
const excluded = fc.subarray(people);
const lines = fc
  .record({
    seed: number,
    excluded,
    duty: fc.constantFrom('special-education-supervisor' as const, 'application-owner' as const, undefined),
  })
  .map(({ seed, ...more }): RoutingLine => ({
    ...lineFrom(seed),
    ...more,
    words: { place: 'A place', isSchool: true, application: 'SER' },
  }));
const runs = { numRuns: 8000, noBias: true };

const route = (world: Assignment[], line: RoutingLine): Routing => whoDecides(routingSnapshot(world), line);
const ids = ({ deciders }: Pick<Routing, 'deciders'>): string[] => deciders.map((one) => one.staffMemberId).sort();

/** "When approval takes more than one step" of docs/routing.md, read row by row. */
function oracle(world: Assignment[], line: RoutingLine): { deciders: string[]; stateDesk: boolean } {
  const never = [line.requesterId, ...(line.excluded ?? [])];
  const ofStep = (one: Assignment): boolean =>
    one.duty === line.duty && (one.systemCode === undefined || one.systemCode === line.systemCode);
  const rows: ((one: Assignment) => boolean)[] = [
    (one) => ofStep(one) && one.systemCode !== undefined && one.application === line.application,
    (one) => ofStep(one) && one.systemCode !== undefined && one.application === undefined,
    (one) => ofStep(one) && one.systemCode === undefined && one.application === line.application,
    (one) => !one.duty && one.reach === 'state' && (!one.application || one.application === line.application),
  ];
  for (const [at, row] of rows.entries()) {
    const found = new Set<string>();
    for (const one of world.filter(row)) {
      const covering = (one.covers ?? []).filter((each) => !each.application || each.application === line.application);
      if (never.includes(one.staffMemberId)) continue;
      if (!covering.length && !one.hindrance) found.add(one.staffMemberId);
      for (const each of covering)
        if (!never.includes(each.staffMemberId) && !each.hindrance && !each.siteCodes) found.add(each.staffMemberId);
    }
    if (found.size) return { deciders: [...found].sort(), stateDesk: at === 3 };
  }
  return { deciders: [], stateDesk: true };
}

describe('the step of a duty', () => {
  it('agrees with a brute-force reading of docs/routing.md', () => {
    fc.assert(
      fc.property(worlds, lines, (world, line) => {
        fc.pre(line.duty !== undefined);
        const routing = route(world, line);
        expect({ deciders: ids(routing), stateDesk: routing.stateDesk }).toEqual(oracle(world, line));
      }),
      runs,
    );
  });

  it('CO-1 names nobody who asks, entered it or approved an earlier step, nor who stands in for one of these', () => {
    fc.assert(
      fc.property(worlds, lines, (world, line) => {
        const never = [line.requesterId, ...line.excluded!];
        for (const one of route(world, line).deciders) {
          const seat = world.find(({ id }) => id === one.coordinatorId)!;
          expect(never).not.toContain(one.staffMemberId);
          expect(never).not.toContain(seat.staffMemberId);
        }
      }),
      runs,
    );
  });

  it('names only those whose scope covers the line, and whose scope covers it holds the duty or is of the state', () => {
    fc.assert(
      fc.property(worlds, lines, (world, line) => {
        const { deciders } = route(world, line);
        for (const one of deciders.filter(({ coverId }) => !coverId))
          expect(
            covers(
              world.find(({ id }) => id === one.coordinatorId)!,
              line,
            ),
          ).toBe(true);
        for (const one of world.filter((each) => covers(each, line)))
          expect(one.duty === line.duty || (one.reach === 'state' && !one.duty)).toBe(true);
      }),
      runs,
    );
  });

  it('the coordinators do as if there were no duties, and duties as if there were no coordinators but the state', () => {
    fc.assert(
      fc.property(worlds, lines, (world, line) => {
        const alone = world.filter((one) => (line.duty ? one.duty || one.reach === 'state' : !one.duty));
        expect(ids(route(world, line))).toEqual(ids(route(alone, line)));
      }),
      runs,
    );
  });

  it('is never empty unless it is the state desk, says why, and is found again from the trace', () => {
    fc.assert(
      fc.property(worlds, lines, (world, line) => {
        const kept = JSON.parse(JSON.stringify(route(world, line))) as Routing;
        expect(kept.deciders.length > 0 || kept.stateDesk).toBe(true);
        expect(kept.reasons.filter((reason) => !/^[A-Z0-9].*[^.]\.$/.test(reason))).toEqual([]);
        expect(JSON.parse(JSON.stringify(replay(kept.trace)))).toEqual(kept);
      }),
      runs,
    );
  });

  it('passed on from row to row it loses nobody, reaches the state desk, and stops there', () => {
    fc.assert(
      fc.property(worlds, lines, (world, line) => {
        let now = route(world, line);
        for (let steps = 0; decidingRow(now.trace) < 8; steps++) {
          const next = route(world, { ...line, passed: decidingRow(now.trace) });
          expect(decidingRow(next.trace)).toBeGreaterThan(decidingRow(now.trace));
          expect(ids(next)).toEqual(expect.arrayContaining(ids(now)));
          expect(steps).toBeLessThan(8);
          now = next;
        }
        expect(now.stateDesk).toBe(true);
      }),
      runs,
    );
  });
});

describe('the words of a step', () => {
  const line: RoutingLine = {
    application: 'ser-iep-form',
    location: { level: 'site', code: 'R36001' },
    systemCode: 'R36',
    requesterId: 'p1',
    duty: 'special-education-supervisor',
    words: { place: 'Cypress Bend High', isSchool: true, system: 'Acadia Parish', application: 'SER IEP Form' },
  };
  const of = (id: string, more: Partial<Assignment> = {}): Assignment => ({
    id,
    staffMemberId: `p-${id}`,
    name: `Person ${id}`,
    reach: 'system',
    duty: 'special-education-supervisor',
    systemCode: 'R36',
    siteCodes: new Set(),
    ...more,
  });
  const desk = of('s', { reach: 'state', systemCode: undefined, duty: undefined });
  const owner = of('o', {
    reach: 'state',
    systemCode: undefined,
    duty: 'application-owner',
    application: 'ser-iep-form',
  });
  const said = (world: Assignment[], more: Partial<RoutingLine> = {}): string =>
    route(world, { ...line, ...more }).reasons.join(' ');

  it('name the duty, and the state desk in its place', () => {
    expect(said([of('a'), desk])).toBe(
      'The Special Education Supervisor of Acadia Parish is asked before the coordinators.',
    );
    expect(said([of('a'), of('b'), desk])).toBe(
      'The two Special Education Supervisors of Acadia Parish are asked before the coordinators. Whoever of them acts first decides.',
    );
    expect(said([desk])).toBe(
      'Acadia Parish has no Special Education Supervisor who can decide this, so the state office decides in their place.',
    );
    expect(said([desk], { systemCode: undefined })).toBe(
      'No school system is on record as serving this site, so the state office decides in place of a Special Education Supervisor.',
    );
    expect(said([of('a', { hindrance: 'unsigned' }), desk])).toContain(
      'One Special Education Supervisor has not signed the statement and is passed over.',
    );
    expect(said([owner, desk], { duty: 'application-owner' })).toBe(
      'The application owner of SER IEP Form is asked after the coordinators.',
    );
    expect(said([desk], { duty: 'application-owner' })).toBe(
      'SER IEP Form has no application owner who can decide this, so the state office decides in their place.',
    );
    expect(said([of('a'), desk], { passed: 6 })).toBe(
      'It was not decided in time, so the state office is asked too. Whoever was asked before may still decide. Whoever of them acts first decides.',
    );
    expect(said([of('a'), of('b'), desk], { excluded: ['p-a'] })).toContain(
      'Whoever entered it, or approved an earlier step, does not decide it.',
    );
  });
});
