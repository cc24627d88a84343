import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Changes, Clock, isPlainText, newId, type SignedIn } from '#kernel';
import { Account, type AccountStatus } from './account.js';
import { addressKey } from './mail-address.js';
import { Passwords } from './passwords.js';
import { accountsProblems } from './problems.js';
import { userNameKey } from './user-name.js';

/** An account as an administrator or a demonstration makes it: the address counts as proven. */
export interface NewAccount {
  id?: string;
  userName: string;
  firstName: string;
  lastName: string;
  email: string;
  /** Absent: the person sets one by the link of a reset mail. */
  passphrase?: string;
}

/** Accounts as other libs see them, and the verbs that close one or end its sessions. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly passwords: Passwords,
    private readonly changes: Changes,
  ) {}

  /** The account, whatever its status. */
  async find(accountId: string): Promise<Account | undefined> {
    return (await this.reader().findOne(Account, { id: accountId }, { refresh: true })) ?? undefined;
  }

  /** The account, unless it is disabled or frozen. */
  async findActive(accountId: string): Promise<Account | undefined> {
    return (await this.reader().findOne(Account, { id: accountId, status: 'active' }, { refresh: true })) ?? undefined;
  }

  /** By what people type: an address when it has an @, else a user name; a user name never has one (ID-5). */
  async byName(name: string): Promise<Account | undefined> {
    if (name.length > 254 || !isPlainText(name)) return undefined;
    const where = name.includes('@') ? { emailKey: addressKey(name.trim()) } : { userNameKey: userNameKey(name) };
    return (await this.reader().findOne(Account, where, { refresh: true })) ?? undefined;
  }

  /**
   * Whether what was signed in at `authTime` still counts: asked for every request of every session (SE-4).
   * @param authTime epoch seconds, as `PasswordSignIn` gave it
   */
  async sessionLives(accountId: string, authTime: number): Promise<boolean> {
    const rows = await this.em.execute<unknown[]>(
      `select id from account where id = ? and status = 'active' and ?::bigint > floor(extract(epoch from sessions_ended_at))`,
      [accountId, authTime],
    );
    return rows.length > 0;
  }

  /** Ends everything that is signed in, in the caller's transaction, also what a machine with a fast clock signed in. */
  async endSessions(accountId: string): Promise<void> {
    await this.em.execute(
      `update account set sessions_ended_at = greatest(?::timestamptz, signed_in_at, sessions_ended_at) where id = ?`,
      [this.clock.now(), accountId],
    );
  }

  /** A person ends all own sessions, this one included. */
  async signOutEverywhere(actor: SignedIn): Promise<void> {
    await this.em.transactional(async () => {
      await this.endSessions(actor.accountId);
      await this.audit.record(actor, { action: 'account.sign-out-everywhere', target: `account:${actor.accountId}` });
      await this.changes.announce(actor, { cause: '', accountIds: [actor.accountId], access: true });
    });
  }

  /** Closes an account until somebody opens it again; everything of it ends with the same commit (SE-4). */
  disable(actor: Actor, accountId: string, reason: string): Promise<void> {
    return this.turn(actor, accountId, {
      action: 'account.disable',
      from: ['active', 'frozen'],
      to: 'disabled',
      told: 'can no longer sign in',
      reason,
    });
  }

  /** Opens a disabled or frozen account again. Its passphrase is unchanged. */
  enable(actor: Actor, accountId: string, reason: string): Promise<void> {
    return this.turn(actor, accountId, {
      action: 'account.enable',
      from: ['disabled', 'frozen'],
      to: 'active',
      told: 'can sign in again',
      reason,
    });
  }

  /**
   * Makes an account whose address needs no proof: for demonstrations and tests; people register.
   * @returns its id
   * @throws Problem 409 when user name or address is taken
   */
  async add(actor: Actor, person: NewAccount): Promise<string> {
    const passwordHash = person.passphrase === undefined ? null : await this.passwords.hash(person.passphrase);
    return this.em.transactional(async () => {
      const id = await insertAccount(this.em, {
        ...person,
        id: person.id ?? newId(),
        passwordHash,
        now: this.clock.now(),
      });
      await this.audit.record(actor, {
        action: 'account.add',
        target: `account:${id}`,
        after: { userName: person.userName },
      });
      return id;
    });
  }

  private async turn(
    actor: Actor,
    accountId: string,
    change: { action: string; from: AccountStatus[]; to: AccountStatus; told: string; reason: string },
  ): Promise<void> {
    await this.em.transactional(async () => {
      const [account] = await this.em.execute<{ status: AccountStatus; name: string }[]>(
        `select status, first_name || ' ' || last_name as name from account where id = ? for update`,
        [accountId],
      );
      if (!account) throw accountsProblems.unknownAccount('There is no such account. Check the name and try again.');
      if (!change.from.includes(account.status)) return; // it is so already
      await this.em.execute(`update account set status = ? where id = ?`, [change.to, accountId]);
      await this.endSessions(accountId);
      await this.audit.record(actor, {
        action: change.action,
        target: `account:${accountId}`,
        before: { status: account.status },
        after: { status: change.to },
        reason: change.reason,
      });
      await this.changes.announce(actor, { cause: `${account.name} ${change.told}.`, accountIds: [accountId] });
    });
  }

  /** The caller's transaction; outside of one, an own look at the database. */
  private reader(): EntityManager {
    return this.em.isInTransaction() ? this.em : this.em.fork();
  }
}

/**
 * Writes the row, in the caller's transaction.
 * @throws Problem 409 `user-name-taken` or `address-taken`, also when another transaction is just taking it
 */
export async function insertAccount(
  em: EntityManager,
  person: Omit<NewAccount, 'passphrase'> & { id: string; passwordHash: string | null; now: Date },
): Promise<string> {
  const keys = [userNameKey(person.userName), addressKey(person.email)];
  const made = await em.execute<unknown[]>(
    `insert into account (id, user_name, user_name_key, first_name, last_name, email, email_key, password_hash, password_changed_at, status, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', ?) on conflict do nothing returning id`,
    [
      person.id,
      person.userName,
      keys[0],
      person.firstName,
      person.lastName,
      person.email,
      keys[1],
      person.passwordHash,
      person.passwordHash && person.now,
      person.now,
    ],
  );
  if (made.length) return person.id;
  const sameAddress = await em.execute<unknown[]>(`select id from account where email_key = ?`, [keys[1]]);
  if (sameAddress.length)
    throw accountsProblems.addressTaken(
      'Sign in with the account you have. If you forgot the passphrase, set a new one.',
    );
  const message = 'Somebody else has this user name. Choose another.';
  throw accountsProblems.userNameTaken(message, { errors: [{ field: 'userName', message }] });
}
