import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Registration',
  tableName: 'registration',
  properties: {
    id: p.uuid().primary(),
    userName: p.text(),
    firstName: p.text(),
    lastName: p.text(),
    email: p.text(),
    emailKey: p.text().index('registration_email_key_index'),
    /** Empty once it moved to the account. */
    passwordHash: p.text().hidden(),
    createdAt: p.datetime().columnType('timestamptz'),
    expiresAt: p.datetime().columnType('timestamptz'),
    confirmedAt: p.datetime().columnType('timestamptz').nullable(),
  },
});

/** What somebody typed to register. It becomes an account when the address is proven; until then it takes nothing from anybody. */
export class Registration extends schema.class {}
schema.setClass(Registration);
