import { defineEntity, p } from '@mikro-orm/core';
import type { ApprovalStep } from '#catalog';

/** A step of approval that is not the coordinators': a duty somebody holds. */
export type StepDuty = Exclude<ApprovalStep, 'coordinator'>;

const schema = defineEntity({
  name: 'DutyHolder',
  tableName: 'duty_holder',
  properties: {
    id: p.uuid().primary(),
    duty: p.text().$type<StepDuty>(),
    staffMemberId: p.uuid().index(),
    /** The school system; absent for the owner of an application, who has it in the whole state. */
    systemCode: p.text().nullable().index(),
    /** Limit to one application (catalogue code); always there for its owner. */
    application: p.text().nullable(),
    /** 'YYYY-MM-DD' */
    fromDay: p.date(),
    /** First day no longer in the duty. */
    toDay: p.date().nullable(),
    /** Staff member; absent for an operator. */
    namedBy: p.uuid().nullable(),
    endedAt: p.datetime().columnType('timestamptz').nullable(),
    endedReason: p.text().nullable(),
    /** Staff member; absent for an operator. */
    endedBy: p.uuid().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
  },
  checks: [
    { name: 'duty_holder_duty_check', expression: `duty in ('special-education-supervisor', 'application-owner')` },
    {
      name: 'duty_holder_owner_check',
      expression: `(duty = 'application-owner') = (system_code is null) and (system_code is not null or application is not null)`,
    },
  ],
});

/** Who holds a duty that approves before or after the coordinators; dated like their assignments. Only its end is ever set. */
export class DutyHolder extends schema.class {}
schema.setClass(DutyHolder);
