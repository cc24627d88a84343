import { Module } from '@nestjs/common';
import { SitesModule } from '#sites';
import { AccountFreeze } from './account-freeze.service.js';
import { AccountMessages } from './account-messages.js';
import { AccountsService } from './accounts.service.js';
import { AddressChangeService } from './address-change.service.js';
import { CurrentPassphrase } from './current-passphrase.js';
import { Limits } from './limits.js';
import { MailLimits } from './mail-limits.js';
import { MailLinks } from './mail-links.js';
import { PassphraseCheck } from './passphrase-check.js';
import { OldRows } from './old-rows.js';
import { PassphraseChange } from './passphrase-change.service.js';
import { PassphraseReset } from './passphrase-reset.service.js';
import { PasswordSignIn } from './password-sign-in.js';
import { Passwords } from './passwords.js';
import { RegistrationService } from './registration.service.js';
import { SignInGate } from './sign-in-gate.js';

const doors = [
  AccountsService,
  PasswordSignIn,
  RegistrationService,
  PassphraseReset,
  PassphraseChange,
  AddressChangeService,
  AccountFreeze,
];

@Module({
  imports: [SitesModule],
  providers: [
    ...doors,
    AccountMessages,
    CurrentPassphrase,
    Limits,
    MailLimits,
    MailLinks,
    OldRows,
    PassphraseCheck,
    Passwords,
    SignInGate,
  ],
  exports: [...doors, Limits, Passwords],
})
export class AccountsModule {}
