import type { VNode } from 'preact';

interface PagerProps {
  /** The list as it is cut: pages from 1. */
  list: { page: number; pages: number };
  /** Where a page of it is. */
  href: (page: number) => string;
  /** What is listed, for those who hear it: "Systems". */
  what: string;
}

/** Pages of a long list; nothing where one page holds it all. */
export function Pager({ list: { page, pages }, href, what }: PagerProps): VNode | null {
  if (pages < 2) return null;
  return (
    <nav class="edlink-pager" aria-label={`${what}, pages`}>
      {page > 1 && (
        <a href={href(page - 1)} rel="prev">
          Previous
        </a>
      )}
      <span>
        Page {page} of {pages}
      </span>
      {page < pages && (
        <a href={href(page + 1)} rel="next">
          Next
        </a>
      )}
    </nav>
  );
}
