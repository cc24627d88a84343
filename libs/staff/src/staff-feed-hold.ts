import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'StaffFeedHold',
  tableName: 'staff_feed_hold',
  properties: {
    id: p.uuid().primary(),
    /** Of the file. */
    sha256: p.text(),
    /** Ids of the staff members who would be employed nowhere any more. */
    leavers: p.json().$type<string[]>(),
    leaversHash: p.text(),
    /** How many people the file names who are employed today. */
    covered: p.integer(),
    status: p.text().$type<'waits' | 'confirmed' | 'refused' | 'applied'>(),
    /** An account's id, or `operator`. */
    askedBy: p.text(),
    askedAt: p.datetime().columnType('timestamptz'),
    answeredBy: p.text().nullable(),
    answeredAt: p.datetime().columnType('timestamptz').nullable(),
  },
  uniques: [{ name: 'staff_feed_hold_open_unique', properties: ['sha256'], where: `status in ('waits', 'confirmed')` }],
  checks: [
    {
      name: 'staff_feed_hold_status_check',
      expression: `status in ('waits', 'confirmed', 'refused', 'applied')`,
    },
  ],
});

/** A staff file that would end the employment of many: a second person says whether it is meant so. */
export class StaffFeedHold extends schema.class {}
schema.setClass(StaffFeedHold);
