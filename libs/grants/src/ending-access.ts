import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Clock, days, localDay, readableDate } from '#kernel';
import { NotificationsService } from '#notifications';
import { type Location, locationKey, SitesService } from '#sites';

/** Days before the last one on which the holder is told. */
const steps = [30, 14, 3];
/** Grants read in one statement. */
const most = 500;
/** Things listed in a mail; the page shows all. */
const listed = 20;

/** A grant that ends soon, with the step its holder has come to. */
interface Ending extends Location {
  grant_id: string;
  account_id: string;
  application: string;
  role: string;
  permission: string;
  to_at: string;
  step: number;
}

/**
 * Tells people that access of theirs ends by itself, in time to ask to keep it: once for each step, and only for steps that
 * came after the end was decided. One mail for everything that ends on one day. What rests is not told of.
 */
@Injectable()
export class EndingAccess {
  private followed = '';

  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly notifications: NotificationsService,
  ) {}

  /** Looks once a day; looking again, or from several workers at once, tells nobody twice. */
  async follow(): Promise<void> {
    const today = localDay(this.clock.now());
    if (this.followed === today) return;
    for (;;) {
      const ending = await this.ending();
      for (const some of mailsOf(ending)) await this.em.transactional(() => this.tell(some));
      if (ending.length < most) break;
    }
    this.followed = today;
  }

  /** @param ending of one account, one day and one step */
  private async tell(ending: Ending[]): Promise<void> {
    const fresh = await this.em.execute<{ grant_id: string }[]>(
      `insert into ending_notice (grant_id, to_at, days, told_at)
       select r.grant_id, r.to_at, r.step, ? from json_to_recordset(?::json) as r (grant_id uuid, to_at timestamptz, step int)
       on conflict do nothing returning grant_id`,
      [this.clock.now(), JSON.stringify(ending)],
    );
    const told = new Set(fresh.map((row) => row.grant_id));
    const news = ending.filter((one) => told.has(one.grant_id));
    if (!news.length) return;
    const places = await this.sites.placeMany(news);
    const words = news.map((one) => {
      const names = this.catalog.names(one.application, one.role, one.permission);
      return `${names.permission} in ${names.application} at ${places.get(locationKey(one))?.name ?? one.code}`;
    });
    const { account_id: id, to_at: toAt } = news[0]!;
    await this.notifications.queue({ kind: 'account', id }, 'grants.ends-soon', {
      day: readableDate(lastMoment(toAt)),
      more: String(Math.max(0, words.length - listed)),
      ...Object.fromEntries(words.slice(0, listed).map((one, at) => [`what${String(at).padStart(2, '0')}`, one])),
    });
  }

  /** What ends soon and was not told of yet, by account and end; a step counts when the end was known before it. */
  private async ending(): Promise<Ending[]> {
    const now = this.clock.now();
    return this.em.execute<Ending[]>(
      `select v.grant_id, v.account_id, v.application, v.role, v.permission, v.level, v.code, v.to_at::text as to_at, next.step
       from grant_version v
       join account a on a.id = v.account_id and a.status = 'active'
       join staff_link k on k.account_id = v.account_id and k.staff_member_id = v.staff_member_id and k.ended_at is null
       cross join lateral (select min(s.step) as step from unnest(array[${steps.join()}]) as s (step)
         where v.to_at <= ?::timestamptz + s.step * interval '1 day') next
       where v.superseded_at is null and v.state = 'active' and v.from_at <= ? and v.to_at > ? and v.to_at <= ?
         and next.step is not null
         and (select min(w.recorded_at) from grant_version w where w.grant_id = v.grant_id and w.to_at = v.to_at) <= v.to_at - next.step * interval '1 day'
         and not exists (select 1 from ending_notice n where n.grant_id = v.grant_id and n.to_at = v.to_at and n.days <= next.step)
       order by v.account_id, v.to_at, v.grant_id limit ${most}`,
      [now, now, now, new Date(now.getTime() + days(steps[0]!))],
    );
  }
}

const lastMoment = (toAt: string): Date => new Date(new Date(toAt).getTime() - 1);

/** What is told in one mail each: of one account, on one last day, at one step. */
function mailsOf(ending: Ending[]): Ending[][] {
  const mails = new Map<string, Ending[]>();
  for (const one of ending) {
    const key = `${one.account_id} ${localDay(lastMoment(one.to_at))} ${one.step}`;
    mails.set(key, [...(mails.get(key) ?? []), one]);
  }
  return [...mails.values()];
}
