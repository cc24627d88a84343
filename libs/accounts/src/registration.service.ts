import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, days, newId } from '#kernel';
import { NotificationsService } from '#notifications';
import { insertAccount } from './accounts.service.js';
import { addressKey } from './mail-address.js';
import { MailLimits } from './mail-limits.js';
import { linkUnusable, MailLinks } from './mail-links.js';
import { PassphraseCheck } from './passphrase-check.js';
import { Passwords } from './passwords.js';
import { accountsProblems } from './problems.js';
import { Registration } from './registration.js';
import { checkRegistration, type RegistrationForm } from './registration-rules.js';
import { isUserName, userNameKey, userNameRule } from './user-name.js';

/** What the page with the button shows. */
export interface PendingRegistration {
  userName: string;
  email: string;
  userNameTaken: boolean;
}

/** From what a stranger types to an account with a proven address. Until the proof, nothing is taken and nobody is told what exists. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly check: PassphraseCheck,
    private readonly passwords: Passwords,
    private readonly links: MailLinks,
    private readonly limits: MailLimits,
    private readonly notifications: NotificationsService,
    private readonly audit: AuditService,
  ) {}

  /**
   * Keeps what was typed and mails a link to the address; to a known address, a reminder that there is an account (EN-3).
   * The answer, the hash and the rows written are alike in both cases.
   * @throws Problem 422 with a fault for each field that needs another look
   */
  async register(actor: Actor, form: RegistrationForm): Promise<void> {
    const { person, faults } = checkRegistration(form);
    const message = await this.check.fault(person.passphrase, person);
    if (message) faults.push({ field: 'passphrase', message });
    if (faults.length) throw accountsProblems.unfit('Check the fields that are marked.', { errors: faults });
    if (!(await this.limits.fromSource(actor.address))) return;
    const passwordHash = await this.passwords.hash(person.passphrase);
    await this.em.transactional(async () => {
      const [holder] = await this.em.execute<{ id: string }[]>(`select id from account where email_key = ?`, [
        addressKey(person.email),
      ]);
      if (!(await this.limits.to(person.email, 'other'))) return;
      if (holder) return this.remind(actor, holder.id, person.email);
      const id = newId();
      const now = this.clock.now();
      await this.em.execute(
        `insert into registration (id, user_name, first_name, last_name, email, email_key, password_hash, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          id,
          person.userName,
          person.firstName,
          person.lastName,
          person.email,
          addressKey(person.email),
          passwordHash,
          now,
          new Date(now.getTime() + days(7)),
        ],
      );
      await this.notifications.queue({ kind: 'registration', id }, 'account.confirm-address');
      await this.audit.record(actor, { action: 'account.register', target: `registration:${id}` });
    });
  }

  /** What the link of a mail belongs to, for the page with the button. @throws Problem 422 `link-unusable` */
  async look(token: string): Promise<PendingRegistration> {
    const { registrationId } = await this.links.look('confirm-address', token);
    const registration = await this.em.fork().findOneOrFail(Registration, { id: registrationId });
    const taken = await this.em.execute<unknown[]>(`select id from account where user_name_key = ?`, [
      userNameKey(registration.userName),
    ]);
    return { userName: registration.userName, email: registration.email, userNameTaken: taken.length > 0 };
  }

  /**
   * The address is proven: the account is made.
   * @param otherName typed when the user name was taken meanwhile
   * @returns the account's id
   * @throws Problem 409 `user-name-taken` (the link still works), 409 `address-taken`, 422 `link-unusable` or `unfit`
   */
  confirm(actor: Actor, token: string, otherName?: string): Promise<string> {
    const chosen = otherName?.trim();
    if (chosen !== undefined && !isUserName(chosen))
      throw accountsProblems.unfit(userNameRule, { errors: [{ field: 'userName', message: userNameRule }] });
    return this.em.transactional(async () => {
      const { registrationId } = await this.links.use('confirm-address', token);
      const now = this.clock.now();
      const [typed] = await this.em.execute<Row[]>(
        `select user_name, first_name, last_name, email, password_hash from registration where id = ? and confirmed_at is null for update`,
        [registrationId],
      );
      if (!typed) throw linkUnusable('confirm-address');
      // The hash moves to the account; no second copy of it stays behind.
      await this.em.execute(`update registration set confirmed_at = ?, password_hash = '' where id = ?`, [
        now,
        registrationId,
      ]);
      const person = {
        userName: chosen ?? typed.user_name,
        firstName: typed.first_name,
        lastName: typed.last_name,
        email: typed.email,
      };
      const id = await insertAccount(this.em, { ...person, id: newId(), passwordHash: typed.password_hash, now });
      await this.audit.record(
        { ...actor, accountId: id },
        { action: 'account.confirm-address', target: `account:${id}`, after: { userName: person.userName } },
      );
      return id;
    });
  }

  private async remind(actor: Actor, accountId: string, address: string): Promise<void> {
    if (await this.limits.reminder(address))
      await this.notifications.queue({ kind: 'account', id: accountId }, 'account.already-registered');
    await this.audit.record(actor, { action: 'account.register', target: `account:${accountId}` });
  }
}

interface Row {
  user_name: string;
  first_name: string;
  last_name: string;
  email: string;
  password_hash: string;
}
