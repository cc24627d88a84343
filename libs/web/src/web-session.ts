import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'WebSession',
  tableName: 'web_session',
  properties: {
    /** SHA-256 of the session id, hex: a copy of the table opens no session (SE-1). */
    idHash: p.text().primary(),
    /** Absent while somebody is on the way to sign in. */
    accountId: p.uuid().nullable().index(),
    /** When the person proved who they are, in seconds since 1970. */
    authTime: p.integer().nullable(),
    data: p.json().$type<Record<string, unknown>>(),
    createdAt: p.datetime().columnType('timestamptz'),
    lastSeenAt: p.datetime().columnType('timestamptz').index(),
  },
});

/** One browser at one app of ours. */
export class WebSession extends schema.class {}
schema.setClass(WebSession);
