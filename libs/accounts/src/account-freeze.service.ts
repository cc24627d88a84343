import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Changes, Clock } from '#kernel';
import { NotificationsService } from '#notifications';
import { AccountsService } from './accounts.service.js';
import { addressKey } from './mail-address.js';
import { MailLinks } from './mail-links.js';

/** "This was not me": the owner stops a change from the mail that told of it (RS-9). */
@Injectable()
export class AccountFreeze {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly accounts: AccountsService,
    private readonly links: MailLinks,
    private readonly notifications: NotificationsService,
    private readonly audit: AuditService,
    private readonly changes: Changes,
  ) {}

  /** Whether the link works, for the page with the button. @throws Problem 422 `link-unusable` */
  async look(token: string): Promise<void> {
    await this.links.look('not-me', token);
  }

  /**
   * Freezes the account: all sessions end, open wishes for another address stop, and the address goes back to the one
   * this mail went to. Somebody has to open the account again (`AccountsService.enable`); then a mail to that address sets
   * a new passphrase, for the old one may be known to others. Links of later mails stop working: they went to whoever had
   * the account then. Those of earlier mails go on, so that a thief who freezes first has won nothing.
   * @throws Problem 422 `link-unusable`
   */
  freeze(actor: Actor, token: string): Promise<void> {
    return this.em.transactional(async () => {
      const link = await this.links.use('not-me', token);
      await this.links.endLater(link);
      await this.em.execute(
        `update address_change set stopped_at = ? where account_id = ? and done_at is null and stopped_at is null`,
        [this.clock.now(), link.accountId],
      );
      const [frozen] = await this.em.execute<{ name: string }[]>(
        `update account set status = 'frozen', password_hash = null, password_version = password_version + 1
         where id = ? and status in ('active', 'frozen') returning first_name || ' ' || last_name as name`,
        [link.accountId],
      );
      await this.em.execute(
        `update account set email = ?, email_key = ?, email_version = email_version + 1
         where id = ? and email <> ? and not exists (select 1 from account other where other.email_key = ? and other.id <> account.id)`,
        [link.email, addressKey(link.email), link.accountId, link.email, addressKey(link.email)],
      );
      await this.accounts.endSessions(link.accountId);
      await this.audit.record(actor, { action: 'account.freeze', target: `account:${link.accountId}` });
      await this.notifications.queue({ kind: 'account', id: link.accountId }, 'account.frozen');
      if (frozen)
        await this.changes.announce(actor, {
          cause: `${frozen.name} can no longer sign in.`,
          accountIds: [link.accountId],
        });
    });
  }
}
