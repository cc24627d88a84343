import { defineEntity, p } from '@mikro-orm/core';
import type { Routing } from '#coordinators';
import { RequestLine } from './permission-request.js';

const routeSchema = defineEntity({
  name: 'LineRoute',
  tableName: 'line_route',
  properties: {
    id: p.uuid().primary(),
    line: () => p.manyToOne(RequestLine).index(),
    at: p.datetime().columnType('timestamptz'),
    /** What changed, in a sentence; empty for the first one. */
    cause: p.text(),
    routing: p.json().$type<Routing>(),
  },
});

/** Whom a line was routed to, once when it was asked for and again each time something changed. Append only. */
export class LineRoute extends routeSchema.class {}
routeSchema.setClass(LineRoute);

const followedSchema = defineEntity({
  name: 'FollowedDay',
  tableName: 'followed_day',
  properties: { name: p.text().primary(), day: p.date() },
});

/** The day up to which open requests follow what begins and ends by time; the one row is 'routing'. */
export class FollowedDay extends followedSchema.class {}
followedSchema.setClass(FollowedDay);
