import type { FeedPlan } from './feed-plan.js';
import type { EmploymentState, StaffState } from './feed-state.js';

/** What a staff file ends. */
export interface FeedEndings {
  /** Each person of whom an employment gets a last day; `day` is the first day after it. */
  ends: { staffMemberId: string; day: string }[];
  /** People employed today who would be employed nowhere any more, sooner than is on record. */
  leavers: string[];
  /** People the file names who are employed today. */
  covered: number;
}

/** Later than any day. */
const never = '9999-12-31';

/**
 * Who leaves by a staff file.
 * @param today 'YYYY-MM-DD'
 */
export function endingsOf(current: StaffState, plan: FeedPlan, today: string): FeedEndings {
  const before = lastDays(current.employments, today);
  const changed = new Map(plan.changedEmployments.map((one) => [keyOf(one), one]));
  const after = lastDays(
    [...current.employments.map((one) => changed.get(keyOf(one)) ?? one), ...plan.newEmployments],
    today,
  );
  const ends = new Map<string, string>();
  for (const { memberId, to } of [
    ...plan.changedEmployments,
    ...plan.newEmployments.filter(({ to }) => to! >= today),
  ]) {
    const day = to && dayAfterIt(to);
    // A corrected last day of somebody who had left before ends nothing anew.
    if (!day || (day <= today && !before.has(memberId))) continue;
    if (day > (ends.get(memberId) ?? '')) ends.set(memberId, day);
  }
  return {
    ends: [...ends].map(([staffMemberId, day]) => ({ staffMemberId, day })),
    leavers: [...before]
      .filter(([memberId, last]) => (after.get(memberId) ?? '') < last)
      .map(([memberId]) => memberId)
      .sort(),
    covered: before.size,
  };
}

/** More people leaving than this are for two persons to say: more than 50, or, from three on, more than 1 of 20. */
export const needsSecondPerson = ({ leavers, covered }: FeedEndings): boolean =>
  leavers.length > 50 || (leavers.length >= 3 && leavers.length > 0.05 * covered);

/** Until when people employed today are employed, by member id. */
function lastDays(employments: EmploymentState[], today: string): Map<string, string> {
  const last = new Map<string, string>();
  for (const { memberId, from, to = never } of employments)
    if (from <= today && to >= today && to > (last.get(memberId) ?? '')) last.set(memberId, to);
  return last;
}

const keyOf = (one: EmploymentState): string => `${one.memberId}|${one.siteCode}|${one.position}|${one.from}`;

const dayAfterIt = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
