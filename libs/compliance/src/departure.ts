import { defineEntity, p } from '@mikro-orm/core';
import type { EndedDuty } from '#coordinators';
import type { Location } from '#sites';

/** Something that ended when a person left, in words that stand alone and with the place it was at. */
export interface EndedThing {
  kind: 'employment' | 'grant' | 'request' | 'sessions' | EndedDuty['kind'];
  words: string;
  place?: Location;
  /** Of a grant or a request. */
  application?: string;
  /** Of a grant. */
  role?: string;
  permission?: string;
  /** The school system of a duty; absent for the state. */
  systemCode?: string;
}

const schema = defineEntity({
  name: 'DepartureRecord',
  tableName: 'departure',
  properties: {
    id: p.uuid().primary(),
    staffMemberId: p.uuid().index(),
    /** The account the person had then. */
    accountId: p.uuid().nullable(),
    /** 'YYYY-MM-DD', the first day no longer employed. */
    day: p.date(),
    leftAt: p.datetime().columnType('timestamptz'),
    reason: p.text(),
    /** Staff member; absent for an operator and a staff file. */
    byStaffMemberId: p.uuid().nullable(),
    ended: p.json().$type<EndedThing[]>(),
  },
});

/** A person left, and what ended with it. Never changes. */
export class DepartureRecord extends schema.class {}
schema.setClass(DepartureRecord);
