import { Injectable } from '@nestjs/common';
import { SitesService } from '#sites';
import { commonFault, passphraseFault, type PassphraseOwner, plain } from './passphrase-rules.js';

/** What every new passphrase must pass, wherever it is chosen. Nothing of it leaves this machine (PW-3). */
@Injectable()
export class PassphraseCheck {
  constructor(private readonly sites: SitesService) {}

  /** What is wrong with it, in words for the person: the rules, and then the names of all schools and systems. */
  async fault(passphrase: string, owner: PassphraseOwner): Promise<string | undefined> {
    const fault = passphraseFault(passphrase, owner);
    if (fault) return fault;
    return (await this.sites.isName(plain(passphrase).replace(/\d+$/, ''))) ? commonFault : undefined;
  }
}
