import fc from 'fast-check';
import { firstGap, type Period } from './gaps.js';

const dayAt = (index: number): string => `2027-01-${String(index + 1).padStart(2, '0')}`;
const period: fc.Arbitrary<Period> = fc
  .record({ from: fc.nat(18), length: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }) })
  .map(({ from, length }) => ({ from: dayAt(from), ...(length && { to: dayAt(from + length) }) }));

/** Day by day, up to a day after which nothing begins or ends. */
function slowly(lost: Period, others: Period[]): string | undefined {
  const on = (one: Period, day: string): boolean => one.from <= day && (one.to === undefined || one.to > day);
  return Array.from({ length: 31 }, (_, index) => dayAt(index)).find(
    (day) => on(lost, day) && !others.some((one) => on(one, day)),
  );
}

describe('days without anybody', () => {
  it('CO-6 are found as by looking at each day', () => {
    fc.assert(
      fc.property(period, fc.array(period, { maxLength: 5 }), (lost, others) => {
        expect(firstGap(lost, others)).toBe(slowly(lost, others));
      }),
      { numRuns: 5000 },
    );
  });
});
