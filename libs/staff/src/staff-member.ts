import { defineEntity, p } from '@mikro-orm/core';

const staffMember = defineEntity({
  name: 'StaffMember',
  tableName: 'staff_member',
  properties: {
    id: p.uuid().primary(),
    /** 10 digits, state-unique, never reused. */
    staffId: p.text().unique('staff_member_staff_id_unique'),
    firstName: p.text(),
    lastName: p.text(),
    middleName: p.text().nullable(),
    suffix: p.text().nullable(),
    /** `nameKey(last, first)`: what names are matched by. */
    nameKey: p.text(),
    /** Keyed hash of the birth date; the date itself is kept nowhere. */
    birthHash: p.text().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
  },
  indexes: [
    { name: 'staff_member_facts_index', properties: ['nameKey', 'birthHash'] },
    { name: 'staff_member_name_index', properties: ['nameKey', 'id'] },
  ],
});

/** A person whom a school system reported as staff. */
export class StaffMember extends staffMember.class {}
staffMember.setClass(StaffMember);

const employment = defineEntity({
  name: 'Employment',
  tableName: 'employment',
  properties: {
    id: p.uuid().primary(),
    staffMember: () => p.manyToOne(StaffMember).joinColumn('staff_member_id'),
    siteCode: p.text().index('employment_site_code_index'),
    position: p.text(),
    fromDay: p.date(),
    /** The last day of it, as feeds give it. */
    toDay: p.date().nullable(),
  },
  uniques: [{ name: 'employment_unique', properties: ['staffMember', 'siteCode', 'position', 'fromDay'] }],
});

/** Where a staff member works, as what, from when to when. */
export class Employment extends employment.class {}
employment.setClass(Employment);
