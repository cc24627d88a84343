import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, days } from '#kernel';

/** So many in so long. */
export interface Limit {
  count: number;
  /** Milliseconds. */
  within: number;
}

/** Names nobody has are remembered as long as accounts: a difference would tell which is which (EN-1). */
const rowKept = days(400);

/** Wrong tries in a row before the first wait. */
const freeTries = 5;
/** Wrong tries in a row after which only a reset helps (NIST SP 800-63B-4 3.2.2). */
const hardLimit = 100;

/**
 * Counters of tries in PostgreSQL, shared by every instance and channel (LK-3). Each is one atomic statement that counts
 * first and tells whether to go on, so parallel tries cannot slip past together. In the caller's transaction, if there is one.
 */
@Injectable()
export class Limits {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
  ) {}

  /** Counts one, unless the limit of its window is reached. @returns whether it was counted */
  async take(key: string, limit: Limit): Promise<boolean> {
    const now = this.clock.now();
    const rows = await this.em.execute<unknown[]>(
      `insert into attempt_counter as one (key, count, not_before, window_ends_at) values (?, 1, ?, ?)
       on conflict (key) do update set
         count = case when one.window_ends_at <= excluded.not_before then 1 else one.count + 1 end,
         window_ends_at = case when one.window_ends_at <= excluded.not_before then excluded.window_ends_at else one.window_ends_at end
       where one.window_ends_at <= excluded.not_before or one.count < ?
       returning key`,
      [key, now, new Date(now.getTime() + limit.within), limit.count],
    );
    return rows.length > 0;
  }

  /** Seconds until the window of a key is over, 1 at least. */
  async secondsLeft(key: string): Promise<number> {
    const [row] = await this.em.execute<{ ends: string }[]>(
      `select extract(epoch from window_ends_at) as ends from attempt_counter where key = ?`,
      [key],
    );
    return Math.max(1, Math.ceil(Number(row?.ends ?? 0) - this.clock.now().getTime() / 1000));
  }

  /** Takes one count back: what was counted turned out not to be a failure. */
  async giveBack(key: string): Promise<void> {
    await this.em.execute(`update attempt_counter set count = count - 1 where key = ? and count > 0`, [key]);
  }

  /**
   * Counts one wrong try in a row ahead of the check: free at first, then after 1 s, 2 s, 4 s … 1 h, and after 100 never (LK-1).
   * A refused try neither counts nor makes the wait longer: a stranger cannot use up somebody's 100.
   * @returns whether the try may be checked
   */
  async takeInRow(key: string): Promise<boolean> {
    const now = this.clock.now();
    const rows = await this.em.execute<unknown[]>(
      `insert into attempt_counter as one (key, count, not_before, window_ends_at) values (?, 1, ?, ?)
       on conflict (key) do update set
         count = one.count + 1,
         not_before = excluded.not_before + case when one.count + 1 < ${freeTries} then interval '0' else make_interval(secs => least(3600, power(2, least(one.count + 1 - ${freeTries}, 12)))) end,
         window_ends_at = excluded.window_ends_at
       where one.not_before <= excluded.not_before and one.count < ${hardLimit}
       returning key`,
      [key, now, new Date(now.getTime() + rowKept)],
    );
    return rows.length > 0;
  }

  /** Whether a row of wrong tries has reached the hard limit. */
  async isSpent(key: string): Promise<boolean> {
    const rows = await this.em.execute<unknown[]>(
      `select key from attempt_counter where key = ? and count >= ${hardLimit}`,
      [key],
    );
    return rows.length > 0;
  }

  /** Sets a long row back to where the wait is an hour: the way to the hard limit begins anew, the waiting does not. */
  async soften(key: string): Promise<void> {
    await this.em.execute(
      `update attempt_counter set count = ${freeTries + 12} where key = ? and count > ${freeTries + 12}`,
      [key],
    );
  }

  /** Ends a row: the right passphrase came, or a reset. */
  async clear(key: string): Promise<void> {
    await this.em.execute(`delete from attempt_counter where key = ?`, [key]);
  }
}
