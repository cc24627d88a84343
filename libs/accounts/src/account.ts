import { defineEntity, p } from '@mikro-orm/core';

/**
 * `active` may sign in. `disabled` was closed by an administrator, `frozen` by its owner from a "this was not me" mail;
 * neither signs in nor resets until somebody opens it again (RS-5).
 */
export type AccountStatus = 'active' | 'disabled' | 'frozen';

const schema = defineEntity({
  name: 'Account',
  tableName: 'account',
  properties: {
    id: p.uuid().primary(),
    userName: p.text(),
    /** `foldedText(userName)`: two names that look alike are one (ID-5). Never given to anybody else (ID-4). */
    userNameKey: p.text().unique('account_user_name_key_unique'),
    firstName: p.text(),
    lastName: p.text(),
    /** Proven by a mail; as `mailAddress` returns it. */
    email: p.text(),
    emailKey: p.text().unique('account_email_key_unique'),
    /** Rises with every change of address; links made before then are dead (RS-2). */
    emailVersion: p.integer().default(1),
    /** argon2id in PHC form; absent: nobody can sign in with a passphrase until a reset. */
    passwordHash: p.text().nullable().hidden(),
    /** Rises with every new passphrase; links and remembered devices from before are dead. */
    passwordVersion: p.integer().default(1),
    passwordChangedAt: p.datetime().columnType('timestamptz').nullable(),
    status: p.text().$type<AccountStatus>(),
    /** Whatever was signed in until then is out: portal, OpenID Connect sessions, codes, refresh tokens (SE-4). */
    sessionsEndedAt: p
      .datetime()
      .columnType('timestamptz')
      .defaultRaw(`'1970-01-01 00:00:00+00'::timestamp with time zone`),
    /** The latest `authTime` given out, so that ending sessions also ends those made on a machine whose clock is ahead. */
    signedInAt: p.datetime().columnType('timestamptz').defaultRaw(`'1970-01-01 00:00:00+00'::timestamp with time zone`),
    createdAt: p.datetime().columnType('timestamptz'),
  },
});

/** Somebody who can sign in: an address that was proven, a user name, a passphrase. Who that is at a school, `staff` knows. */
export class Account extends schema.class {}
schema.setClass(Account);
