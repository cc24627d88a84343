import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { Clock, localDay, systemActor } from '#kernel';
import { PermissionRequest, RequestLine } from './permission-request.js';
import { holdRequest } from './request-rows.js';
import { TimeNews } from './time-news.js';
import { TimePolicy } from './time-policy.js';
import { keepClocks, type LineClock, openClocks } from './time-rows.js';

/** Closes what nobody decided for too long. */
@Injectable()
export class TimeExpiry {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly policy: TimePolicy,
    private readonly news: TimeNews,
  ) {}

  /** Whether a line is to be closed by a day. */
  isDue({ counted }: LineClock, today: string): boolean {
    return this.policy.expiryDay(counted) <= today;
  }

  /** Closes the open lines of a request when it is time, and tells the requester. Done again, it does nothing. */
  async expire(requestId: string): Promise<void> {
    await this.em.transactional(async () => {
      const { version } = await holdRequest(this.em, requestId);
      const now = this.clock.now();
      const today = localDay(now);
      const due = (await openClocks(this.em, [requestId])).filter((one) => this.isDue(one, today));
      const kept = await keepClocks(
        this.em,
        due.map(({ lineId, step }) => ({ lineId, what: 'expired' as const, step, nth: 1 })),
        now,
      );
      if (!kept.size) return;
      const lines = await this.em.find(RequestLine, { id: { $in: [...kept] } }, { disableIdentityMap: true });
      await this.em.nativeUpdate(
        RequestLine,
        { id: { $in: [...kept] }, status: 'pending' },
        { status: 'expired', decidedAt: now, settledVersion: version + 1 },
      );
      await this.em.nativeUpdate(PermissionRequest, { id: requestId }, { version: version + 1 });
      const permissions = lines.map(({ permission }) => permission).sort();
      await this.audit.record(systemActor, {
        action: 'request.expire',
        target: `request:${requestId}`,
        before: { permissions, status: 'pending' },
        after: { permissions, status: 'expired' },
      });
      const request = await this.em.findOneOrFail(PermissionRequest, { id: requestId }, { disableIdentityMap: true });
      await this.news.expired(request, this.policy.numbers.expiry);
    });
  }
}
