import { defineEntity, p } from '@mikro-orm/core';
import { StaffMember } from './staff-member.js';

const staffLink = defineEntity({
  name: 'StaffLink',
  tableName: 'staff_link',
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid(),
    staffMember: () => p.manyToOne(StaffMember).joinColumn('staff_member_id'),
    linkedAt: p.datetime().columnType('timestamptz'),
    endedAt: p.datetime().columnType('timestamptz').nullable(),
  },
  uniques: [
    { name: 'staff_link_account_unique', properties: ['accountId'], where: 'ended_at is null' },
    { name: 'staff_link_staff_member_unique', properties: ['staffMember'], where: 'ended_at is null' },
  ],
});

/** Which account is which person: one to one while it lasts (ID-2). */
export class StaffLink extends staffLink.class {}
staffLink.setClass(StaffLink);

const linkDispute = defineEntity({
  name: 'LinkDispute',
  tableName: 'link_dispute',
  properties: {
    id: p.uuid().primary(),
    claimantAccountId: p.uuid(),
    staffMember: () => p.manyToOne(StaffMember).joinColumn('staff_member_id'),
    openedAt: p.datetime().columnType('timestamptz'),
    closedAt: p.datetime().columnType('timestamptz').nullable(),
    outcome: p.text().nullable(),
    note: p.text().nullable(),
  },
  uniques: [
    { name: 'link_dispute_open_unique', properties: ['claimantAccountId', 'staffMember'], where: 'closed_at is null' },
  ],
});

/** Somebody proved to be a person whom another account is linked to already; the state desk decides. */
export class LinkDispute extends linkDispute.class {}
linkDispute.setClass(LinkDispute);
