import { defineEntity, p } from '@mikro-orm/core';
import { Coordinator } from './coordinator.js';

const schema = defineEntity({
  name: 'CoordinatorCover',
  tableName: 'coordinator_cover',
  properties: {
    id: p.uuid().primary(),
    /** The assignment of the person who is away. */
    coordinator: () => p.manyToOne(Coordinator).index(),
    /** Who stands in. */
    staffMemberId: p.uuid().index(),
    /** False: only for the sites of `coordinator_cover_site`. */
    everySite: p.boolean(),
    /** Limit to one application; absent = what the assignment holds. */
    application: p.text().nullable(),
    /** 'YYYY-MM-DD' */
    fromDay: p.date(),
    /** The first day back. */
    toDay: p.date(),
    endedAt: p.datetime().columnType('timestamptz').nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
  },
  checks: [{ name: 'coordinator_cover_days_check', expression: 'from_day < to_day' }],
});

/** Somebody decides in place of a coordinator who is away, from a day to a day. It never changes, only ends. */
export class CoordinatorCover extends schema.class {}
schema.setClass(CoordinatorCover);

const siteSchema = defineEntity({
  name: 'CoordinatorCoverSite',
  tableName: 'coordinator_cover_site',
  properties: {
    cover: () => p.manyToOne(CoordinatorCover).primary(),
    siteCode: p.text().primary(),
  },
});

/** A site a cover is limited to. */
export class CoordinatorCoverSite extends siteSchema.class {}
siteSchema.setClass(CoordinatorCoverSite);
