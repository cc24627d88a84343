import type { OwnAccess } from '#compliance';
import { readableDate } from '#kernel';
import { readableLast } from '../parts/days.js';

/** From when to when access of one's own holds, in a sentence. */
export function periodOf({ standing, fromAt, toAt }: OwnAccess): string {
  const begin = standing === 'begins' ? `Begins on ${readableDate(fromAt)}` : `Since ${readableDate(fromAt)}`;
  return toAt ? `${begin}. The last day is ${readableLast(toAt)}.` : `${begin}, with no end set.`;
}

/** When and why access of one's own ended. */
export function endingOf({ endedAt, toAt, cause, reason }: OwnAccess): string {
  if (!endedAt) return `Its last day was ${readableLast(toAt!)}.`;
  const on = readableDate(endedAt);
  const because = reason ? ` Reason: ${reason}` : '';
  if (cause === 'given-up') return `You gave it up on ${on}.`;
  if (cause === 'duty-changed') return `Ended on ${on}, when you were given another role there.${because}`;
  if (cause === 'revoked') return `Taken away on ${on}.${because}`;
  return `Ended on ${on}.${because}`;
}

/** What the applications do as soon as access ends. */
export const toldOnEnd = ({ listeners, application }: OwnAccess): string =>
  listeners.length
    ? `${listeners.join(' and ')} ${listeners.length === 1 ? 'is' : 'are'} told at once: what you have open there stops, and you cannot come back to it.`
    : `From then on ${application} lets you in no more.`;
