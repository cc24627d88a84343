import pg from 'pg';
import { currentWaiting } from '#kernel';

/** SQLSTATE of a change whose end nobody told us of: it is saved whole, or not at all. */
const unresolved = '08007';
/** SQLSTATE of a connection that is gone, with nothing of the change left. */
const gone = '08006';

/** SQLSTATE of a lock that another transaction held for too long. */
const lockNotHad = '55P03';

/** What pg and PostgreSQL say when a connection is gone; most of it carries no code. */
const lostCode = /^(57P0[12]|08\w{3}|ECONN\w+|EPIPE|ETIMEDOUT)$/;
const lostInWords = /connection|terminated|read timeout|timeout exceeded|not queryable/i;

/** Whether a fault of pg says that the connection is gone or could not be made. */
export const isLost = ({ code, message }: Error & { code?: string }): boolean =>
  code ? lostCode.test(code) : lostInWords.test(message);

const begins = /^\s*(begin|start transaction)/i;
const commits = /^\s*commit/i;
const ends = /^\s*(commit|rollback(?! to))/i;
const readsOnly = /^\s*(select|set|show)/i;

/**
 * A connection of an app. PostgreSQL's own limits do not reach a COMMIT that waits for a standby, nor a network that
 * swallows the answer: `query_timeout` does. A connection that kept us waiting so long is closed, so that its place in
 * the pool comes back and what was not committed is rolled back. Faults of a lost connection carry 08006 when nothing
 * was saved, and 08007 when that cannot be known (R-05b, R-22).
 */
export class AppClient extends pg.Client {
  private inTransaction = false;
  private fate?: string;

  override query(...parts: unknown[]): never {
    const text = textOf(parts[0]);
    const mayHaveSaved = this.inTransaction ? commits.test(text) : !readsOnly.test(text) && !begins.test(text);
    if (begins.test(text)) this.inTransaction = true;
    if (ends.test(text)) this.inTransaction = false;
    const answer = super.query(...(parts as [string])) as unknown;
    return (
      answer instanceof Promise ? answer.catch((fault: Error) => this.tell(fault, mayHaveSaved)) : answer
    ) as never;
  }

  private tell(fault: Error & { code?: string }, mayHaveSaved: boolean): never {
    if (fault.code === lockNotHad) currentWaiting().giveUp();
    if (!isLost(fault)) throw fault;
    const sent = !/not queryable/.test(fault.message);
    this.fate ??= mayHaveSaved && sent ? unresolved : gone;
    fault.code = this.fate;
    (this as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    throw fault;
  }
}

const textOf = (query: unknown): string =>
  typeof query === 'string' ? query : String((query as { text?: unknown } | undefined)?.text ?? '');
