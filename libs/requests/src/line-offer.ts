import { defineEntity, p } from '@mikro-orm/core';
import { RequestLine } from './permission-request.js';

const schema = defineEntity({
  name: 'LineOffer',
  tableName: 'line_offer',
  properties: {
    id: p.uuid().primary(),
    line: () => p.manyToOne(RequestLine).index(),
    /** Who offers it and gives it, once it is accepted. */
    byStaffMemberId: p.uuid(),
    /** The lesser permission; absent: the one that was asked for. */
    permission: p.text().nullable(),
    /** 'YYYY-MM-DD', the first day no longer; absent: as long as was asked for. */
    toDay: p.date().nullable(),
    reason: p.text().nullable(),
    offeredAt: p.datetime().columnType('timestamptz'),
    /** The version of the request with which it was offered. */
    version: p.integer(),
    /** `replaced` by another offer. */
    answer: p.text().$type<'accepted' | 'declined' | 'replaced'>().nullable(),
    answeredAt: p.datetime().columnType('timestamptz').nullable(),
  },
  uniques: [{ name: 'line_offer_open_unique', properties: ['line'], where: 'answer is null' }],
  checks: [
    { name: 'line_offer_less_check', expression: 'permission is not null or to_day is not null' },
    { name: 'line_offer_answer_check', expression: `answer in ('accepted', 'declined', 'replaced')` },
    { name: 'line_offer_answered_check', expression: `(answer is null) = (answered_at is null)` },
  ],
});

/** A coordinator offers less than was asked for; it is given when the requester agrees. */
export class LineOffer extends schema.class {}
schema.setClass(LineOffer);
