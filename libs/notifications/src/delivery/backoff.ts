import { hours, minutes, seconds } from '#kernel';

/** After this long without a way to deliver it, a mail is given up; the message stays in the person's list. */
export const givenUpAfter = hours(48);

/**
 * How long to wait before the next try: 30 s, doubling to 15 min, with jitter downward so that a drained queue does not
 * come back all at once and still everything leaves within 15 min after the relay returned.
 * @param attempts tries so far, from 1
 * @param chance 0 to 1
 * @returns milliseconds
 */
export const backoff = (attempts: number, chance = Math.random()): number =>
  Math.round(Math.min(seconds(30) * 2 ** Math.min(attempts - 1, 10), minutes(15)) * (0.8 + 0.2 * chance));
