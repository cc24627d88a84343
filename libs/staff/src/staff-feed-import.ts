import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, localDay, readFileWithin, SETTINGS, sha256 } from '#kernel';
import type { Settings } from '#settings';
import { EmploymentEnds } from './employment-ends.js';
import { readFeed, type StaffFeed } from './feed-file.js';
import { type FeedPlan, planFeed } from './feed-plan.js';
import { endingsOf, type FeedEndings, needsSecondPerson } from './feed-endings.js';
import { countFates, type FeedReport } from './feed-report.js';
import type { FeedRow } from './feed-row.js';
import type { HashedRow } from './feed-state.js';
import { lockFeed, readStaffState, writeFeedPlan } from './feed-store.js';
import { birthHash, nameKey } from './staff-facts.js';
import { StaffFeedHolds } from './staff-feed-holds.js';

interface HashedFeed extends Omit<StaffFeed, 'rows'> {
  sha256: string;
  rows: HashedRow[];
}

/**
 * Takes in what payroll reports: who works where. It adds and corrects; it removes nobody, and an employment ends only
 * by its last day; what hangs on it, others follow (`EmploymentEnds`). A file that would end many waits for a second person. Rows at fault are counted and left out, the others are taken; a file at fault changes nothing.
 */
@Injectable()
export class StaffFeedImport {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ends: EmploymentEnds,
    private readonly holds: StaffFeedHolds,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * The fate of every row, nothing written.
   * @throws kernel.bad-file, staff.faulty-feed (422)
   */
  async preview(path: string): Promise<FeedReport> {
    const feed = await this.read(path);
    const current = await readStaffState(this.em, feed.rows);
    const plan = planFeed(current, feed.rows);
    return reportOf(feed, plan, endingsOf(current, plan, this.today()));
  }

  /**
   * Applies the file in one transaction. Applied twice it changes nothing. A file that needs a second person waits
   * (`held`) until another account confirmed it, and is then given in again.
   * @throws kernel.bad-file, staff.faulty-feed (422)
   */
  async apply(actor: Actor, path: string): Promise<FeedReport> {
    const feed = await this.read(path);
    return this.em.transactional(async () => {
      await lockFeed(this.em);
      const current = await readStaffState(this.em, feed.rows);
      const plan = planFeed(current, feed.rows);
      const endings = endingsOf(current, plan, this.today());
      const report = reportOf(feed, plan, endings);
      if (isEmpty(plan)) return report;
      if (report.needsSecond && !(await this.holds.passes(actor, feed.sha256, endings)))
        return { ...report, held: true };
      await writeFeedPlan(this.em, plan, this.clock.now());
      await this.ends.note(endings.ends);
      const { format, transmissionId, counts, employments, leavers } = report;
      await this.audit.record(actor, {
        action: 'staff.import',
        target: `file:${feed.sha256}`,
        after: { format, transmissionId, rows: feed.rows.length, counts, employments, leavers },
      });
      return report;
    });
  }

  private async read(path: string): Promise<HashedFeed> {
    const bytes = await readFileWithin(path);
    const feed = readFeed(bytes, this.today());
    return {
      ...feed,
      sha256: sha256(bytes),
      rows: feed.rows.map((row) => this.hash(row)),
    };
  }

  private today(): string {
    return localDay(this.clock.now());
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

const reportOf = (feed: HashedFeed, plan: FeedPlan, endings: FeedEndings): FeedReport => ({
  sha256: feed.sha256,
  format: feed.format,
  transmissionId: feed.transmissionId,
  rows: plan.rows,
  counts: countFates(plan.rows),
  employments: { begun: plan.newEmployments.length, changed: plan.changedEmployments.length },
  leavers: endings.leavers.length,
  needsSecond: needsSecondPerson(endings),
});
