import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Clock, days, localDay, readableDate, systemActor } from '#kernel';
import { NotificationsService } from '#notifications';
import { GrantLedger, switched } from './grant-ledger.js';
import { holdGrants } from './live-grants.js';

/** Days without use after which people are warned, and after which access rests (CF-5). */
const warnings = [60, 75, 85];
const restsAfter = 90;
/** From the last warning to the rest, also where the warnings came late. */
const lastNotice = days(restsAfter - warnings.at(-1)!);

/** People read in one statement. */
const most = 200;

/** What an account holds in an application and has not used since. */
interface Unused {
  account_id: string;
  application: string;
  since: string;
  grant_ids: string[];
  warned_at: string | null;
}

/**
 * Access that nobody uses rests, after warnings. Only in applications whose use is seen (`restsUnused` of the catalogue).
 * What was given, or let go on, counts as used then.
 */
@Injectable()
export class UnusedAccess {
  private followed = '';

  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly ledger: GrantLedger,
    private readonly notifications: NotificationsService,
  ) {}

  /** Looks once a day; looking again, or from several workers at once, warns nobody twice. */
  async follow(): Promise<void> {
    const today = localDay(this.clock.now());
    if (this.followed === today) return;
    let after = '';
    do after = await this.lookAfter(after);
    while (after);
    this.followed = today;
  }

  /** @returns where to go on; empty at the end */
  private async lookAfter(after: string): Promise<string> {
    const unused = await this.unused(after);
    for (const one of unused) await this.em.transactional(() => this.treat(one));
    const last = unused.length < most ? undefined : unused.at(-1);
    return last ? `${last.account_id} ${last.application}` : '';
  }

  private async treat(one: Unused): Promise<void> {
    const now = this.clock.now().getTime();
    const since = new Date(one.since).getTime();
    if (now >= since + days(restsAfter) && one.warned_at && now >= new Date(one.warned_at).getTime() + lastNotice)
      return this.rest(one);
    const step = warnings.findLast((count) => now >= since + days(count));
    if (step !== undefined) await this.warn(one, step);
  }

  private async warn({ account_id: id, application, since }: Unused, step: number): Promise<void> {
    const now = this.clock.now();
    const rows = await this.em.execute<unknown[]>(
      `insert into unused_warning (account_id, application, since, days, warned_at) values (?, ?, ?, ?, ?) on conflict do nothing returning 1`,
      [id, application, since, step, now],
    );
    if (!rows.length) return;
    const due = Math.max(new Date(since).getTime() + days(restsAfter), now.getTime() + lastNotice);
    const day = readableDate(new Date(due));
    const name = this.catalog.names(application).application;
    await this.notifications.queue({ kind: 'account', id }, 'grants.unused', { application: name, day });
  }

  private async rest({ account_id: id, application, grant_ids: grantIds }: Unused): Promise<void> {
    const { at, grants } = await holdGrants(this.em, { grantIds }, this.clock);
    const reason = `Not used for ${restsAfter} days.`;
    const deeds = grants.flatMap((grant) => switched(grant, at, 'suspended', 'inactive', reason) ?? []);
    if (!deeds.length) return;
    await this.ledger.write(systemActor, deeds);
    const name = this.catalog.names(application).application;
    await this.notifications.queue({ kind: 'account', id }, 'grants.rests-unused', { application: name });
  }

  /** @param after where the part before ended */
  private async unused(after: string): Promise<Unused[]> {
    const now = this.clock.now();
    const watched = this.catalog.applications().filter(({ restsUnused }) => restsUnused);
    return this.em.execute(
      `with unused as (
         select v.account_id, v.application, max(greatest(v.from_at, u.last_entered_at)) as since, json_agg(v.grant_id) as grant_ids
         from grant_version v join account a on a.id = v.account_id and a.status = 'active'
         left join application_use u on u.account_id = v.account_id and u.application = v.application
         where v.superseded_at is null and v.state = 'active' and v.from_at <= ? and coalesce(v.to_at > ?, true)
           and v.application in (select value from json_array_elements_text(?::json))
         group by v.account_id, v.application)
       select account_id, application, since::text as since, grant_ids, (select w.warned_at from unused_warning w where w.account_id = unused.account_id
         and w.application = unused.application and w.since = unused.since and w.days = ${warnings.at(-1)}) as warned_at
       from unused where since <= ? and account_id || ' ' || application > ? order by account_id || ' ' || application limit ${most}`,
      [now, now, JSON.stringify(watched.map(({ code }) => code)), new Date(now.getTime() - days(warnings[0]!)), after],
    );
  }
}
