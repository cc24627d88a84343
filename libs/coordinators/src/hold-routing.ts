import type { EntityManager } from '@mikro-orm/postgresql';
import { sha256 } from '#kernel';

/** First half of the advisory keys, so that they meet no others. */
const kind = 33_014;
const everywhereKey = 0;
/** With more than these, one key for everything is kinder to the lock table of the server. */
const most = 100;

/**
 * Lets lines be routed, or what routing looks at be changed, one after the other for a school system, until the transaction
 * ends: no line is born with the deciders of a moment ago, and two last coordinators cannot leave at once. Taken after
 * people's rows and before coordinators', once in a transaction, with all systems together.
 * @param systems answering systems; undefined ones (none on record) depend on the state's coordinators only. 'everywhere'
 *   for changes of the state's own coordinators; it waits for all others, and they for it
 * @param how 'read' to route lines, 'change' before writing assignments, covers, statements or links
 */
export async function holdRouting(
  em: EntityManager,
  systems: (string | undefined)[] | 'everywhere',
  how: 'read' | 'change',
): Promise<void> {
  const keys = systems === 'everywhere' ? [] : keysOf(systems);
  const all = systems === 'everywhere' || keys.length > most;
  await em.execute(`select pg_advisory_xact_lock${all ? '' : '_shared'}(${kind}, ${everywhereKey})`);
  if (all || !keys.length) return;
  // A function in FROM gives its rows in the order of the list: everybody takes systems in one order.
  await em.execute(
    `select pg_advisory_xact_lock${how === 'change' ? '' : '_shared'}(${kind}, value::int) from json_array_elements_text(?::json)`,
    [JSON.stringify(keys)],
  );
}

/** One number per system, in order; two systems with one number only wait for each other. */
function keysOf(systems: (string | undefined)[]): number[] {
  const keys = systems
    .filter((one) => one !== undefined)
    .map((one) => Number.parseInt(sha256(one).slice(0, 7), 16) + 1);
  return [...new Set(keys)].sort((one, other) => one - other);
}
