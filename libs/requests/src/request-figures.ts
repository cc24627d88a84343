import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Assignment } from '#coordinators';
import { Clock, days, localDay, type SignedIn, startOfDay } from '#kernel';
import { SitesService } from '#sites';
import { Lookers } from './lookers.js';
import type { AgeFigure, DecisionFigures, TimeFigure, WeekFigure } from './request-views.js';

/** Weeks shown, this one included. */
const weekCount = 13;
/** School systems shown: those that take longest. */
const systemCount = 15;
/** Days after which a request is in the next group. */
const ages = [2, 7, 14, 30];

/** A part of a statement over the line l, and the values of its question marks. */
type Sql = [text: string, ...values: unknown[]];

/** What charts show: how long requests wait, how many are decided, and how fast. */
@Injectable()
export class RequestFigures {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly lookers: Lookers,
    private readonly sites: SitesService,
  ) {}

  /**
   * The figures of all a person looks after: the state for the state desk; nothing for who looks after nobody, nor while the
   * statement is not in force. A duty in an approval is about single requests, and looks after nobody.
   */
  async of(actor: SignedIn): Promise<DecisionFigures> {
    const looker = await this.lookers.of(actor.accountId);
    const scopes = looker?.signed ? looker.scopes.filter(({ duty }) => duty === undefined) : [];
    const now = this.clock.now();
    const since = startOfDay(mondayBefore(localDay(now), weekCount - 1));
    const held = heldBy(scopes);
    return {
      sinceDay: localDay(since),
      everywhere: scopes.some(({ reach }) => reach === 'state'),
      ages: await this.ages(held, now),
      weeks: await this.weeks(held, since, now),
      ...(await this.times(held, since)),
    };
  }

  /** Open requests by how long ago they were sent. */
  private async ages([where, ...values]: Sql, now: Date): Promise<AgeFigure[]> {
    const limits = ages.map((age) => new Date(now.getTime() - days(age + 1)));
    const rows = await this.em.execute<{ age: number; open: number }[]>(
      `select ${limits.map(() => `(l.submitted_at <= ?)::int`).join(' + ')} as age, count(distinct l.request_id)::int as open
       from request_line l where l.status = 'pending' and ${where} group by 1`,
      [...limits, ...values],
    );
    const open = new Map(rows.map((row) => [row.age, row.open]));
    return [0, ...ages.map((age) => age + 1)].map((fromDays, at) => ({
      fromDays,
      toDays: ages[at],
      open: open.get(at) ?? 0,
    }));
  }

  /** Permissions decided, by the week that begins on a Monday; weeks without any are there too. */
  private async weeks([where, ...values]: Sql, since: Date, now: Date): Promise<WeekFigure[]> {
    const rows = await this.em.execute<{ week: string; approved: number; rejected: number }[]>(
      `select date_trunc('week', l.decided_at at time zone 'America/Chicago')::date::text as week,
         count(*) filter (where l.status = 'approved')::int as approved, count(*) filter (where l.status = 'rejected')::int as rejected
       from request_line l where l.decided_by is not null and l.decided_at >= ? and ${where} group by 1`,
      [since, ...values],
    );
    const found = new Map(rows.map((row) => [row.week, row]));
    return Array.from({ length: weekCount }, (_, at) => {
      const week = mondayBefore(localDay(now), weekCount - 1 - at);
      return { week, approved: 0, rejected: 0, ...found.get(week) };
    });
  }

  /** How long it took from sending to the decision, in days: of all, and of the school systems that take longest. */
  private async times([where, ...values]: Sql, since: Date): Promise<Pick<DecisionFigures, 'all' | 'systems'>> {
    const rows = await this.em.execute<{ code: string | null; decided: number; half: number; most: number }[]>(
      `with decided as (select l.system_code as code, extract(epoch from l.decided_at - l.submitted_at) / 86400 as took
         from request_line l where l.decided_by is not null and l.decided_at >= ? and ${where})
       select code, count(*)::int as decided, percentile_cont(0.5) within group (order by took)::float as half,
         percentile_cont(0.9) within group (order by took)::float as most
       from decided group by grouping sets ((), (code)) order by code is not null, most desc, code limit ${systemCount + 1}`,
      [since, ...values],
    );
    const places = await this.sites.placeMany(rows.flatMap(({ code }) => (code ? [{ level: 'system', code }] : [])));
    const figure = ({ code, decided, half, most }: (typeof rows)[number]): TimeFigure => ({
      name: code ? (places.get(`system:${code}`)?.name ?? code) : '',
      decided,
      half: half ?? 0,
      most: most ?? 0,
    });
    const [all, ...systems] = rows.map(figure);
    return { all: all!, systems };
  }
}

/** Lines some scopes hold. Places are those of when the line was routed last. */
function heldBy(scopes: Assignment[]): Sql {
  if (scopes.some((one) => one.reach === 'state' && one.application === undefined)) return ['true'];
  const held = scopes.map(({ reach, systemCode, siteCodes, application }) => ({
    system: systemCode ?? null,
    whole: reach === 'state' || reach === 'system',
    sites: [...siteCodes],
    app: application ?? null,
  }));
  return [
    `exists (select 1 from json_to_recordset(?::json) as h (system text, whole boolean, sites json, app text)
       where coalesce(h.system = l.system_code, true) and coalesce(h.app = l.application, true)
         and (h.whole or (l.level = 'site' and l.code in (select value from json_array_elements_text(h.sites)))))
     and (${held.some(({ system }) => system === null)} or l.system_code in (select value from json_array_elements_text(?::json)))`,
    JSON.stringify(held),
    JSON.stringify([...new Set(held.flatMap(({ system }) => system ?? []))]),
  ];
}

/** The Monday of the week of a day, so many weeks before. */
function mondayBefore(day: string, weeks: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7) - 7 * weeks);
  return at.toISOString().slice(0, 10);
}
