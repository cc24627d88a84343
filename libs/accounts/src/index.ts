// Who can sign in: register, prove an address, sign in, recover, change, end sessions.
// Knows user names, addresses and passphrases; never which person at a school that is, and never what they may do.
export { Account, type AccountStatus } from './account.js';
export { AddressChange } from './address-change.js';
export { AttemptCounter } from './attempt-counter.js';
export { MailLink, type LinkPurpose } from './mail-link.js';
export { Registration } from './registration.js';
import { Account } from './account.js';
import { AddressChange } from './address-change.js';
import { AttemptCounter } from './attempt-counter.js';
import { MailLink } from './mail-link.js';
import { Registration } from './registration.js';

export const accountsEntities = [Account, Registration, AddressChange, MailLink, AttemptCounter];
