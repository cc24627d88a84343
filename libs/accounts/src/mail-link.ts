import { defineEntity, p } from '@mikro-orm/core';
import { Account } from './account.js';
import { AddressChange } from './address-change.js';
import { Registration } from './registration.js';

/** What a link in a mail is good for; one purpose never stands for another (RS-2). */
export type LinkPurpose = 'confirm-address' | 'reset-passphrase' | 'change-address' | 'not-me';

const schema = defineEntity({
  name: 'MailLink',
  tableName: 'mail_link',
  properties: {
    id: p.uuid().primary(),
    /** SHA-256 of the token, hex; the token itself is only in the mail (RS-1). */
    tokenHash: p.character().length(64).unique('mail_link_token_hash_unique'),
    purpose: p.text().$type<LinkPurpose>(),
    account: () =>
      p
        .manyToOne(Account)
        .nullable()
        .index('mail_link_account_id_index')
        .updateRule('no action')
        .deleteRule('no action'),
    registration: () =>
      p.manyToOne(Registration).nullable().index(false).updateRule('no action').deleteRule('no action'),
    addressChange: () =>
      p.manyToOne(AddressChange).nullable().index(false).updateRule('no action').deleteRule('no action'),
    /** The address it was sent for, and the versions it is bound to. */
    email: p.text(),
    emailVersion: p.integer(),
    passwordVersion: p.integer(),
    madeAt: p.datetime().columnType('timestamptz'),
    expiresAt: p.datetime().columnType('timestamptz'),
    usedAt: p.datetime().columnType('timestamptz').nullable(),
    /** Reset only: SHA-256 of what the browser that used the link got; the next step needs it (RS-4). */
    proofHash: p.character().length(64).nullable().unique('mail_link_proof_hash_unique'),
    proofExpiresAt: p.datetime().columnType('timestamptz').nullable(),
    finishedAt: p.datetime().columnType('timestamptz').nullable(),
  },
});

/** One link in one mail: works once, for one purpose, for one account as it was then. */
export class MailLink extends schema.class {}
schema.setClass(MailLink);
