import { defineEntity, p } from '@mikro-orm/core';
import type { Location } from '#sites';

const schema = defineEntity({
  name: 'AccessGrant',
  tableName: 'access_grant',
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid().index(),
    staffMemberId: p.uuid(),
    application: p.text(),
    role: p.text(),
    permission: p.text(),
    level: p.text().$type<Location['level']>(),
    code: p.text(),
    /** The system the location belonged to when the grant was given. */
    systemCode: p.text(),
    fromAt: p.datetime().columnType('timestamptz'),
    toAt: p.datetime().columnType('timestamptz').nullable(),
    endedAt: p.datetime().columnType('timestamptz').nullable(),
    endReason: p.text().nullable(),
    /** The request line it came from. */
    requestLineId: p.uuid().nullable(),
    givenAt: p.datetime().columnType('timestamptz'),
  },
  checks: [
    {
      name: 'access_grant_held_once',
      expression: `EXCLUDE USING gist (staff_member_id WITH =, application WITH =, role WITH =, permission WITH =, level WITH =, code WITH =, tstzrange(from_at, to_at) WITH &&) WHERE ((ended_at IS NULL))`,
    },
    {
      name: 'access_grant_one_role',
      expression: `EXCLUDE USING gist (staff_member_id WITH =, application WITH =, level WITH =, code WITH =, role WITH <>, tstzrange(from_at, to_at) WITH &&) WHERE ((ended_at IS NULL))`,
    },
  ],
});

/** What a person may do, where, from when to when. Ended, never removed. */
export class AccessGrant extends schema.class {}
schema.setClass(AccessGrant);
