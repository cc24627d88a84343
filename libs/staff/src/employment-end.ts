import { defineEntity, p } from '@mikro-orm/core';
import { StaffMember } from './staff-member.js';

const schema = defineEntity({
  name: 'EmploymentEnd',
  tableName: 'employment_end',
  properties: {
    id: p.uuid().primary(),
    staffMember: () => p.manyToOne(StaffMember).joinColumn('staff_member_id').index(),
    /** 'YYYY-MM-DD', the first day no longer employed. */
    day: p.date(),
    /** Absent: a staff file said so. */
    reason: p.text().nullable(),
    /** Absent: a staff file or an operator. */
    byStaffMemberId: p.uuid().nullable(),
    learnedAt: p.datetime().columnType('timestamptz'),
    followedAt: p.datetime().columnType('timestamptz').nullable(),
  },
  indexes: [{ name: 'employment_end_waiting_index', properties: ['day'], where: 'followed_at is null' }],
});

/** An employment ends on a day, and what hangs on it has to follow. */
export class EmploymentEnd extends schema.class {}
schema.setClass(EmploymentEnd);
