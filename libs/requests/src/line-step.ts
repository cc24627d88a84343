import { defineEntity, p } from '@mikro-orm/core';
import type { StepDuty } from '#coordinators';
import { RequestLine } from './permission-request.js';

const schema = defineEntity({
  name: 'LineStep',
  tableName: 'line_step',
  properties: {
    line: () => p.manyToOne(RequestLine).primary().index(false),
    /** Counted from 1. */
    step: p.integer().primary(),
    /** Absent for the coordinators' step. */
    duty: p.text().$type<StepDuty>().nullable(),
    /** Staff member. */
    decidedBy: p.uuid(),
    decidedAt: p.datetime().columnType('timestamptz'),
    /** What was said with it. */
    reason: p.text().nullable(),
  },
});

/** A step of approval that was passed with a yes and was not the last one. Append only. */
export class LineStep extends schema.class {}
schema.setClass(LineStep);
