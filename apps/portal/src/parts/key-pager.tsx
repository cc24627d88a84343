import type { VNode } from 'preact';
import { type Cut, kernelProblems, type Listed } from '#kernel';

interface KeyPagerProps {
  page: Listed<unknown>;
  /** Where the piece of the list at a cut is. */
  href: (cut: Cut) => string;
  /** What is listed, for those who hear it: "Requests". */
  what: string;
}

/** Leads back and on in a long list of which nobody counts the pages; nothing where one page holds it all. */
export function KeyPager({ page: { previous, next }, href, what }: KeyPagerProps): VNode | null {
  if (previous === undefined && next === undefined) return null;
  return (
    <nav class="edlink-pager" aria-label={`${what}, pages`}>
      {previous !== undefined && (
        <>
          <a href={href({})}>First page</a>
          <a href={href({ before: previous })} rel="prev">
            Previous
          </a>
        </>
      )}
      {next !== undefined && (
        <a href={href({ after: next })} rel="next">
          Next
        </a>
      )}
    </nav>
  );
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Where a list begins, from the address; what is no id counts as not said.
 * @throws Problem 400 when a parameter comes twice (IN-2)
 */
export function cutOf(query: Record<string, unknown>): Cut {
  const id = (name: string): string | undefined => {
    const value = query[name] ?? '';
    if (typeof value !== 'string')
      throw kernelProblems.badInput(`The address holds "${name}" more than once. Open the list again.`);
    return uuid.test(value) ? value : undefined;
  };
  const [after, before] = [id('after'), id('before')];
  return before ? { before } : after ? { after } : {};
}

/** An address with parameters; those that are empty are left out. */
export function addressWith(path: string, parts: Record<string, string | number | undefined>): string {
  const said = Object.entries(parts).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return said.length ? `${path}?${new URLSearchParams(said)}` : path;
}
