import type { PortalVisitor } from '../portal/portal.js';

/** One answer of the portal. */
export interface SeenAnswer {
  what: string;
  /** 0: no answer. */
  status: number;
  retryAfter: string | null;
  begun: number;
  ended: number;
}

/** Notes whatever a visitor is answered. */
export function noting(visitor: PortalVisitor, seen: SeenAnswer[]): PortalVisitor {
  const once = visitor.once.bind(visitor);
  visitor.once = async (method, address, ...rest) => {
    const begun = Date.now();
    const note = (status: number, retryAfter: string | null = null): void =>
      void seen.push({ what: `${method} ${address}`, status, retryAfter, begun, ended: Date.now() });
    try {
      const page = await once(method, address, ...rest);
      note(page.status, page.headers.get('retry-after'));
      return page;
    } catch (fault) {
      note(0);
      throw fault;
    }
  };
  return visitor;
}
