import { defineEntity, p } from '@mikro-orm/core';
import { RequestLine } from './permission-request.js';

const clockSchema = defineEntity({
  name: 'RequestClock',
  tableName: 'request_clock',
  properties: {
    line: () => p.manyToOne(RequestLine).primary(),
    what: p.text().primary().$type<'reminded' | 'passed-on' | 'asked' | 'answered' | 'approved' | 'expired'>(),
    /** How many times its clock had started anew before: passed on, asked back, answered, a step approved. */
    step: p.integer().primary(),
    /** Which reminder of the step, counted from 1; 1 for the others. */
    nth: p.integer().primary(),
    at: p.datetime().columnType('timestamptz'),
    /** The row of docs/routing.md that was asked in vain. */
    passedRow: p.integer().nullable(),
  },
  checks: [
    {
      name: 'request_clock_what_check',
      expression: `what in ('reminded', 'passed-on', 'asked', 'answered', 'approved', 'expired')`,
    },
    { name: 'request_clock_row_check', expression: `(what = 'passed-on') = (passed_row is not null)` },
  ],
});

/** What time did to a line and what set its clock, each thing once; written in the transaction of what was done. Append only. */
export class RequestClock extends clockSchema.class {}
clockSchema.setClass(RequestClock);
