import type { Response } from 'express';

/** Headers that belong to an answer that is not sent after all. */
const ofTheAnswer = ['Location', 'Content-Type', 'Content-Length', 'ETag', 'Retry-After'];

/**
 * Keeps back what a handler answers, so that nobody reads "saved" before the transaction committed. Handlers answer as
 * always; every way of answering ends in `end`.
 */
export class HeldAnswer {
  private readonly end: Response['end'];
  private sent?: unknown[];

  constructor(private readonly response: Response) {
    this.end = response.end;
    response.end = ((...all: unknown[]) => {
      this.sent ??= all;
      return response;
    }) as Response['end'];
  }

  /** Whether the handler answered at all. */
  get isThere(): boolean {
    return this.sent !== undefined;
  }

  /** Where the answer leads to; undefined when it is a page. */
  get redirect(): { status: number; location: string } | undefined {
    const { statusCode: status } = this.response;
    const location = this.response.getHeader('Location');
    return this.sent && status >= 300 && status < 400 && typeof location === 'string'
      ? { status, location }
      : undefined;
  }

  /** Sends what was kept back; without an answer, lets whoever comes next send one. */
  release(): void {
    this.response.end = this.end;
    if (this.sent) (this.end as (...all: unknown[]) => unknown).apply(this.response, this.sent);
  }

  /** Forgets the answer: another one is sent in its place. */
  drop(): void {
    this.response.end = this.end;
    for (const name of ofTheAnswer) this.response.removeHeader(name);
  }
}
