import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, newId, sha256, type SignedIn } from '#kernel';
import type { FeedEndings } from './feed-endings.js';
import { staffProblems } from './problems.js';
import { StaffFeedHold } from './staff-feed-hold.js';

/** A staff file that waits for a second person. */
export interface FeedHold {
  id: string;
  sha256: string;
  /** Staff members who would be employed nowhere any more. */
  leavers: string[];
  /** People the file names who are employed today. */
  covered: number;
  status: StaffFeedHold['status'];
  askedAt: Date;
}

/** The brake of staff files: what would end many people's employment, two persons say. Says not who may. */
@Injectable()
export class StaffFeedHolds {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
  ) {}

  /** The newest first, at most 50; those that wait before all others. */
  async list(): Promise<FeedHold[]> {
    const rows = await this.em.execute<FeedHold[]>(
      `select id, sha256, leavers, covered, status, asked_at as "askedAt" from staff_feed_hold
       order by (status = 'waits') desc, asked_at desc, id limit 50`,
    );
    return rows.map((row) => ({ ...row, askedAt: new Date(row.askedAt) }));
  }

  /** How many wait. */
  async waitingCount(): Promise<number> {
    const [row] = await this.em.execute<{ count: number }[]>(
      `select count(*)::int as count from staff_feed_hold where status = 'waits'`,
    );
    return row!.count;
  }

  /**
   * The second person's word: yes, and the same file may be given in again; or no.
   * @throws staff.unknown-hold (404), staff.hold-over (409), staff.second-person (403: whoever gave the file in)
   */
  async answer(actor: SignedIn, id: string, answer: 'confirmed' | 'refused'): Promise<void> {
    await this.em.transactional(async () => {
      const [hold] = await this.em.execute<{ status: string; asked_by: string; sha256: string }[]>(
        `select status, asked_by, sha256 from staff_feed_hold where id::text = ? for update`,
        [id],
      );
      if (!hold) throw staffProblems.unknownHold('There is no such staff file. Look at the list again.');
      if (hold.status !== 'waits')
        throw staffProblems.holdOver('Somebody answered this before. Look at the list again.');
      const deed = { action: `staff.import-${answer}`, target: `file:${hold.sha256}` };
      if (hold.asked_by === actor.accountId)
        throw staffProblems.secondPerson('You gave this file in. Somebody else has to look at it.', { refusal: deed });
      await this.em.execute(`update staff_feed_hold set status = ?, answered_by = ?, answered_at = ? where id = ?`, [
        answer,
        actor.accountId,
        this.clock.now(),
        id,
      ]);
      await this.audit.record(actor, deed);
    });
  }

  /**
   * Whether a file goes through: a second person said yes to exactly these people. Otherwise it waits from now on. In the
   * caller's transaction, which lets one import run at a time.
   */
  async passes(actor: Actor, file: string, { leavers, covered }: FeedEndings): Promise<boolean> {
    const hash = sha256(JSON.stringify(leavers));
    const [hold] = await this.em.execute<{ id: string; status: string; leavers_hash: string; answered_by: string }[]>(
      `select id, status, leavers_hash, answered_by from staff_feed_hold
       where sha256 = ? and status in ('waits', 'confirmed') for update`,
      [file],
    );
    const by = actor.accountId ?? 'operator';
    if (hold?.status === 'confirmed' && hold.leavers_hash === hash && hold.answered_by !== by) {
      await this.em.execute(`update staff_feed_hold set status = 'applied' where id = ?`, [hold.id]);
      return true;
    }
    if (hold?.status === 'waits' && hold.leavers_hash === hash) return false;
    // Other people than before: what was said of the others counts no more.
    await this.em.execute(
      `insert into staff_feed_hold (id, sha256, leavers, leavers_hash, covered, status, asked_by, asked_at) values (?, ?, ?, ?, ?, 'waits', ?, ?)
       on conflict (sha256) where status in ('waits', 'confirmed') do update set leavers = excluded.leavers, leavers_hash = excluded.leavers_hash,
         covered = excluded.covered, status = 'waits', asked_by = excluded.asked_by, asked_at = excluded.asked_at, answered_by = null, answered_at = null`,
      [newId(), file, JSON.stringify(leavers), hash, covered, by, this.clock.now()],
    );
    const after = { leavers: leavers.length, covered };
    await this.audit.record(actor, { action: 'staff.import-held', target: `file:${file}`, after });
    return false;
  }
}
