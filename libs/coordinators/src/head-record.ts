import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'HeadRecord',
  tableName: 'system_head',
  properties: {
    id: p.uuid().primary(),
    systemCode: p.text().index(),
    staffMemberId: p.uuid().index(),
    /** As it stands on the door: Superintendent, Head of School. */
    title: p.text(),
    fromDay: p.date(),
    endedAt: p.datetime().columnType('timestamptz').nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
  },
  uniques: [{ name: 'system_head_system_unique', properties: ['systemCode'], where: 'ended_at is null' }],
});

/** Who heads a school system and so designates its coordinators; one at a time. Decides no request. */
export class HeadRecord extends schema.class {}
schema.setClass(HeadRecord);
