import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'UnusedWarning',
  tableName: 'unused_warning',
  properties: {
    accountId: p.uuid().primary(),
    application: p.text().primary(),
    /** When the time without use began. */
    since: p.datetime().columnType('timestamptz').primary(),
    /** The step: so many days without use. */
    days: p.integer().primary(),
    warnedAt: p.datetime().columnType('timestamptz'),
  },
});

/** Somebody was warned that access which is not used will rest: once for each step. */
export class UnusedWarning extends schema.class {}
schema.setClass(UnusedWarning);
