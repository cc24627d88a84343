import type { EntityManager } from '@mikro-orm/postgresql';
import { foldedText } from '#kernel';
import type { CoverageList } from './coverage-views.js';

const perPage = 50;

/**
 * Rows in which every word typed is found.
 * @param text as typed; case and accents do not matter
 * @param words SQL for a folded text to look in
 */
export function holdsWords(text: string | undefined, words: string): { sql: string; params: string[] } {
  const typed = foldedText((text ?? '').slice(0, 100))
    .split(' ')
    .filter(Boolean)
    .slice(0, 8);
  return {
    sql: ['true', ...typed.map(() => `${words} like ?`)].join(' and '),
    params: typed.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`),
  };
}

/**
 * A page of a statement's rows; beyond the last page, the last one.
 * @param ground begins the statement (`with ...`), with its own parameters first
 * @param select without its order
 */
export async function pageOf<T>(
  em: EntityManager,
  { ground, select, order, params }: { ground: string; select: string; order: string; params: unknown[] },
  wanted = 1,
): Promise<CoverageList<T>> {
  const [counted] = await em.execute<{ total: number }[]>(
    `${ground} select count(*)::int as total from (${select}) listed`,
    params,
  );
  const { total } = counted!;
  const pages = Math.max(1, Math.ceil(total / perPage));
  const page = Math.min(Math.max(1, Math.trunc(wanted) || 1), pages);
  const items = await em.execute<T[]>(`${ground} ${select} order by ${order} limit ${perPage} offset ?`, [
    ...params,
    (page - 1) * perPage,
  ]);
  return { items, total, page, pages };
}

/** The same list of other things. */
export const mapped = <T, U>(list: CoverageList<T>, of: (item: T) => U): CoverageList<U> => ({
  ...list,
  items: list.items.map(of),
});
