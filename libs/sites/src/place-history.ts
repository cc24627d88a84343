import { defineEntity, p } from '@mikro-orm/core';
import { SchoolSystem, Site } from './place.js';

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
  uniques: [{ name: 'site_parent_current_unique', properties: ['site'], where: 'to_day is null' }],
});

/** Which system a site belongs to, from when to when: the only truth about it (AC-5). */
export class SiteParent extends siteParent.class {}
siteParent.setClass(SiteParent);

const placeName = defineEntity({
  name: 'PlaceName',
  tableName: 'place_name',
  properties: {
    id: p.uuid().primary(),
    /** Code of a system (3 characters) or a site (6). */
    code: p.text().index('place_name_code_index'),
    name: p.text(),
    fromDay: p.date(),
    toDay: p.date().nullable(),
  },
  uniques: [{ name: 'place_name_current_unique', properties: ['code'], where: 'to_day is null' }],
});

/** What a system or site was called, from when to when. */
export class PlaceName extends placeName.class {}
placeName.setClass(PlaceName);
