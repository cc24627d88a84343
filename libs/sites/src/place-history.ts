import { defineEntity, p } from '@mikro-orm/core';
import type { CodeScheme } from './kinds.js';
import type { Location } from './location.js';
import { SchoolSystem, Site } from './place.js';

/** No two periods of one thing overlap, whoever writes; one that ends on its first day never held. */
const once = (table: string, key: string): { name: string; expression: string } => ({
  name: `${table}_once`,
  expression: `EXCLUDE USING gist (${key}, daterange(from_day, to_day) WITH &&)`,
});

const siteParent = defineEntity({
  name: 'SiteParent',
  tableName: 'site_parent',
  properties: {
    id: p.uuid().primary(),
    site: () => p.manyToOne(Site).joinColumn('site_code').index('site_parent_site_code_index'),
    system: () => p.manyToOne(SchoolSystem).joinColumn('system_code').index('site_parent_system_code_index'),
    fromDay: p.date(),
    toDay: p.date().nullable(),
  },
  checks: [once('site_parent', 'site_code WITH =')],
});

/** Which system a site belongs to, from when to when: the only truth about it (AC-5). */
export class SiteParent extends siteParent.class {}
siteParent.setClass(SiteParent);

const siteServing = defineEntity({
  name: 'SiteServing',
  tableName: 'site_serving',
  properties: {
    id: p.uuid().primary(),
    site: () => p.manyToOne(Site).joinColumn('site_code').index('site_serving_site_code_index'),
    system: () => p.manyToOne(SchoolSystem).joinColumn('system_code').index('site_serving_system_code_index'),
    fromDay: p.date(),
    toDay: p.date().nullable(),
  },
  checks: [once('site_serving', 'site_code WITH =')],
});

/** Which public system serves a site that it does not own, from when to when: a diocese owns, a parish serves. */
export class SiteServing extends siteServing.class {}
siteServing.setClass(SiteServing);

const placeName = defineEntity({
  name: 'PlaceName',
  tableName: 'place_name',
  properties: {
    id: p.uuid().primary(),
    level: p.text().$type<Location['level']>(),
    code: p.text(),
    name: p.text(),
    fromDay: p.date(),
    toDay: p.date().nullable(),
  },
  indexes: [{ name: 'place_name_place_index', properties: ['level', 'code'] }],
  checks: [once('place_name', 'level WITH =, code WITH =')],
});

/** What a system or site was called, from when to when. */
export class PlaceName extends placeName.class {}
placeName.setClass(PlaceName);

const placeCode = defineEntity({
  name: 'PlaceCode',
  tableName: 'place_code',
  properties: {
    id: p.uuid().primary(),
    level: p.text().$type<Location['level']>(),
    code: p.text(),
    scheme: p.text().$type<CodeScheme>(),
    value: p.text(),
    fromDay: p.date(),
    toDay: p.date().nullable(),
  },
  indexes: [{ name: 'place_code_place_index', properties: ['level', 'code'] }],
  checks: [once('place_code', 'level WITH =, code WITH =, scheme WITH =')],
});

/** What other files and offices number a system or site, from when to when. */
export class PlaceCode extends placeCode.class {}
placeCode.setClass(PlaceCode);

const placeLife = defineEntity({
  name: 'PlaceLife',
  tableName: 'place_life',
  properties: {
    id: p.uuid().primary(),
    level: p.text().$type<Location['level']>(),
    code: p.text(),
    /** Null: open since before anybody wrote it down. */
    fromDay: p.date().nullable(),
    toDay: p.date(),
  },
  indexes: [{ name: 'place_life_place_index', properties: ['level', 'code'] }],
  checks: [once('place_life', 'level WITH =, code WITH =')],
});

/** A time a system or site was open before it opened again; the latest one stands with the place itself. */
export class PlaceLife extends placeLife.class {}
placeLife.setClass(PlaceLife);

const siteMerger = defineEntity({
  name: 'SiteMerger',
  tableName: 'site_merger',
  properties: {
    id: p.uuid().primary(),
    site: () => p.manyToOne(Site).joinColumn('site_code').index(false),
    into: () => p.manyToOne(Site).joinColumn('into_code').index('site_merger_into_code_index'),
    /** The day the site closed. */
    onDay: p.date(),
  },
  uniques: [{ name: 'site_merger_unique', properties: ['site', 'onDay'] }],
});

/** Which site took over from a site that closed. */
export class SiteMerger extends siteMerger.class {}
siteMerger.setClass(SiteMerger);
