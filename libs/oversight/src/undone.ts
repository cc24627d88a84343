import type { EntityManager } from '@mikro-orm/postgresql';

/** Does the work in a transaction (within another: to a savepoint) and undoes it. @returns what the work found out */
export async function undone<T>(em: EntityManager, work: () => Promise<T>): Promise<T> {
  const done: { result?: T } = {};
  const undo = new Error('undone');
  try {
    await em.transactional(async () => {
      done.result = await work();
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  return done.result as T;
}
