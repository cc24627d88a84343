import { EntityManager, UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, newId, type Problem, type SignedIn } from '#kernel';
import { NotificationsService } from '#notifications';
import type { Account } from './account.js';
import { CurrentPassphrase } from './current-passphrase.js';
import { addressKey, mailAddress } from './mail-address.js';
import { MailLimits } from './mail-limits.js';
import { linkUnusable, MailLinks } from './mail-links.js';
import { accountsProblems } from './problems.js';
import { addressRule } from './registration-rules.js';

/** Another mail address for an account: wished for when signed in, proven at the new address, told to the old one. */
@Injectable()
export class AddressChangeService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly current: CurrentPassphrase,
    private readonly links: MailLinks,
    private readonly limits: MailLimits,
    private readonly notifications: NotificationsService,
    private readonly audit: AuditService,
  ) {}

  /**
   * Mails a link to the new address and a notice with a way to stop it to the old one. An address of somebody else gets
   * a reminder in the place of the link; the answer is the same.
   * @throws Problem 422 with faults of `email` or `current`
   */
  async ask(actor: SignedIn, form: { email: string; current: string }): Promise<void> {
    const account = await this.current.check(actor, form.current, 'account.ask-address');
    const email = mailAddress(form.email);
    const message = !email
      ? addressRule
      : addressKey(email) === account.emailKey
        ? 'This is the address you have.'
        : undefined;
    if (!email || message) throw accountsProblems.unfit(message!, { errors: [{ field: 'email', message: message! }] });
    await this.em.transactional(async () => {
      await this.em.execute(
        `update address_change set stopped_at = ? where account_id = ? and done_at is null and stopped_at is null`,
        [this.clock.now(), account.id],
      );
      if (await this.limits.to(email, 'other')) await this.tell(account, email);
      await this.audit.record(actor, { action: 'account.ask-address', target: `account:${account.id}` });
    });
  }

  /** The new address, for the page with the button. @throws Problem 422 `link-unusable` */
  async look(token: string): Promise<string> {
    return (await this.links.look('change-address', token)).email;
  }

  /**
   * The new address is proven: it becomes the account's. Links to the old one are dead from now (RS-2).
   * @throws Problem 422 `link-unusable`, 409 `address-taken`
   */
  async confirm(actor: Actor, token: string): Promise<void> {
    try {
      await this.em.transactional(() => this.take(actor, token));
    } catch (fault) {
      throw fault instanceof UniqueConstraintViolationException ? addressTaken() : fault; // another account took it at this moment
    }
  }

  private async take(actor: Actor, token: string): Promise<void> {
    const link = await this.links.use('change-address', token);
    const now = this.clock.now();
    const [change] = await this.em.execute<{ new_email: string; new_email_key: string; email_version: number }[]>(
      `update address_change set done_at = ? where id = ? and done_at is null and stopped_at is null returning new_email, new_email_key, email_version`,
      [now, link.addressChangeId],
    );
    if (!change) throw linkUnusable('change-address');
    const rows = await this.em.execute<unknown[]>(
      `update account set email = ?, email_key = ?, email_version = email_version + 1
       where id = ? and email_version = ? and status = 'active' and not exists (select 1 from account other where other.email_key = ? and other.id <> account.id) returning id`,
      [change.new_email, change.new_email_key, link.accountId, change.email_version, change.new_email_key],
    );
    if (!rows.length) throw addressTaken();
    await this.audit.record(
      { ...actor, accountId: link.accountId },
      { action: 'account.change-address', target: `account:${link.accountId}` },
    );
    await this.notifications.queue({ kind: 'old-address', id: link.addressChangeId! }, 'account.address-changed');
    await this.notifications.queue({ kind: 'account', id: link.accountId }, 'account.address-changed');
  }

  private async tell(account: Account, email: string): Promise<void> {
    const [holder] = await this.em.execute<{ id: string }[]>(`select id from account where email_key = ? and id <> ?`, [
      addressKey(email),
      account.id,
    ]);
    const id = newId();
    await this.em.execute(
      `insert into address_change (id, account_id, old_email, new_email, new_email_key, email_version, asked_at, stopped_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        id,
        account.id,
        account.email,
        email,
        addressKey(email),
        account.emailVersion,
        this.clock.now(),
        holder ? this.clock.now() : null,
      ],
    );
    if (!holder) await this.notifications.queue({ kind: 'new-address', id }, 'account.change-address');
    else if (await this.limits.reminder(email))
      await this.notifications.queue({ kind: 'account', id: holder.id }, 'account.already-registered');
    await this.notifications.queue({ kind: 'old-address', id }, 'account.address-asked');
  }
}

const addressTaken = (): Problem =>
  accountsProblems.addressTaken(
    'Another account uses this address, or yours changed meanwhile. Your address stays as it was.',
  );
