import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    id: p.bigint().primary().autoincrement(),
    /** The database's own clock, so that instances with skewed clocks still write one order. */
    at: p.datetime().columnType('timestamptz').defaultRaw('clock_timestamp()'),
    action: p.text(),
    result: p.text(),
    accountId: p.uuid().nullable().index(),
    client: p.text(),
    session: p.text().nullable(),
    address: p.text().nullable(),
    target: p.text().nullable().index(),
    before: p.json().nullable(),
    after: p.json().nullable(),
    reason: p.text().nullable(),
  },
});

/** One act or refusal: who, what, before and after, why, from where. */
export class AuditEntry extends schema.class {}
schema.setClass(AuditEntry);
