/** A fault beside one field of a form; `field` is the form's field name. */
export interface FieldFault {
  field: string;
  message: string;
}

/** What a refusal leaves in the audit log (AU-2); written by the filter after the verb rolled back. */
export interface Refusal {
  action: string;
  target?: string;
}

interface More {
  errors?: FieldFault[];
  /** A page where what the detail says can be done; `href` is a path of the same app. */
  link?: { label: string; href: string };
  refusal?: Refusal;
  cause?: unknown;
  /** Seconds, for the Retry-After header. */
  retryAfter?: number;
}

/**
 * The one error of the product (RFC 9457). `detail` is for the person and says what to do next; `cause` is for the log.
 * 404 absent or none of your business, 409 the state moved on, 422 understood but refused.
 */
export class Problem extends Error {
  readonly errors?: FieldFault[];
  readonly link?: { label: string; href: string };
  readonly refusal?: Refusal;
  readonly retryAfter?: number;

  constructor(
    readonly code: string,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    more: More = {},
  ) {
    super(`${code}: ${detail}`, { cause: more.cause });
    this.errors = more.errors;
    this.link = more.link;
    this.refusal = more.refusal;
    this.retryAfter = more.retryAfter;
  }
}

export type ProblemKind = ((detail: string, more?: More) => Problem) & { code: string; status: number; title: string };

/**
 * Declares one kind of problem; every lib lists its kinds in `problems.ts`, and docs/problems.md names them all.
 * @param code stable, `lib.what`
 * @param status HTTP status
 * @param title short, the same for every occurrence
 */
export function problemKind(code: string, status: number, title: string): ProblemKind {
  const make = (detail: string, more?: More): Problem => new Problem(code, status, title, detail, more);
  return Object.defineProperties(make, {
    code: { value: code },
    status: { value: status },
    title: { value: title },
  }) as ProblemKind;
}
