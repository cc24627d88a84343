import { defineEntity, p } from '@mikro-orm/core';
import { PermissionRequest, RequestLine } from './permission-request.js';

const schema = defineEntity({
  name: 'RequestQuestion',
  tableName: 'request_question',
  properties: {
    id: p.uuid().primary(),
    request: () => p.manyToOne(PermissionRequest).index(),
    /** Staff member who asks. */
    askedBy: p.uuid(),
    question: p.text(),
    askedAt: p.datetime().columnType('timestamptz'),
    /** Of the requester; absent while it is missing. */
    answer: p.text().nullable(),
    answeredAt: p.datetime().columnType('timestamptz').nullable(),
    /** The version of the request with which it was answered: news to whoever decides. */
    answeredVersion: p.integer().nullable(),
  },
  checks: [{ name: 'request_question_answered_check', expression: `(answer is null) = (answered_at is null)` }],
});

/** Whoever decides asks the requester back before deciding. */
export class RequestQuestion extends schema.class {}
schema.setClass(RequestQuestion);

const lineSchema = defineEntity({
  name: 'RequestQuestionLine',
  tableName: 'request_question_line',
  properties: {
    question: () => p.manyToOne(RequestQuestion).primary().index(false).updateRule('no action').deleteRule('no action'),
    line: () => p.manyToOne(RequestLine).primary().index(false).updateRule('no action').deleteRule('no action'),
    /** When it was answered or a step was approved without the answer; a line that is settled needs none. */
    closedAt: p.datetime().columnType('timestamptz').nullable(),
  },
  uniques: [{ name: 'request_question_line_open_unique', properties: ['line'], where: 'closed_at is null' }],
});

/** A line a question is about; it has one open question at most. */
export class RequestQuestionLine extends lineSchema.class {}
lineSchema.setClass(RequestQuestionLine);
