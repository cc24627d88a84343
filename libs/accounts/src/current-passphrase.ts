import { Injectable } from '@nestjs/common';
import type { Problem, SignedIn } from '#kernel';
import type { Account } from './account.js';
import { AccountsService } from './accounts.service.js';
import { Limits } from './limits.js';
import { Passwords } from './passwords.js';
import { accountsProblems } from './problems.js';

/** What tries at the current passphrase of an account are counted under. */
export const currentRow = (accountId: string): string => `current:account:${accountId}`;

/** Asks a signed-in person for the passphrase once more: an open session alone must not be enough to take an account over. */
@Injectable()
export class CurrentPassphrase {
  constructor(
    private readonly accounts: AccountsService,
    private readonly passwords: Passwords,
    private readonly limits: Limits,
  ) {}

  /**
   * Counted apart from sign-in, so that a stranger's wrong tries do not stand in the owner's way.
   * @throws Problem 422 when it does not fit or was tried too often
   */
  async check(actor: SignedIn, typed: string, action: string): Promise<Account> {
    const account = await this.accounts.findActive(actor.accountId);
    if (!account) throw accountsProblems.unknownAccount('Sign in again.');
    const row = currentRow(account.id);
    const message =
      'This is not your current passphrase, or it was tried too often. After several wrong tries wait a while.';
    const wrong = accountsProblems.wrongPassphrase(message, {
      errors: [{ field: 'current', message }],
      refusal: { action, target: `account:${account.id}` },
    });
    if (!(await this.limits.takeInRow(row))) throw wrong;
    const fits = await this.passwords.fits(account.passwordHash, typed).catch(async (problem: Problem) => {
      await this.limits.giveBack(row);
      throw problem;
    });
    if (!fits) throw wrong;
    await this.limits.clear(row);
    return account;
  }
}
