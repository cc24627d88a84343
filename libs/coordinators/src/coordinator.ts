import { defineEntity, p } from '@mikro-orm/core';

/** How far a coordinator's word goes: one site, a group of sites, a school system, the whole state; nearest first. */
export const reaches = ['site', 'group', 'system', 'state'] as const;
export type Reach = (typeof reaches)[number];

const schema = defineEntity({
  name: 'Coordinator',
  tableName: 'coordinator',
  properties: {
    id: p.uuid().primary(),
    /** A coordinator is a person, not an account (CO-1). */
    staffMemberId: p.uuid().index(),
    reach: p.text().$type<Reach>(),
    /** The system the assignment belongs to; absent for the state only. */
    systemCode: p.text().nullable().index(),
    /** Limit to one application (catalogue code); absent = all of them. */
    application: p.text().nullable(),
    /** 'YYYY-MM-DD' */
    fromDay: p.date(),
    /** First day no longer a coordinator. */
    toDay: p.date().nullable(),
    endedAt: p.datetime().columnType('timestamptz').nullable(),
    endedReason: p.text().nullable(),
    /** Who ended it, or set its last day: a staff member; absent for an operator. */
    endedBy: p.uuid().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
  },
  checks: [{ name: 'coordinator_reach_check', expression: `(reach = 'state') = (system_code is null)` }],
});

/** One assignment of a person as security coordinator. Only its end is ever set, or brought forward; for more, another is made. */
export class Coordinator extends schema.class {}
schema.setClass(Coordinator);

const siteSchema = defineEntity({
  name: 'CoordinatorSite',
  tableName: 'coordinator_site',
  properties: {
    coordinator: () => p.manyToOne(Coordinator).primary(),
    siteCode: p.text().primary(),
  },
});

/** A site a group or site coordinator decides for. */
export class CoordinatorSite extends siteSchema.class {}
siteSchema.setClass(CoordinatorSite);
