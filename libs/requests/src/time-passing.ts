import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { decidingRow, holdRouting } from '#coordinators';
import { Clock, localDay, readableWeekday, systemActor } from '#kernel';
import { changeRoutes, type OpenRequest, openRequests } from './followed-requests.js';
import { deedOf, type MovedRequest, movedOf } from './moved-requests.js';
import { OpenRouting } from './open-routing.js';
import { ReroutingNews } from './rerouting-news.js';
import { TimePolicy } from './time-policy.js';
import { keepClocks, type LineClock, openClocks } from './time-rows.js';

/** The last row of docs/routing.md: nobody is left to ask. */
const lastRow = 8;

/** Passes on what nobody decides: the next row of docs/routing.md is asked too. */
@Injectable()
export class TimePassing {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly policy: TimePolicy,
    private readonly routing: OpenRouting,
    private readonly news: ReroutingNews,
  ) {}

  /** Whether a line is to be passed on by a day; at the state desk it stays all the same. */
  isDue({ since, systemCode, asked }: LineClock, today: string): boolean {
    return !asked && this.policy.mustPassOn(since, today, systemCode);
  }

  /**
   * Passes on the lines of requests for which it is time, in one transaction with what is said of it: one message to each
   * person, however many they are. Done again, it does nothing.
   * @param systemCodes systems that answer for their lines
   */
  async passOn(requestIds: string[], systemCodes: string[]): Promise<void> {
    await this.em.transactional(async () => {
      await holdRouting(this.em, systemCodes, 'read');
      const now = this.clock.now();
      const today = localDay(now);
      const held = await openRequests(this.em, { systems: 'everywhere', requestIds }, true);
      const clocks = await openClocks(this.em, requestIds);
      const due = new Map(clocks.filter((one) => this.isDue(one, today)).map((one) => [one.lineId, one]));
      const moved: MovedRequest[] = [];
      for (const request of held) {
        const lines = request.lines.filter(({ id }) => due.has(id));
        if (lines.length) moved.push(...(await this.next({ ...request, lines }, today)));
      }
      if (!moved.length) return;
      const kept = await keepClocks(
        this.em,
        moved.flatMap(({ lineIds, routing }) =>
          lineIds.map((lineId) => ({
            lineId,
            what: 'passed-on' as const,
            step: due.get(lineId)!.step,
            nth: 1,
            passedRow: routing.trace.line.passed!,
          })),
        ),
        now,
      );
      const passed = moved.filter(({ lineIds }) => lineIds.every((id) => kept.has(id)));
      const cause = `Not decided before ${readableWeekday(today)}, so the next in line are asked too.`;
      await changeRoutes(
        this.em,
        passed.flatMap(({ lineIds, routing }) => lineIds.map((lineId) => ({ lineId, routing }))),
        now,
        cause,
      );
      await this.audit.recordMany(
        systemActor,
        passed.map((one) => ({ ...deedOf(one, cause), action: 'request.pass-on' })),
      );
      await this.news.moved(cause, passed, []);
    });
  }

  /** The lines with the first row after theirs in which somebody new is asked; nothing when they are at the last. */
  private async next(request: OpenRequest, today: string): Promise<MovedRequest[]> {
    let [now] = await this.routing.route([request], today);
    const asked = new Set(now?.routing.deciders.map((one) => one.staffMemberId));
    while (now && decidingRow(now.routing.trace) < lastRow) {
      const passed = decidingRow(now.routing.trace);
      [now] = await this.routing.route(
        [{ ...request, lines: request.lines.map((line) => ({ ...line, passed })) }],
        today,
      );
      const { deciders, trace } = now!.routing;
      if (decidingRow(trace) === lastRow || deciders.some((one) => !asked.has(one.staffMemberId)))
        return movedOf({ ...now!, request });
    }
    return [];
  }
}
