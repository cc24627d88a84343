import { Injectable } from '@nestjs/common';
import { type Limit, Limits } from '#accounts';
import { hours, type SignedIn } from '#kernel';
import { complianceProblems } from './problems.js';

/** Rows a file holds at most. */
export const mostRows = 50_000;
/** Files one person may take. */
const perPerson: Limit = { count: 20, within: hours(1) };

/** Lists of people leave as files so many times, and only so long. */
@Injectable()
export class FileLimit {
  constructor(private readonly limits: Limits) {}

  /** Counts a file. @throws compliance.too-many-files (429) */
  async take(actor: SignedIn, action: string): Promise<void> {
    const key = `export:account:${actor.accountId}`;
    if (await this.limits.take(key, perPerson)) return;
    throw complianceProblems.tooManyFiles('You took 20 files within an hour. Wait a while, then take the next.', {
      retryAfter: await this.limits.secondsLeft(key),
      refusal: { action },
    });
  }
}
