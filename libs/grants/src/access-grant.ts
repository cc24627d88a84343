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
    /** The system that answered for the location when the grant was given. */
    systemCode: p.text(),
    /** The request line it came from. */
    requestLineId: p.uuid().nullable(),
    givenAt: p.datetime().columnType('timestamptz'),
  },
});

/** What a person was given, and where. It never changes; when it holds is in its versions. */
export class AccessGrant extends schema.class {}
schema.setClass(AccessGrant);
