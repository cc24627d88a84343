import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import { batches, Clock } from '#kernel';
import { QuestionNews } from './request-questions-news.js';
import { StrandedOffers } from './stranded-offers.js';
import { dayPlus } from './time-calendar.js';
import { TimeExpiry } from './time-expiry.js';
import { TimeNews, type Reminder } from './time-news.js';
import { TimePassing } from './time-passing.js';
import { TimePolicy } from './time-policy.js';
import { keepClocks, type LineClock, openClocks, waitingPeople } from './time-rows.js';

const log = new Logger('requests');

/** Days before a line is closed because its requester did not answer. */
const lastWord = 7;

/** Does what time asks of open requests: ends offers nobody can take, reminds, passes on, closes. */
@Injectable()
export class TimeSweep {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly policy: TimePolicy,
    private readonly passing: TimePassing,
    private readonly expiry: TimeExpiry,
    private readonly news: TimeNews,
    private readonly questions: QuestionNews,
    private readonly offers: StrandedOffers,
  ) {}

  /**
   * Does everything that is due by a day and was not done, in transactions of one request or of some of one system: killed
   * anywhere, or run by several workers, each thing happens once; and a request that fails keeps none of the others from
   * their turn. A day with failures is gone through again.
   * @param today 'YYYY-MM-DD'
   */
  async followTime(today: string): Promise<void> {
    if (!(await this.isNew(today))) return;
    let failures = 0;
    const attempt = async (what: string, work: Promise<void>): Promise<void> =>
      work.catch((fault: Error) => {
        failures++;
        log.warn(`${what}: ${fault.message}`);
      });
    await attempt('ending offers', this.offers.end());
    const clocks = await openClocks(this.em);
    const expired = byRequest(clocks.filter((one) => this.expiry.isDue(one, today)));
    const late = byRequest(clocks.filter((one) => this.passing.isDue(one, today) && !expired.has(one.requestId)));
    for (const id of expired.keys()) await attempt(`closing request ${id}`, this.expiry.expire(id));
    for (const { systems, ids } of bySystems(late))
      for (const some of batches(ids, 200))
        await this.passing.passOn(some, systems).catch(async () => {
          // One of them fails: the others go alone.
          for (const id of some) await attempt(`passing on request ${id}`, this.passing.passOn([id], systems));
        });
    await this.remind(today);
    if (failures) throw new Error(`${failures} requests failed and are tried again`);
    await this.em.execute(`update followed_day set day = ? where name = 'time' and day < ?::date`, [today, today]);
  }

  private async isNew(today: string): Promise<boolean> {
    const rows = await this.em.execute<unknown[]>(`select 1 from followed_day where name = 'time' and day < ?::date`, [
      today,
    ]);
    return rows.length > 0;
  }

  /** Reminds everybody once a day of all that has reached a reminder since, in one transaction; of several workers one does it. */
  private async remind(today: string): Promise<void> {
    await this.em.transactional(async () => {
      const claimed = await this.em.execute<unknown[]>(
        `select 1 from followed_day where name = 'reminders' and day < ?::date for update skip locked`,
        [today],
      );
      if (!claimed.length) return;
      const due = (await openClocks(this.em)).flatMap((one) => {
        const nth = this.remindersOf(one, today);
        return nth > one.reminded ? [{ ...one, nth }] : [];
      });
      const kept = await keepClocks(
        this.em,
        due.map(({ lineId, step, nth }) => ({ lineId, what: 'reminded' as const, step, nth })),
        this.clock.now(),
      );
      const reminded = due.filter(({ lineId }) => kept.has(lineId));
      await this.news.remind(await this.reminders(reminded.filter(({ asked }) => !asked)));
      // What waits for an answer is the requester's turn.
      await this.questions.missing(
        reminded
          .filter(({ asked }) => asked)
          .map(({ requestId, counted }) => ({ requestId, expiryDay: this.policy.expiryDay(counted) })),
      );
      await this.em.execute(`update followed_day set day = ? where name = 'reminders'`, [today]);
    });
  }

  /** How many reminders are due by a day; of a missing answer there is one more, a week before its line is closed. */
  private remindersOf({ since, systemCode, asked, counted }: LineClock, today: string): number {
    if (asked && today >= dayPlus(this.policy.expiryDay(counted), -lastWord))
      return this.policy.numbers.reminders.length + 1;
    return this.policy.remindersBy(since, today, systemCode);
  }

  private async reminders(due: LineClock[]): Promise<Reminder[]> {
    const dueDays = new Map<string, string>();
    for (const { requestId, since, systemCode } of due) {
      const day = this.policy.dueDay(since, systemCode);
      if (!(dueDays.get(requestId)! < day)) dueDays.set(requestId, day);
    }
    const reminders = new Map<string, Reminder>();
    const waiting = await waitingPeople(
      this.em,
      due.map(({ lineId }) => lineId),
    );
    for (const { staffMemberId, requestId: id, reference } of waiting) {
      const dueDay = dueDays.get(id)!;
      const known = reminders.get(staffMemberId) ?? { staffMemberId, requests: [], dueDay };
      known.requests.push({ id, reference });
      if (dueDay < known.dueDay) known.dueDay = dueDay;
      reminders.set(staffMemberId, known);
    }
    return [...reminders.values()];
  }
}

/** Requests of the same systems together. */
function bySystems(requests: Map<string, string[]>): { systems: string[]; ids: string[] }[] {
  const found = new Map<string, { systems: string[]; ids: string[] }>();
  for (const [id, codes] of requests) {
    const systems = [...codes].sort();
    const known = found.get(systems.join()) ?? { systems, ids: [] };
    found.set(systems.join(), { systems, ids: [...known.ids, id] });
  }
  return [...found.values()];
}

/** Each request with the systems of its lines. */
function byRequest(clocks: LineClock[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { requestId, systemCode } of clocks)
    found.set(requestId, [...new Set([...(found.get(requestId) ?? []), systemCode])]);
  return found;
}
