import { defineEntity, p } from '@mikro-orm/core';
import type { SiteKind, SystemKind } from './kinds.js';

const schoolSystem = defineEntity({
  name: 'SchoolSystem',
  tableName: 'school_system',
  properties: {
    /** As `isPlaceCode` says; text, leading zeros matter. */
    code: p.text().primary(),
    name: p.text(),
    /** `foldedText(name)`, what a search looks in. */
    nameKey: p.text(),
    kind: p.text().$type<SystemKind>(),
    /** Of its latest life; earlier ones are in `PlaceLife`. Null: since before anybody wrote it down. */
    openedOn: p.date().nullable(),
    /** First day it is no longer open. */
    closedOn: p.date().nullable(),
  },
});

/** A parish, city, charter, state school, diocese or provider that sites belong to (LDOE: sponsor, LEA). */
export class SchoolSystem extends schoolSystem.class {}
schoolSystem.setClass(SchoolSystem);

const site = defineEntity({
  name: 'Site',
  tableName: 'site',
  properties: {
    /** As `isPlaceCode` says. What it begins with says nothing sure about its parent. */
    code: p.text().primary(),
    name: p.text(),
    nameKey: p.text(),
    kind: p.text().$type<SiteKind>(),
    openedOn: p.date().nullable(),
    closedOn: p.date().nullable(),
  },
});

/** A place people work at: a school, a central office, a child-care centre. */
export class Site extends site.class {}
site.setClass(Site);
