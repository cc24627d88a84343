import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { Clock, systemActor } from '#kernel';
import { StaffService } from '#staff';
import { holdPeople } from './holds.js';
import { LineOffer } from './line-offer.js';
import { Lookers } from './lookers.js';
import { findRequest, holdRequest } from './request-rows.js';
import { restartClocks } from './time-rows.js';

/** An offer of less that waits for its answer, with where it was made. */
interface Waiting {
  id: string;
  by: string;
  lineId: string;
  requestId: string;
}

/** Offers of people who decide there no longer: nobody can take them, so nothing may wait for the answer. */
@Injectable()
export class StrandedOffers {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly staff: StaffService,
    private readonly lookers: Lookers,
  ) {}

  /** Ends them, each once; the line is with whoever decides now, and their time begins. */
  async end(): Promise<void> {
    const waiting = await this.em.execute<Waiting[]>(
      `select o.id, o.by_staff_member_id as by, l.id as "lineId", l.request_id as "requestId"
       from line_offer o join request_line l on l.id = o.line_id and l.status = 'pending' where o.answer is null order by o.id`,
    );
    const accounts = await this.staff.accountsOf([...new Set(waiting.map(({ by }) => by))]);
    for (const offer of waiting)
      if (!(await this.canBeTaken(offer, accounts.get(offer.by)))) await this.endOne(offer, accounts.get(offer.by));
  }

  private async endOne(offer: Waiting, account: string | undefined): Promise<void> {
    await this.em.transactional(async () => {
      if (account !== undefined) await holdPeople(this.em, [account]); // people before the request
      await holdRequest(this.em, offer.requestId);
      if (await this.canBeTaken(offer, account)) return;
      const at = this.clock.now();
      const ended = { answer: 'replaced' as const, answeredAt: at };
      if (!(await this.em.nativeUpdate(LineOffer, { id: offer.id, answer: null }, ended))) return;
      await restartClocks(this.em, [offer.lineId], 'answered', at);
      await this.audit.record(systemActor, {
        action: 'request.end-offer',
        target: `request-line:${offer.lineId}`,
        after: { offerId: offer.id },
      });
    });
  }

  /** As the requester would be answered now. */
  private async canBeTaken({ by, lineId, requestId }: Waiting, account: string | undefined): Promise<boolean> {
    const looker = account === undefined ? undefined : await this.lookers.of(account);
    const request = (await findRequest(this.em, requestId))!;
    const [asked] = await this.em.execute<Parameters<Lookers['linesOf']>[1]>(
      `select application, level, code, duty, excluded from request_line where id = ?`,
      [lineId],
    );
    const [line] = await this.lookers.linesOf(request.staffMemberId, [asked!]);
    const isActive = account !== undefined && (await holdPeople(this.em, [account])).get(account) === by;
    return isActive && !!looker && !!line && this.lookers.may(looker, line);
  }
}
