import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { Changes, Clock, type SignedIn } from '#kernel';
import { NotificationsService } from '#notifications';
import { CurrentPassphrase } from './current-passphrase.js';
import { PassphraseCheck } from './passphrase-check.js';
import { Passwords } from './passwords.js';
import { accountsProblems } from './problems.js';
import { writePassphrase } from './write-passphrase.js';

/** A signed-in person chooses another passphrase. */
@Injectable()
export class PassphraseChange {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly current: CurrentPassphrase,
    private readonly check: PassphraseCheck,
    private readonly passwords: Passwords,
    private readonly notifications: NotificationsService,
    private readonly audit: AuditService,
    private readonly changes: Changes,
  ) {}

  /**
   * Needs the current passphrase; ends everything signed in, mails a notice (PW-6).
   * @returns the `authTime` with which this browser's session may begin anew
   * @throws Problem 422 with faults of `current` or `passphrase`
   */
  async change(actor: SignedIn, form: { current: string; passphrase: string }): Promise<number> {
    const account = await this.current.check(actor, form.current, 'account.change-passphrase');
    const message =
      form.passphrase === form.current
        ? 'This is the passphrase you have. Choose another.'
        : await this.check.fault(form.passphrase, account);
    if (message) throw accountsProblems.unfit(message, { errors: [{ field: 'passphrase', message }] });
    const passwordHash = await this.passwords.hash(form.passphrase);
    return this.em.transactional(async () => {
      const authTime = await writePassphrase(this.em, account, passwordHash, this.clock.now());
      if (authTime === undefined)
        throw accountsProblems.unfit('Your account changed while this form was open. Load the page again and check.');
      await this.em.execute(
        `update account set signed_in_at = greatest(signed_in_at, to_timestamp(?::bigint)) where id = ?`,
        [authTime, account.id],
      );
      await this.audit.record(actor, { action: 'account.change-passphrase', target: `account:${account.id}` });
      await this.notifications.queue({ kind: 'account', id: account.id }, 'account.passphrase-changed');
      await this.changes.announce(actor, { cause: '', accountIds: [account.id], access: true });
      return authTime;
    });
  }
}
