import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Clock, days, minutes } from '#kernel';

/** How often one instance looks, and how many rows it takes at a time. */
const every = minutes(10);
const atOnce = 5000;

/**
 * Removes what nobody needs any more: counters whose window is over, links and registrations a month after their end.
 * Nothing depends on it: whatever ends is checked when it is used.
 */
@Injectable()
export class OldRows implements OnModuleDestroy {
  private readonly log = new Logger('accounts');
  private sweptAt = 0;
  private underWay?: Promise<void>;

  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
  ) {}

  /** Sweeps when it is time to; whoever calls does not wait for it. */
  now(): void {
    const now = this.clock.now().getTime();
    if (now - this.sweptAt < every) return;
    this.sweptAt = now;
    this.underWay = this.sweep().catch((fault: unknown) => this.log.error(`old rows stay for now: ${String(fault)}`));
  }

  /** The database closes after this. */
  async onModuleDestroy(): Promise<void> {
    await this.underWay;
  }

  async sweep(): Promise<void> {
    const em = this.em.fork();
    const now = this.clock.now();
    const monthAgo = new Date(now.getTime() - days(30));
    const some = (table: string, key: string, over: string): string =>
      `delete from ${table} where ${key} in (select ${key} from ${table} where ${over} limit ${atOnce})`;
    await em.execute(some('attempt_counter', 'key', 'window_ends_at < ? and not_before < ?'), [now, now]);
    await em.execute(some('mail_link', 'id', 'expires_at < ?'), [monthAgo]);
    const unlinked = 'not exists (select 1 from mail_link where registration_id = registration.id)';
    await em.execute(some('registration', 'id', `expires_at < ? and ${unlinked}`), [monthAgo]);
  }
}
