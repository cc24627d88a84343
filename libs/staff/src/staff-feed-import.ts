import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, localDay, readFileWithin, SETTINGS, sha256 } from '#kernel';
import type { Settings } from '#settings';
import { readFeed, type StaffFeed } from './feed-file.js';
import { type FeedPlan, planFeed } from './feed-plan.js';
import { countFates, type FeedReport } from './feed-report.js';
import type { FeedRow } from './feed-row.js';
import type { HashedRow } from './feed-state.js';
import { lockFeed, readStaffState, writeFeedPlan } from './feed-store.js';
import { birthHash, nameKey } from './staff-facts.js';

interface HashedFeed extends Omit<StaffFeed, 'rows'> {
  sha256: string;
  rows: HashedRow[];
}

/**
 * Takes in what payroll reports: who works where. It adds and corrects; it removes nobody, and an employment ends only
 * by its last day. Rows at fault are counted and left out, the others are taken; a file at fault changes nothing.
 */
@Injectable()
export class StaffFeedImport {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * The fate of every row, nothing written.
   * @throws kernel.bad-file, staff.faulty-feed (422)
   */
  async preview(path: string): Promise<FeedReport> {
    const feed = await this.read(path);
    return reportOf(feed, planFeed(await readStaffState(this.em, feed.rows), feed.rows));
  }

  /**
   * Applies the file in one transaction. Applied twice it changes nothing.
   * @throws kernel.bad-file, staff.faulty-feed (422)
   */
  async apply(actor: Actor, path: string): Promise<FeedReport> {
    const feed = await this.read(path);
    return this.em.transactional(async () => {
      await lockFeed(this.em);
      const plan = planFeed(await readStaffState(this.em, feed.rows), feed.rows);
      const report = reportOf(feed, plan);
      if (isEmpty(plan)) return report;
      await writeFeedPlan(this.em, plan, this.clock.now());
      const { format, transmissionId, counts, employments } = report;
      await this.audit.record(actor, {
        action: 'staff.import',
        target: `file:${feed.sha256}`,
        after: { format, transmissionId, rows: feed.rows.length, counts, employments },
      });
      return report;
    });
  }

  private async read(path: string): Promise<HashedFeed> {
    const bytes = await readFileWithin(path);
    const feed = readFeed(bytes, localDay(this.clock.now()));
    return {
      ...feed,
      sha256: sha256(bytes),
      rows: feed.rows.map((row) => this.hash(row)),
    };
  }

  /** From here on a birth date is a keyed hash. */
  private hash(row: FeedRow): HashedRow {
    if (!('person' in row)) return row;
    const { birthDate, ...person } = row.person;
    return {
      row: row.row,
      person: {
        ...person,
        nameKey: nameKey(person.lastName, person.firstName),
        birthHash: birthDate && birthHash(this.settings.IDENTITY_SECRET, birthDate),
      },
    };
  }
}

const isEmpty = (plan: FeedPlan): boolean =>
  !plan.newMembers.length &&
  !plan.changedMembers.length &&
  !plan.newEmployments.length &&
  !plan.changedEmployments.length;

const reportOf = (feed: HashedFeed, plan: FeedPlan): FeedReport => ({
  sha256: feed.sha256,
  format: feed.format,
  transmissionId: feed.transmissionId,
  rows: plan.rows,
  counts: countFates(plan.rows),
  employments: { begun: plan.newEmployments.length, changed: plan.changedEmployments.length },
});
