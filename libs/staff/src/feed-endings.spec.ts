import { endingsOf, needsSecondPerson } from './feed-endings.js';
import type { FeedPlan } from './feed-plan.js';
import type { EmploymentState } from './feed-state.js';

const today = '2026-10-01';
const work = (memberId: string, more: Partial<EmploymentState> = {}): EmploymentState => ({
  memberId,
  siteCode: '001005',
  position: 'Teacher',
  from: '2020-08-01',
  ...more,
});
const endings = (employments: EmploymentState[], changed: EmploymentState[], begun: EmploymentState[] = []) => {
  const plan = { changedEmployments: changed, newEmployments: begun } as unknown as FeedPlan;
  return endingsOf({ members: [], employments, siteCodes: new Set() }, plan, today);
};

describe('who leaves by a staff file', () => {
  it('who loses the last employment, now or on a day that is sooner than on record', () => {
    expect(endings([work('a')], [work('a', { to: '2026-09-30' })])).toEqual({
      ends: [{ staffMemberId: 'a', day: '2026-10-01' }],
      leavers: ['a'],
      covered: 1,
    });
    expect(endings([work('a')], [work('a', { to: '2027-05-31' })]).leavers).toEqual(['a']);
    expect(endings([work('a', { to: '2027-05-31' })], [work('a', { to: '2026-12-31' })]).leavers).toEqual(['a']);
  });

  it('not who stays elsewhere, changes the school, stays longer, or left before', () => {
    const second = work('a', { siteCode: '001700' });
    expect(endings([work('a'), second], [work('a', { to: '2026-09-30' })]).leavers).toEqual([]);
    expect(endings([work('a')], [work('a', { to: '2026-09-30' })], [work('a', { from: today })]).leavers).toEqual([]);
    expect(endings([work('a', { to: '2026-12-31' })], [work('a', { to: '2027-12-31' })]).leavers).toEqual([]);
    expect(endings([work('a', { to: '2026-12-31' })], [work('a')])).toMatchObject({ ends: [], leavers: [] });
    expect(endings([work('a', { to: '2025-05-31' })], [work('a', { to: '2025-06-30' })])).toEqual({
      ends: [],
      leavers: [],
      covered: 0,
    });
  });

  it('an employment that is new and has a last day ends on it; one that was over before it was known ends nothing', () => {
    const begun = [work('a', { to: '2026-10-31' }), work('b', { to: '2025-05-31' })];
    expect(endings([], [], begun)).toEqual({
      ends: [{ staffMemberId: 'a', day: '2026-11-01' }],
      leavers: [],
      covered: 0,
    });
  });

  it('the brake: more than 50, or from three people on more than 5 of 100', () => {
    const brakes = (leavers: number, covered: number): boolean =>
      needsSecondPerson({ ends: [], leavers: Array.from({ length: leavers }, String), covered });
    expect([brakes(0, 0), brakes(2, 2), brakes(3, 60), brakes(5, 100), brakes(50, 100_000)]).toEqual(
      Array(5).fill(false),
    );
    expect([brakes(3, 3), brakes(3, 59), brakes(6, 100), brakes(51, 100_000)]).toEqual(Array(4).fill(true));
  });
});
