import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Changes, Clock, minutes, newToken, sha256, tidy } from '#kernel';
import { NotificationsService } from '#notifications';
import type { Account } from './account.js';
import { AccountsService } from './accounts.service.js';
import { currentRow } from './current-passphrase.js';
import { Limits } from './limits.js';
import { MailLimits } from './mail-limits.js';
import { linkUnusable, MailLinks } from './mail-links.js';
import { PassphraseCheck } from './passphrase-check.js';
import { Passwords } from './passwords.js';
import { accountsProblems } from './problems.js';
import { signInRow } from './sign-in-gate.js';
import { writePassphrase } from './write-passphrase.js';

/**
 * A forgotten passphrase, step by step; the steps are columns of the link's row, so none can be skipped (RS-4):
 * mailed, used (the browser gets a proof), finished. It never signs in and never opens a closed account (RS-5).
 */
@Injectable()
export class PassphraseReset {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly accounts: AccountsService,
    private readonly check: PassphraseCheck,
    private readonly passwords: Passwords,
    private readonly links: MailLinks,
    private readonly mailLimits: MailLimits,
    private readonly limits: Limits,
    private readonly notifications: NotificationsService,
    private readonly audit: AuditService,
    private readonly changes: Changes,
  ) {}

  /**
   * Step 1: mails a link to the account's address, if there is such an account. The same answer if not (EN-1).
   * @param name user name or address
   */
  async ask(actor: Actor, name: string): Promise<void> {
    if (!(await this.mailLimits.fromSource(actor.address))) return;
    await this.em.transactional(async () => {
      const account = await this.accounts.byName(name);
      const allowed = await this.mailLimits.to(account?.email ?? tidy(name), 'reset');
      if (allowed && account)
        await this.notifications.queue(
          { kind: 'account', id: account.id },
          'account.reset-passphrase',
          {},
          `reset-passphrase:${account.id}`,
        );
      await this.audit.record(actor, { action: 'account.ask-reset', target: account && `account:${account.id}` });
    });
  }

  /** Whether the link works, for the page with the button. @throws Problem 422 `link-unusable` */
  async look(token: string): Promise<void> {
    await this.links.look('reset-passphrase', token);
  }

  /**
   * Step 2: uses the link up. Proofs of earlier attempts of this account end.
   * @returns a proof this browser keeps for step 3; good for 15 minutes
   * @throws Problem 422 `link-unusable`
   */
  open(actor: Actor, token: string): Promise<string> {
    const proof = newToken();
    return this.em.transactional(async () => {
      const link = await this.links.use('reset-passphrase', token);
      // The account's row is the lock: of two attempts opened at once the later one counts.
      await this.em.execute(`select id from account where id = ? for update`, [link.accountId]);
      await this.em.execute(`update mail_link set proof_hash = null where account_id = ? and proof_hash is not null`, [
        link.accountId,
      ]);
      await this.em.execute(`update mail_link set proof_hash = ?, proof_expires_at = ? where id = ?`, [
        sha256(proof),
        new Date(this.clock.now().getTime() + minutes(15)),
        link.id,
      ]);
      await this.audit.record(actor, { action: 'account.open-reset', target: `account:${link.accountId}` });
      return proof;
    });
  }

  /** Whether step 3 is open to the holder of this proof. @throws Problem 422 `link-unusable` */
  async checkProof(proof: string): Promise<Account> {
    const rows = await this.em.execute<{ account_id: string }[]>(
      `select link.account_id from mail_link link join account a on a.id = link.account_id where ${open}`,
      [sha256(proof), this.clock.now()],
    );
    const account = rows[0] && (await this.accounts.findActive(rows[0].account_id));
    if (!account) throw linkUnusable('reset-passphrase');
    return account;
  }

  /**
   * Step 3: the new passphrase. Ends everything signed in and the wait after wrong tries; mails a notice.
   * @throws Problem 422 `unfit` (the proof still works) or `link-unusable`
   */
  async finish(actor: Actor, proof: string, passphrase: string): Promise<void> {
    const account = await this.checkProof(proof);
    const message = await this.check.fault(passphrase, account);
    if (message) throw accountsProblems.unfit(message, { errors: [{ field: 'passphrase', message }] });
    const passwordHash = await this.passwords.hash(passphrase);
    await this.em.transactional(async () => {
      const now = this.clock.now();
      await this.em.execute(`select id from account where id = ? for update`, [account.id]); // the same lock as in step 2
      const rows = await this.em.execute<unknown[]>(
        `update mail_link link set finished_at = ? from account a where a.id = link.account_id and ${open} and a.id = ? and a.password_version = ? returning link.id`,
        [now, sha256(proof), now, account.id, account.passwordVersion],
      );
      if (!rows.length || !(await writePassphrase(this.em, account, passwordHash, now)))
        throw linkUnusable('reset-passphrase');
      for (const row of [signInRow(`account:${account.id}`), currentRow(account.id)]) await this.limits.clear(row);
      await this.audit.record(actor, { action: 'account.reset-passphrase', target: `account:${account.id}` });
      await this.notifications.queue({ kind: 'account', id: account.id }, 'account.passphrase-changed');
      await this.changes.announce(actor, { cause: '', accountIds: [account.id], access: true });
    });
  }
}

/** The link was used, this proof came of it, and the account is as it was. */
const open = `link.proof_hash = ? and link.purpose = 'reset-passphrase' and link.used_at is not null and link.finished_at is null and link.proof_expires_at > ?
  and a.status = 'active' and a.email_version = link.email_version and a.password_version = link.password_version`;
