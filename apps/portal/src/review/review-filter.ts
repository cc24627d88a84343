import { type Cut, kernelProblems } from '#kernel';
import type { WaitingFilter } from '#requests';
import { addressWith, cutOf } from '../parts/key-pager.js';

/** How long something may have waited, in days. */
export const waitingAges = [7, 14, 30];

/** What of the waiting list is looked at. */
export interface ReviewView {
  filter: WaitingFilter;
  cut: Cut;
}

/**
 * Reads the address of the waiting list; what does not fit counts as not chosen. What waits for an answer of the person who
 * asked is a list of its own.
 * @throws Problem 400 when a field comes twice (IN-2)
 */
export function reviewViewOf(query: Record<string, unknown>): ReviewView {
  const one = (name: string): string | undefined => {
    const value = query[name];
    if (value !== undefined && typeof value !== 'string')
      throw kernelProblems.badInput(`The address holds "${name}" more than once. Open the list again.`);
    return value?.trim().slice(0, 100) || undefined;
  };
  const age = Number(one('older'));
  const filter = {
    text: one('q'),
    application: one('application'),
    siteCode: one('site')?.toUpperCase(),
    olderThanDays: waitingAges.includes(age) ? age : undefined,
    asked: one('show') === 'asked',
  };
  return { filter, cut: cutOf(query) };
}

/** The address of a view of the list, or of the form on it. */
export const reviewAddress = (
  { text, application, siteCode, olderThanDays, asked }: WaitingFilter,
  cut: Cut = {},
  path = '/review',
): string =>
  addressWith(path, {
    q: text,
    application,
    site: siteCode,
    older: olderThanDays,
    show: asked ? 'asked' : undefined,
    ...cut,
  });

/** Whether the list shows less than all of what is decided here. */
export const isNarrowed = ({ text, application, siteCode, olderThanDays }: WaitingFilter): boolean =>
  [text, application, siteCode, olderThanDays].some((part) => part !== undefined);
