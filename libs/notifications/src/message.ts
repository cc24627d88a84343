import { defineEntity, p } from '@mikro-orm/core';

/** Whom a message is for: an account, a registration, or one side of a change of address. The address is read from that row when it is sent (ML-2). */
export interface Recipient {
  kind: 'account' | 'registration' | 'old-address' | 'new-address';
  id: string;
}

export type MessageState = 'waiting' | 'sent' | 'dead';

const schema = defineEntity({
  name: 'Message',
  tableName: 'message',
  properties: {
    id: p.uuid().primary(),
    recipientKind: p.text().$type<Recipient['kind']>(),
    recipientId: p.uuid(),
    /** Which of the registered message kinds words it. */
    kind: p.text(),
    /** What the wording needs: facts people may read, never a secret or a link token. */
    facts: p.json().$type<Record<string, string>>(),
    /** Messages that would say the same while one still waits are merged by this key. */
    mergeKey: p.text().nullable(),
    queuedAt: p.datetime().columnType('timestamptz'),
    state: p.text().$type<MessageState>(),
    attempts: p.integer().default(0),
    /** How often a try left no trace: its worker was killed, or the mail ended it. */
    abandoned: p.smallint().default(0),
    sentAt: p.datetime().columnType('timestamptz').nullable(),
    lastFault: p.text().nullable(),
    readAt: p.datetime().columnType('timestamptz').nullable(),
  },
  indexes: [
    { name: 'message_recipient_index', properties: ['recipientId', 'queuedAt', 'id'] },
    { name: 'message_unread_index', properties: ['recipientId'], where: 'read_at is null' },
  ],
  uniques: [{ name: 'message_waiting_unique', properties: ['mergeKey'], where: "state = 'waiting'" }],
});

/** What a person was told: kept, and listed in the portal whether or not the mail arrived. */
export class Message extends schema.class {}
schema.setClass(Message);
