import { defineEntity, p } from '@mikro-orm/core';
import { PermissionRequest } from './permission-request.js';

const schema = defineEntity({
  name: 'RequestSuggestion',
  tableName: 'request_suggestion',
  properties: {
    id: p.uuid().primary(),
    request: () => p.manyToOne(PermissionRequest).index(),
    /** The coordinator who offers it. */
    byStaffMemberId: p.uuid(),
    /** The whole school system that is offered in place of the site. */
    systemCode: p.text(),
    note: p.text().nullable(),
    suggestedAt: p.datetime().columnType('timestamptz'),
    /** Absent while the requester has not answered. */
    answer: p.text().$type<'accepted' | 'declined'>().nullable(),
    answeredAt: p.datetime().columnType('timestamptz').nullable(),
    /** What an accepted one became. */
    newRequestId: p.uuid().nullable(),
  },
  uniques: [{ name: 'request_suggestion_open_unique', properties: ['request'], where: 'answer is null' }],
  checks: [
    { name: 'request_suggestion_answer_check', expression: `answer in ('accepted', 'declined')` },
    { name: 'request_suggestion_answered_check', expression: `(answer is null) = (answered_at is null)` },
  ],
});

/** A coordinator offers to turn a request for one site into one for the whole school system. */
export class RequestSuggestion extends schema.class {}
schema.setClass(RequestSuggestion);
