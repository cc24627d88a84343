import { Injectable, Logger } from '@nestjs/common';
import { kernelProblems, minutes, networkOf } from '#kernel';
import { type Limit, Limits } from './limits.js';
import { OldRows } from './old-rows.js';

/** Wrong tries one network may make, and all networks together. */
const perNetwork: Limit = { count: 100, within: minutes(10) };
const everywhere: Limit = { count: 3000, within: minutes(10) };

interface Comer {
  /** `account:<id>`, or a hashed name nobody has: both are counted alike (EN-1). */
  who: string;
  address?: string;
  /** Set when the browser is known to that account. */
  device?: string;
}

/** What a try was counted under. */
export interface GatePass {
  inRow: string;
  account: string;
  windows: string[];
}

/** What is counted for one account, whichever door the try comes through. */
export const signInRow = (who: string): string => `sign-in:${who}`;

/** Lets tries through to the hash, counted beforehand: per account, per network and in all (LK-1, LK-2, LK-3). */
@Injectable()
export class SignInGate {
  private readonly log = new Logger('sign-in');

  constructor(
    private readonly limits: Limits,
    private readonly oldRows: OldRows,
  ) {}

  /** @returns undefined when the try must not be checked now; throws Problem 503 when the whole service is under attack */
  async enter({ who, address, device }: Comer): Promise<GatePass | undefined> {
    this.oldRows.now();
    const account = signInRow(who);
    if (device && !(await this.limits.isSpent(account)) && (await this.limits.takeInRow(`sign-in:device:${device}`))) {
      return { inRow: `sign-in:device:${device}`, account, windows: [] };
    }
    const network = `sign-in:network:${networkOf(address)}`;
    if (!(await this.limits.take(network, perNetwork))) return undefined;
    if (!(await this.limits.take('sign-in:everywhere', everywhere))) {
      this.log.error('more wrong sign-ins than this service ever sees: strangers are told to wait');
      throw kernelProblems.busy('Many people are signing in right now. Wait a few minutes and try again.', {
        retryAfter: 60,
      });
    }
    return (await this.limits.takeInRow(account))
      ? { inRow: account, account, windows: [network, 'sign-in:everywhere'] }
      : undefined;
  }

  /** The try was never checked. */
  async withdraw(pass: GatePass): Promise<void> {
    for (const key of [pass.inRow, ...pass.windows]) await this.limits.giveBack(key);
  }

  /** The passphrase was right: its row of wrong tries ends. From a known browser, strangers keep their hour of waiting. */
  async succeed(pass: GatePass): Promise<void> {
    await this.limits.clear(pass.inRow);
    if (pass.inRow !== pass.account) await this.limits.soften(pass.account);
    for (const key of pass.windows) await this.limits.giveBack(key);
  }
}
