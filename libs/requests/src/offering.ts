import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { newId } from '#kernel';
import type { Act } from './line-decisions.js';
import { LineOffer } from './line-offer.js';
import type { Less } from './narrowing.js';
import type { RequestLine } from './permission-request.js';
import { closeQuestions } from './question-rows.js';
import { restartClocks } from './time-rows.js';

/** Offers less than was asked for, in the transaction of a decision. */
@Injectable()
export class Offering {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditService,
  ) {}

  /** An offer that waits is overtaken: by another one, or by a step that was approved without it. */
  async close({ id }: RequestLine, at: Date): Promise<void> {
    await this.em.nativeUpdate(LineOffer, { line: id, answer: null }, { answer: 'replaced', answeredAt: at });
  }

  /** In place of an offer that waits; the line goes on waiting. */
  async offer(act: Act, line: RequestLine, { permission, toDay, reason }: Less & { reason?: string }): Promise<void> {
    const { actor, decider, version, at } = act;
    await this.close(line, at);
    const id = newId();
    await this.em.insert(LineOffer, {
      id,
      line: line.id,
      byStaffMemberId: decider,
      permission: permission ?? null,
      toDay: toDay ?? null,
      reason: reason ?? null,
      offeredAt: at,
      version,
    });
    // It is the requester's turn; what was asked before needs no answer any more.
    await closeQuestions(this.em, [line.id], at);
    await restartClocks(this.em, [line.id], 'asked', at);
    await this.audit.record(actor, {
      action: 'request.offer',
      target: `request-line:${line.id}`,
      after: { offerId: id, permission, toDay },
      reason,
    });
  }
}

/** The offer of each line that waits for the requester. */
export async function openOffers(em: EntityManager, lines: RequestLine[]): Promise<Map<string, LineOffer>> {
  const open = lines.filter(({ status }) => status === 'pending').map(({ id }) => id);
  const offers = await em.find(LineOffer, { line: { $in: open }, answer: null }, { disableIdentityMap: true });
  return new Map(offers.map((offer) => [offer.line.id, offer]));
}
