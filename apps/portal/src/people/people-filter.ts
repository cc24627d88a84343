import type { AccessFilter } from '#compliance';
import { kernelProblems } from '#kernel';

/** So many days ahead the list looks for what ends. */
export const endsWithin = [30, 60, 90];

/** What the address of the list says. @throws Problem 400 when a parameter comes twice */
export function readFilter(query: Record<string, unknown>): AccessFilter & { after?: string } {
  const one = (name: string): string | undefined => {
    const value = query[name] ?? '';
    if (typeof value !== 'string')
      throw kernelProblems.badInput(`The address holds "${name}" more than once. Open the list again.`);
    return value.trim().slice(0, 400) || undefined;
  };
  const ends = Number(one('ends'));
  return {
    text: one('q')?.slice(0, 100),
    application: one('application'),
    siteCode: one('site')?.toUpperCase().slice(0, 30),
    ...(endsWithin.includes(ends) && { endsWithin: ends }),
    after: one('after'),
  };
}

/** The address of the list, or of a page about it, that keeps what it was narrowed by. */
export function peopleAddress(
  path: string,
  { text, application, siteCode, endsWithin: ends }: AccessFilter,
  after?: string,
): string {
  const parts = { q: text, application, site: siteCode, ends: ends && String(ends), after };
  const query = new URLSearchParams(Object.entries(parts).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return query.size ? `${path}?${query}` : path;
}
