import type { Limit, Limits } from '#accounts';
import { type Actor, days, networkOf, type SignedIn } from '#kernel';

/** Tries to link within a day from the first one (ID-1). */
const perAccount: Limit = { count: 5, within: days(1) };
const perSource: Limit = { count: 20, within: days(1) };

/**
 * Counts a try for the account and for the network it came from. Call outside any transaction: a try counts although the
 * verb fails.
 * @returns undefined when the try is allowed, else in how many seconds the next one is
 */
export async function countTry(limits: Limits, actor: SignedIn): Promise<number | undefined> {
  const account = `link:account:${actor.accountId}`;
  // One account that goes on trying must not use up the tries of everybody behind the same address.
  if (!(await limits.take(account, perAccount))) return limits.secondsLeft(account);
  // A command has no source; whatever comes over the network has one, also when its address cannot be read.
  if (actor.client === 'jobs' || (await limits.take(sourceKey(actor), perSource))) return undefined;
  return limits.secondsLeft(sourceKey(actor));
}

/** A try that succeeded does not count for its source: a school may set up all its staff behind one address in a morning. */
export async function giveBackTry(limits: Limits, actor: Actor): Promise<void> {
  if (actor.client !== 'jobs') await limits.giveBack(sourceKey(actor));
}

const sourceKey = (actor: Actor): string => `link:network:${networkOf(actor.address)}`;
