import { defineEntity, p } from '@mikro-orm/core';

/** A session of the person ended there (OpenID back-channel logout); the same as an event; what they may do changed. */
export type SignalKind = 'logout' | 'session-revoked' | 'token-claims-change';

/** What an application answered. */
export interface Receipt {
  /** HTTP status. */
  status: number;
  /** ISO 8601. */
  at: string;
  /** SHA-256 of the answer's body, hex. */
  bodyHash: string;
}

const schema = defineEntity({
  name: 'Signal',
  tableName: 'signal',
  properties: {
    id: p.uuid().primary(),
    /** Whose access it is about. */
    accountId: p.uuid(),
    /** The application to be told, as config/clients.yaml calls it. */
    clientId: p.text(),
    kind: p.text().$type<SignalKind>(),
    /** The session as the application's ID token calls it; none: all sessions of the account. */
    sid: p.text().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
    attempts: p.integer().default(0),
    /** When it may be tried again; while a try is under way, when that try counts as lost. */
    nextAttemptAt: p.datetime().columnType('timestamptz'),
    /** The last try reached nobody who could answer: the application rests until the next one. */
    unanswered: p.boolean().default(false),
    /** The application confirmed. */
    sentAt: p.datetime().columnType('timestamptz').nullable(),
    /** The last answer, confirming or not. */
    receipt: p.json().$type<Receipt>().nullable(),
    /** Given up. */
    deadAt: p.datetime().columnType('timestamptz').nullable(),
  },
  indexes: [
    {
      name: 'signal_waiting_index',
      properties: ['clientId', 'createdAt'],
      where: 'sent_at is null and dead_at is null',
    },
    { name: 'signal_account_index', properties: ['accountId', 'createdAt'] },
  ],
});

/** One thing an application is told about a person's access. Written by SQL only; this declares the table. */
export class Signal extends schema.class {}
schema.setClass(Signal);
