import { kernelProblems } from '#kernel';
import type { WaitingFilter } from '#requests';

/** How long something may have waited, in days. */
export const waitingAges = [7, 14, 30];

/**
 * Reads the filter form; what does not fit counts as not chosen.
 * @throws Problem 400 when a field comes twice (IN-2)
 */
export function reviewFilterOf(query: Record<string, unknown>): WaitingFilter {
  const one = (name: string): string | undefined => {
    const value = query[name];
    if (value !== undefined && typeof value !== 'string')
      throw kernelProblems.badInput(`The address holds "${name}" more than once. Open the list again.`);
    return value?.trim().slice(0, 100) || undefined;
  };
  const age = Number(one('older'));
  return {
    text: one('q'),
    application: one('application'),
    siteCode: one('site')?.toUpperCase(),
    olderThanDays: waitingAges.includes(age) ? age : undefined,
  };
}
