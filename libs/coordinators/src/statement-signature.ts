import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'StatementSignature',
  tableName: 'statement_signature',
  properties: {
    id: p.uuid().primary(),
    staffMemberId: p.uuid(),
    /** Which statement: `coordinator`. */
    statement: p.text(),
    version: p.text(),
    /** SHA-256 of the words that were signed, hex. */
    textHash: p.text(),
    /** In force for one year from this day. */
    signedOn: p.date(),
    signedAt: p.datetime().columnType('timestamptz'),
  },
  indexes: [
    { name: 'statement_signature_staff_member_id_index', properties: ['staffMemberId', 'statement', 'signedOn'] },
  ],
});

/** A person signed a statement. Never changes. */
export class StatementSignature extends schema.class {}
schema.setClass(StatementSignature);
