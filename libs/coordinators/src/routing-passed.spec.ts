import fc from 'fast-check';
import { assignmentFrom, lineFrom } from '../../../test/support/routing-worlds.js';
import { replay } from './replay.js';
import { whoDecides } from './routing.js';
import { decidingRow } from './routing-judge.js';
import type { Assignment, Routing, RoutingLine } from './routing-types.js';
import { routingSnapshot } from './snapshot.js';

const number = fc.maxSafeNat();
const assignments = fc.array(number, { maxLength: 12, size: 'max' }).map((all) => all.map(assignmentFrom));
const lines = number.map(lineFrom);
const rows = fc.integer({ min: 1, max: 8 });
const runs = { numRuns: 12_000, noBias: true };

const route = (coordinators: Assignment[], line: RoutingLine): Routing =>
  whoDecides(routingSnapshot(coordinators), line);
const ids = (deciders: Routing['deciders']): string[] => deciders.map((one) => one.staffMemberId).sort();
const rowsOf = ['site', 'group', 'system', 'state'];
/** Only assignments of some rows of the table. */
const inRows = (coordinators: Assignment[], wanted: (row: number) => boolean): Assignment[] =>
  coordinators.filter(({ reach, application }) => wanted(rowsOf.indexOf(reach) * 2 + (application ? 1 : 2)));

describe('a line that was asked in vain', () => {
  it('is decided by the first row after those that were asked, as if these were not there, and by all in these', () => {
    fc.assert(
      fc.property(assignments, lines, rows, (coordinators, line, passed) => {
        const after = route(
          inRows(coordinators, (row) => row > passed),
          line,
        );
        const before = new Set<string>();
        for (let row = 1; row <= passed; row++)
          for (const id of ids(
            route(
              inRows(coordinators, (one) => one === row),
              line,
            ).deciders,
          ))
            before.add(id);
        const now = route(coordinators, { ...line, passed });
        expect(ids(now.deciders)).toEqual([...new Set([...before, ...ids(after.deciders)])].sort());
        expect(ids(now.deciders.filter((one) => !one.passed))).toEqual(ids(after.deciders));
        expect(now.stateDesk).toBe(after.stateDesk);
      }),
      runs,
    );
  });

  it('passed on from row to row it loses nobody, reaches the state desk, and stops there', () => {
    fc.assert(
      fc.property(assignments, lines, (coordinators, line) => {
        let now = route(coordinators, line);
        for (let steps = 0; decidingRow(now.trace) < 8; steps++) {
          const next = route(coordinators, { ...line, passed: decidingRow(now.trace) });
          expect(decidingRow(next.trace)).toBeGreaterThan(decidingRow(now.trace));
          expect(ids(next.deciders)).toEqual(expect.arrayContaining(ids(now.deciders)));
          expect(steps).toBeLessThan(8);
          now = next;
        }
        expect(now.stateDesk).toBe(true);
        expect(ids(now.deciders)).not.toContain(line.requesterId);
      }),
      runs,
    );
  });

  it('finds the same answer again from the trace alone, kept as JSON, and says that it was passed on', () => {
    fc.assert(
      fc.property(assignments, lines, rows, (coordinators, line, passed) => {
        const kept = JSON.parse(JSON.stringify(route(coordinators, { ...line, passed }))) as Routing;
        expect(JSON.parse(JSON.stringify(replay(kept.trace)))).toEqual(kept);
        expect(kept.trace.line.passed).toBe(passed);
        expect(kept.reasons.join(' ')).toContain('It was not decided in time, so the ');
      }),
      runs,
    );
  });
});
