import { defineEntity, p } from '@mikro-orm/core';
import { AccessGrant } from './access-grant.js';

const schema = defineEntity({
  name: 'EndingNotice',
  tableName: 'ending_notice',
  properties: {
    grant: () => p.manyToOne(AccessGrant).primary(),
    /** The end that was told of; a later end is told of anew. */
    toAt: p.datetime().columnType('timestamptz').primary(),
    /** The step: so many days before. */
    days: p.integer().primary(),
    toldAt: p.datetime().columnType('timestamptz'),
  },
});

/** Somebody was told that a grant ends soon: once for each step. Append only. */
export class EndingNotice extends schema.class {}
schema.setClass(EndingNotice);
