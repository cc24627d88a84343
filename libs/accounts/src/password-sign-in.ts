import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, foldedText, sha256, type Problem, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import type { Account } from './account.js';
import { AccountsService } from './accounts.service.js';
import { deviceKnown, deviceName, newDevice } from './device.js';
import { Passwords } from './passwords.js';
import { accountsProblems } from './problems.js';
import { SignInGate } from './sign-in-gate.js';

export interface SignInTry {
  /** User name or e-mail address. */
  name: string;
  password: string;
  /** What an earlier sign-in left in this browser. */
  device?: string;
}

export interface SignedInAccount {
  account: Account;
  /** Epoch seconds; later than everything that was ended before. */
  authTime: number;
  /** For a long-lived cookie: this browser is known to the account, strangers cannot make it wait (LK-1). */
  device: string;
}

/** Signs people in with a passphrase. */
@Injectable()
export class PasswordSignIn {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly accounts: AccountsService,
    private readonly passwords: Passwords,
    private readonly gate: SignInGate,
    private readonly audit: AuditService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Counts the try, does one hash, and says yes or gives the one neutral answer.
   * @throws Problem 422 `sign-in-refused`: wrong, unknown, waiting, disabled, frozen alike; 503 when too many sign in at once
   */
  async signIn(actor: Actor, { name, password, device }: SignInTry): Promise<SignedInAccount> {
    const account = await this.accounts.byName(name);
    const known =
      account && device && deviceKnown(this.settings.COOKIE_SECRETS, account, device) ? deviceName(device) : undefined;
    const who = account ? `account:${account.id}` : `name:${sha256(foldedText(name))}`;
    const refused = refusalFor(account);
    const pass = await this.gate.enter({ who, address: actor.address, device: known });
    if (!pass) throw refused;
    const fits = await this.passwords.fits(account?.passwordHash, password).catch(async (problem: Problem) => {
      await this.gate.withdraw(pass);
      throw problem;
    });
    if (!account || !fits) throw refused;
    const authTime = await this.begin(actor, account);
    if (authTime === undefined) throw refused;
    await this.gate.succeed(pass);
    await this.renewHash(account, password);
    return { account, authTime, device: newDevice(this.settings.COOKIE_SECRETS[0]!, account) };
  }

  /** One conditional update: refused when the account was closed or its passphrase changed while the hash was computed. */
  private begin(actor: Actor, account: Account): Promise<number | undefined> {
    return this.em.transactional(async () => {
      const seconds = Math.floor(this.clock.now().getTime() / 1000);
      const [row] = await this.em.execute<{ auth_time: string }[]>(
        `update account set signed_in_at = greatest(signed_in_at, to_timestamp(greatest(?::bigint, floor(extract(epoch from sessions_ended_at))::bigint + 1)))
         where id = ? and password_version = ? and status = 'active'
         returning greatest(?::bigint, floor(extract(epoch from sessions_ended_at))::bigint + 1) as auth_time`,
        [seconds, account.id, account.passwordVersion, seconds],
      );
      if (row)
        await this.audit.record(
          { ...actor, accountId: account.id },
          { action: 'account.sign-in', target: `account:${account.id}` },
        );
      return row && Number(row.auth_time);
    });
  }

  /** A hash from cheaper days is made anew while the passphrase is at hand (PW-4). */
  private async renewHash(account: Account, password: string): Promise<void> {
    if (!account.passwordHash || !this.passwords.isCheap(account.passwordHash)) return;
    const renewed = await this.passwords.hash(password);
    await this.em.execute(`update account set password_hash = ? where id = ? and password_hash = ?`, [
      renewed,
      account.id,
      account.passwordHash,
    ]);
  }
}

const told =
  'The user name and passphrase do not fit together, or were tried too often. Check both, or wait a while. A new passphrase by mail ends the wait.';

const refusalFor = (account: Account | undefined): Problem =>
  accountsProblems.signInRefused(told, {
    errors: [{ field: 'name', message: told }],
    refusal: { action: 'account.sign-in', target: account && `account:${account.id}` },
  });
