import type { EntityManager } from '@mikro-orm/postgresql';
import { type Actor, days, networkOf } from '#kernel';

/** Tries to link within a day from the first one (ID-1). */
export const tryLimits = { account: 5, source: 20 };

/**
 * Counts a try for the account and for the network it came from, each by one atomic statement, so that parallel tries
 * cannot slip past the limit (LK-3).
 * @param em outside any transaction: a try counts although the verb fails
 * @returns undefined when the try is allowed, else in how many seconds the next one is
 */
export async function countTry(
  em: EntityManager,
  actor: Actor & { accountId: string },
  now: Date,
): Promise<number | undefined> {
  const counters = [{ key: `account:${actor.accountId}`, limit: tryLimits.account }];
  // A command has no source; whatever comes over the network has one, also when its address cannot be read.
  if (actor.client !== 'jobs') counters.push({ key: sourceKey(actor), limit: tryLimits.source });
  for (const { key, limit } of counters) {
    const [row] = await em.execute<{ count: number; ends: string }[]>(
      `insert into link_tries as known (counted_for, count, window_ends_at) values (?, 1, ?)
       on conflict (counted_for) do update set
         count = case when known.window_ends_at <= ? then 1 else known.count + 1 end,
         window_ends_at = case when known.window_ends_at <= ? then excluded.window_ends_at else known.window_ends_at end
       returning count, extract(epoch from window_ends_at) as ends`,
      [key, new Date(now.getTime() + days(1)), now, now],
    );
    // One account that goes on trying must not use up the tries of everybody behind the same address.
    if (row!.count > limit) return Math.max(1, Math.ceil(Number(row!.ends) - now.getTime() / 1000));
  }
  return undefined;
}

/** A try that succeeded does not count for its source: a school may set up all its staff behind one address in a morning. */
export async function giveBackTry(em: EntityManager, actor: Actor): Promise<void> {
  if (actor.client === 'jobs') return;
  await em.execute(`update link_tries set count = count - 1 where counted_for = ? and count > 0`, [sourceKey(actor)]);
}

const sourceKey = (actor: Actor): string => `source:${networkOf(actor.address)}`;
