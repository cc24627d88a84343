import { isDay, startOfDay } from '#kernel';
import type { RequestLine } from './permission-request.js';
import { requestsProblems } from './problems.js';
import { dayPlus } from './time-calendar.js';

/** How far ahead access may be asked to begin, and to end, in days. */
const furthestBegin = 365;
const furthestEnd = 3653;

/** For how long something is asked for; days are 'YYYY-MM-DD', the first and the first no longer. */
interface Period {
  fromDay?: string | null;
  toDay?: string | null;
}

/**
 * Checks the days of a wish, or an earlier end that is given instead.
 * @param today 'YYYY-MM-DD'
 * @param endField the form's field of the last day, for the fault beside it
 * @throws requests.bad-period (422), with the field
 */
export function checkPeriod({ fromDay, toDay }: Period, today: string, endField = 'toDay'): void {
  if (fromDay) {
    if (!isDay(fromDay)) throw badPeriod('fromDay', 'Write the first day as year-month-day, such as 2026-08-15.');
    if (fromDay < today) throw badPeriod('fromDay', 'The first day is past. Choose today or a later day.');
    if (fromDay > dayPlus(today, furthestBegin))
      throw badPeriod('fromDay', 'The first day is more than a year away. Ask for it when it is closer.');
  }
  if (toDay) {
    if (!isDay(toDay)) throw badPeriod(endField, 'Write the last day as year-month-day, such as 2027-06-30.');
    if (toDay <= (fromDay ?? today))
      throw badPeriod(endField, 'The last day is before the first, or is past. Choose a later one.');
    if (toDay > dayPlus(today, furthestEnd))
      throw badPeriod(endField, 'The last day is more than ten years away. Leave it empty when you know no end.');
  }
}

export const badPeriod = (field: string, message: string): Error =>
  requestsProblems.badPeriod(message, { errors: [{ field: field.slice(0, 60), message }] });

/** The instants between which something holds; absent: from now, for good. */
export const instantsOf = ({ fromDay, toDay }: Period): { fromAt?: Date; toAt?: Date } => ({
  ...(fromDay && { fromAt: startOfDay(fromDay) }),
  ...(toDay && { toAt: startOfDay(toDay) }),
});

/** What of a line is to be given: what was asked for, or less. */
export function termsOf(line: RequestLine): { permission: string; fromDay?: string; toDay?: string } {
  const toDay = line.grantedToDay ?? line.toDay;
  return {
    permission: line.grantedPermission ?? line.permission,
    ...(line.fromDay && { fromDay: line.fromDay }),
    ...(toDay && { toDay }),
  };
}
