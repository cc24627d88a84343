// Who can sign in: register, prove an address, sign in, recover, change, end sessions.
// Knows user names, addresses and passphrases; never which person at a school that is, and never what they may do.
export { Account, type AccountStatus } from './account.js';
export { AccountFreeze } from './account-freeze.service.js';
export { AccountsModule } from './accounts.module.js';
export { AccountsService, type NewAccount } from './accounts.service.js';
export { AddressChange } from './address-change.js';
export { AddressChangeService } from './address-change.service.js';
export { AttemptCounter } from './attempt-counter.js';
export { type Limit, Limits } from './limits.js';
export { mailAddress } from './mail-address.js';
export { MailLink, type LinkPurpose } from './mail-link.js';
export { passphraseLength } from './passphrase-rules.js';
export { PassphraseChange } from './passphrase-change.service.js';
export { PassphraseReset } from './passphrase-reset.service.js';
export { PasswordSignIn, type SignedInAccount, type SignInTry } from './password-sign-in.js';
export { Passwords } from './passwords.js';
export { accountsProblems } from './problems.js';
export { Registration } from './registration.js';
export { type RegistrationForm } from './registration-rules.js';
export { type PendingRegistration, RegistrationService } from './registration.service.js';
export { userNameHint } from './user-name.js';
import { Account } from './account.js';
import { AddressChange } from './address-change.js';
import { AttemptCounter } from './attempt-counter.js';
import { MailLink } from './mail-link.js';
import { Registration } from './registration.js';

export const accountsEntities = [Account, Registration, AddressChange, MailLink, AttemptCounter];
