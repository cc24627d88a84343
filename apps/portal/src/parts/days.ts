import { readableDate } from '#kernel';

const noon = (day: string): Date => new Date(`${day}T18:00:00Z`);

/** A day in words: "August 15, 2026". @param day 'YYYY-MM-DD' */
export const readableDay = (day: string): string => readableDate(noon(day));

/** The day so many days later. @param day 'YYYY-MM-DD' */
export function dayAfter(day: string, count = 1): string {
  const at = noon(day);
  at.setUTCDate(at.getUTCDate() + count);
  return at.toISOString().slice(0, 10);
}

/** The last day something holds that ends before the given one, in words: people say "until Friday", not "before Saturday". */
export const readableLastDay = (toDay: string): string => readableDay(dayAfter(toDay, -1));

/** The last day something holds whose first instant no longer is known, in words. */
export const readableLast = (toAt: Date): string => readableDate(new Date(toAt.getTime() - 1));
