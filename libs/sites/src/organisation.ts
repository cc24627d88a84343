import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Changes, Clock } from '#kernel';
import { SitesService } from './sites.service.js';

/** A site is served by a public system from a day on, or by nobody any more. */
export interface Serve {
  siteCode: string;
  systemCode: string | null;
  /** 'YYYY-MM-DD', also one to come; today when absent. */
  fromDay?: string;
}

/** A site belongs to another system from a day on. */
export interface Move {
  siteCode: string;
  systemCode: string;
  /** 'YYYY-MM-DD', not one to come; today when absent. */
  fromDay?: string;
}

/**
 * Changes single places, beside the register import. Says nothing about who may: callers ask that first.
 * Who decides may change with every verb, so callers hold routing everywhere (`holdRouting` of #coordinators) before they
 * call, in the transaction they call in.
 */
@Injectable()
export class Organisation {
  constructor(
    private readonly em: EntityManager,
    private readonly sites: SitesService,
    private readonly audit: AuditService,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  /**
   * Only for sites that are nonpublic, for early childhood, or a support site of a public system. What was to begin
   * later is let go. Saying what is so already changes nothing.
   * @throws sites.unknown-code, sites.closed, sites.wrong-serving, sites.wrong-day (422)
   */
  async serve(actor: Actor, serve: Serve): Promise<void> {}

  /**
   * Saying what is so already changes nothing.
   * @throws sites.unknown-code, sites.closed, sites.wrong-day (422)
   */
  async move(actor: Actor, move: Move): Promise<void> {}

  /**
   * Closes an open site from today on.
   * @throws sites.unknown-code, sites.closed (422), kernel.bad-input (400) for a reason that is no plain text
   */
  async close(actor: Actor, site: { siteCode: string; reason: string }): Promise<void> {}

  /**
   * Closes an open site from today on; another open site takes over from it.
   * @throws sites.unknown-code, sites.closed, sites.wrong-merger (422)
   */
  async merge(actor: Actor, sites: { siteCode: string; intoCode: string }): Promise<void> {}
}
