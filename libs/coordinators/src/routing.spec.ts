import fc from 'fast-check';
import { assignmentFrom, lineFrom, sitesOf } from '../../../test/support/routing-worlds.js';
import { replay } from './replay.js';
import { covers, whoDecides } from './routing.js';
import type { Assignment, Routing, RoutingLine } from './routing-types.js';
import { routingSnapshot } from './snapshot.js';

const number = fc.maxSafeNat();
const assignments = fc.array(number, { maxLength: 12, size: 'max' }).map((all) => all.map(assignmentFrom));
const lines = number.map(lineFrom);
/** Cases of each property; ten of them look at 120,000 in all. */
const runs = { numRuns: 12_000, noBias: true };

const route = (coordinators: Assignment[], line: RoutingLine): Routing =>
  whoDecides(routingSnapshot(coordinators), line);
const ids = (routing: Routing): string[] => routing.deciders.map((one) => one.staffMemberId).sort();
const rowOf = ({ deciders: [first] }: Routing): number =>
  first ? ['site', 'group', 'system', 'state'].indexOf(first.reach) * 2 + (first.application === undefined ? 1 : 0) : 8;

/**
 * The table of docs/routing.md and the two sections under it, read row by row and written without looking at the function:
 * each row says who belongs in it, and the first row with somebody in it decides.
 */
function oracle(coordinators: Assignment[], line: RoutingLine): { deciders: string[]; stateDesk: boolean } {
  const site = line.location.level === 'site' ? line.location.code : 'none';
  const ofSystem = (c: Assignment): boolean => line.systemCode !== undefined && c.systemCode === line.systemCode;
  const rows: ((c: Assignment) => boolean)[] = [
    (c) => c.reach === 'site' && ofSystem(c) && [...c.siteCodes][0] === site && c.application === line.application,
    (c) => c.reach === 'site' && ofSystem(c) && [...c.siteCodes][0] === site && !c.application,
    (c) => c.reach === 'group' && ofSystem(c) && [...c.siteCodes].includes(site) && c.application === line.application,
    (c) => c.reach === 'group' && ofSystem(c) && [...c.siteCodes].includes(site) && !c.application,
    (c) => c.reach === 'system' && ofSystem(c) && c.application === line.application,
    (c) => c.reach === 'system' && ofSystem(c) && !c.application,
    (c) => c.reach === 'state' && c.application === line.application,
    (c) => c.reach === 'state' && !c.application,
  ];
  for (const [at, row] of rows.entries()) {
    const found = new Set<string>();
    for (const c of coordinators.filter(row)) {
      const standIns = (c.covers ?? []).filter(
        (v) =>
          (!v.siteCodes || [...v.siteCodes].includes(site)) && (!v.application || v.application === line.application),
      );
      if (!standIns.length && c.staffMemberId !== line.requesterId && !c.hindrance) found.add(c.staffMemberId);
      for (const v of standIns)
        if (c.staffMemberId !== line.requesterId && v.staffMemberId !== line.requesterId && !v.hindrance)
          found.add(v.staffMemberId);
    }
    if (found.size) return { deciders: [...found].sort(), stateDesk: at >= 6 };
  }
  return { deciders: [], stateDesk: true };
}

/** What somebody holds by standing in: as the people who read scopes get it. */
const borrowed = (c: Assignment, v: NonNullable<Assignment['covers']>[number]): Assignment => ({
  ...c,
  staffMemberId: v.staffMemberId,
  reach: v.siteCodes ? 'group' : c.reach,
  siteCodes: v.siteCodes
    ? new Set([...v.siteCodes].filter((code) => c.reach === 'system' || c.siteCodes.has(code)))
    : c.siteCodes,
  application: c.application ?? v.application,
  coversForId: c.staffMemberId,
});

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
        const { deciders, stateDesk, reasons } = route(coordinators, line);
        expect(deciders.length > 0 || stateDesk).toBe(true);
        expect(reasons.length).toBeGreaterThan(0);
        expect(reasons.filter((reason) => !/^[A-Z0-9].*[^.]\.$/.test(reason))).toEqual([]);
      }),
      runs,
    );
  });

  it('CO-1 never names the requester, as a person, nor who stands in for the requester, nor who cannot act', () => {
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        for (const one of route(coordinators, line).deciders) {
          const seat = coordinators.find(({ id }) => id === one.coordinatorId)!;
          const actor = one.coverId ? seat.covers!.find(({ id }) => id === one.coverId)! : seat;
          expect(actor).toMatchObject({ staffMemberId: one.staffMemberId, hindrance: undefined });
          expect([one.staffMemberId, seat.staffMemberId]).not.toContain(line.requesterId);
        }
      }),
      runs,
    );
  });

  it('CO-2 names only people whose own or borrowed scope covers the line, each once', () => {
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        const { deciders } = route(coordinators, line);
        for (const one of deciders) {
          const seat = coordinators.find(({ id }) => id === one.coordinatorId)!;
          const cover = seat.covers!.find(({ id }) => id === one.coverId);
          expect(covers(cover ? borrowed(seat, cover) : seat, line)).toBe(true);
        }
        expect(new Set(deciders.map((one) => one.staffMemberId)).size).toBe(deciders.length);
      }),
      runs,
    );
  });

  it('gives the same answer, to the letter, whatever the order of rows', () => {
    const shuffled = assignments.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, lines, ([all, other], line) => {
        const turned = other.map((one) => ({ ...one, covers: [...one.covers!].reverse() }));
        expect(route(turned, line)).toEqual(route(all, line));
      }),
      runs,
    );
  });

  it('sends no line farther when a coordinator is added', () => {
    fc.assert(
      fc.property(assignments, number, lines, (coordinators, another, line) => {
        const before = rowOf(route(coordinators, line));
        expect(rowOf(route([...coordinators, assignmentFrom(another, 99)], line))).toBeLessThanOrEqual(before);
      }),
      runs,
    );
  });

  it('strands no line when a coordinator leaves: others of the row go on, or the next row decides', () => {
    fc.assert(
      fc.property(assignments, fc.nat(11), lines, (coordinators, at, line) => {
        const before = route(coordinators, line);
        const after = route(
          coordinators.filter((_, index) => index !== at),
          line,
        );
        expect(after.deciders.length > 0 || after.stateDesk).toBe(true);
        const row = before.trace.candidates.flatMap(({ coordinatorId, fate, staffMemberId, covers: all = [] }) => [
          ...(fate === 'decides' ? [{ coordinatorId, staffMemberId }] : []),
          ...all
            .filter((each) => each.fate === 'decides')
            .map((each) => ({ coordinatorId, staffMemberId: each.staffMemberId })),
        ]);
        const left = row.filter(({ coordinatorId }) => coordinatorId !== `c${at}`);
        if (left.length) expect(new Set(ids(after))).toEqual(new Set(left.map((one) => one.staffMemberId)));
        else expect(rowOf(after)).toBeGreaterThanOrEqual(rowOf(before));
      }),
      runs,
    );
  });

  it('finds the same answer again from the trace alone, kept as JSON', () => {
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        const routing = route(coordinators, line);
        const kept = JSON.parse(JSON.stringify(routing)) as Routing;
        expect(JSON.parse(JSON.stringify(replay(kept.trace)))).toEqual(kept);
      }),
      runs,
    );
  });

  it('lets whoever is covered rest, keeps the line in the row while the cover can act, and the cover from deciding his own', () => {
    fc.assert(
      fc.property(assignments, number, fc.nat(11), lines, (coordinators, another, at, line) => {
        const plain = coordinators.map((one) => ({ ...one, covers: [] }));
        const seat = plain[at % Math.max(plain.length, 1)];
        fc.pre(seat !== undefined);
        const cover = {
          ...assignmentFrom(another, 0),
          id: 'v',
          until: '2026-08-14',
          siteCodes: undefined,
          application: undefined,
        };
        const before = route(plain, line);
        const after = route(
          plain.map((one) => (one === seat ? { ...one, covers: [cover] } : one)),
          line,
        );
        expect(after.deciders.filter((one) => one.coordinatorId === seat!.id && !one.coverId)).toEqual([]);
        const able = !cover.hindrance && cover.staffMemberId !== line.requesterId;
        if (able) expect(rowOf(after)).toBeLessThanOrEqual(rowOf(before));
        if (!able) expect(after.deciders.filter((one) => one.coverId)).toEqual([]);
      }),
      runs,
    );
  });

  it('lists everybody of the system and the state in the trace, once, and is not touched by anybody else', () => {
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        const { trace, ...answer } = route(coordinators, line);
        const near = coordinators.filter((one) => one.reach === 'state' || one.systemCode === line.systemCode);
        expect(trace.candidates.map((one) => one.coordinatorId).sort()).toEqual(near.map((one) => one.id).sort());
        expect(route(near, line)).toMatchObject(answer);
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
  const base = { id: 'c', staffMemberId: 'p2', name: 'P', siteCodes: new Set<string>() };

  it('AC-5 asks the answering system of a site, never the first three characters of its code', () => {
    expect(covers({ ...base, reach: 'system', systemCode: '395' }, line)).toBe(false);
    expect(covers({ ...base, reach: 'system', systemCode: 'R36' }, line)).toBe(true);
    expect(covers({ ...base, reach: 'site', systemCode: '395', siteCodes: new Set(['395001']) }, line)).toBe(false);
  });

  it('AC-5 where no system is on record only the state has a word', () => {
    const nobody = { ...line, systemCode: undefined };
    expect(covers({ ...base, reach: 'system', systemCode: 'R36' }, nobody)).toBe(false);
    expect(covers({ ...base, reach: 'site', siteCodes: new Set(['395001']) }, nobody)).toBe(false);
    expect(covers({ ...base, reach: 'state' }, nobody)).toBe(true);
  });

  it('CO-2 needs a system-level assignment for all sites of a system', () => {
    const whole: RoutingLine = { ...line, location: { level: 'system', code: 'R36' } };
    expect(covers({ ...base, reach: 'group', systemCode: 'R36', siteCodes: new Set(sitesOf('R36')) }, whole)).toBe(
      false,
    );
    expect(covers({ ...base, reach: 'system', systemCode: 'R36' }, whole)).toBe(true);
  });

  it('CO-1 a borrowed scope holds nothing of the person it is borrowed from', () => {
    const held: Assignment = { ...base, reach: 'system', systemCode: 'R36', coverId: 'v', coversForId: 'p1' };
    expect(covers(held, line)).toBe(false);
    expect(covers(held, { ...line, requesterId: 'p3' })).toBe(true);
  });
});
