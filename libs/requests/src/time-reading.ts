import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, localDay } from '#kernel';
import type { LineDue, LineTime } from './request-views.js';
import { TimePolicy } from './time-policy.js';
import { heldSince, openClocks } from './time-rows.js';

/** What pages say about the time of open lines. */
@Injectable()
export class TimeReading {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly policy: TimePolicy,
  ) {}

  /** When the open lines of requests are due, by line. */
  async due(requestIds: string[]): Promise<Map<string, LineDue>> {
    const today = localDay(this.clock.now());
    return new Map(
      (await openClocks(this.em, requestIds)).map(({ lineId, since, counted, asked, systemCode }) => {
        const dueDay = this.policy.dueDay(since, systemCode);
        return [
          lineId,
          { dueDay, overdue: !asked && dueDay < today, expiryDay: this.policy.expiryDay(counted), asked },
        ];
      }),
    );
  }

  /** All about the open lines of one request, by line. */
  async of(requestId: string): Promise<Map<string, LineTime>> {
    const due = await this.due([requestId]);
    const held = await heldSince(this.em, [...due.keys()]);
    return new Map([...due].map(([lineId, one]) => [lineId, { ...one, heldSince: held.get(lineId)! }]));
  }
}
