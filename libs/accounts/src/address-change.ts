import { defineEntity, p } from '@mikro-orm/core';
import { Account } from './account.js';

const schema = defineEntity({
  name: 'AddressChange',
  tableName: 'address_change',
  properties: {
    id: p.uuid().primary(),
    account: () =>
      p.manyToOne(Account).index('address_change_account_id_index').updateRule('no action').deleteRule('no action'),
    oldEmail: p.text(),
    newEmail: p.text(),
    newEmailKey: p.text(),
    /** The account's `emailVersion` when it was asked for; the change fits only while that is still so. */
    emailVersion: p.integer(),
    askedAt: p.datetime().columnType('timestamptz'),
    doneAt: p.datetime().columnType('timestamptz').nullable(),
    /** Stopped from the old address, or overtaken by a newer wish. */
    stoppedAt: p.datetime().columnType('timestamptz').nullable(),
  },
});

/** A wish to use another address: asked for, then proven at the new one, or stopped from the old one. */
export class AddressChange extends schema.class {}
schema.setClass(AddressChange);
