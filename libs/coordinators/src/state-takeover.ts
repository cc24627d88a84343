import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'StateTakeover',
  tableName: 'state_takeover',
  properties: {
    id: p.uuid().primary(),
    systemCode: p.text().index(),
    openedAt: p.datetime().columnType('timestamptz'),
    /** The staff member of the state desk; absent when it opened by itself, as the last coordinator's time ended. */
    openedBy: p.uuid().nullable(),
    reason: p.text(),
    endedAt: p.datetime().columnType('timestamptz').nullable(),
  },
  uniques: [{ name: 'state_takeover_system_unique', properties: ['systemCode'], where: 'ended_at is null' }],
});

/** The state office stands in for a school system that has no coordinator of its own (CO-6). */
export class StateTakeover extends schema.class {}
schema.setClass(StateTakeover);
