import { defineEntity, p } from '@mikro-orm/core';
import type { SiteKind, SystemKind } from './kinds.js';

const schoolSystem = defineEntity({
  name: 'SchoolSystem',
  tableName: 'school_system',
  properties: {
    /** 3 characters, digits or capital letters; text, leading zeros matter. */
    code: p.text().primary(),
    name: p.text(),
    /** `foldedText(name)`, what a search looks in. */
    nameKey: p.text(),
    kind: p.text().$type<SystemKind>(),
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
    /** 6 characters, digits or capital letters. Its first three say nothing sure about its parent. */
    code: p.text().primary(),
    name: p.text(),
    nameKey: p.text(),
    kind: p.text().$type<SiteKind>(),
    /** The code federal files know it by, where a register told one. */
    federalCode: p.text().nullable(),
    openedOn: p.date().nullable(),
    closedOn: p.date().nullable(),
  },
});

/** A place people work at: a school, a central office, a child-care centre. */
export class Site extends site.class {}
site.setClass(Site);
