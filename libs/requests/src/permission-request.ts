import { defineEntity, type Opt, p } from '@mikro-orm/core';
import type { ApprovalStep } from '#catalog';
import type { Routing, StepDuty } from '#coordinators';
import type { Location } from '#sites';

export type LineStatus = 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'expired';

const requestSchema = defineEntity({
  name: 'PermissionRequest',
  tableName: 'permission_request',
  properties: {
    id: p.uuid().primary(),
    /** What people say on the phone: 'R-2026-000123'. */
    reference: p.text().unique(),
    accountId: p.uuid(),
    staffMemberId: p.uuid(),
    why: p.text().nullable(),
    submittedAt: p.datetime().columnType('timestamptz'),
    /** One per rendered form: the same form sent again gets the same answer. */
    formKey: p.text(),
    /** SHA-256 of what the form asked for. */
    formHash: p.text(),
    /** The request this one was made from: asked again, or for the whole school system a coordinator offered. */
    replacesId: p.uuid().nullable(),
    /** The requester agreed beforehand to be given less than was asked for. */
    mayNarrow: p.boolean().default(false),
    /** The coordinator (staff member) who entered it on behalf of the person, who confirmed it. */
    enteredBy: p.uuid().nullable(),
    /** Goes up with every decision and withdrawal; a coordinator decides the version he saw of his lines (CO-4). */
    version: p.integer().default(1),
  },
  uniques: [{ name: 'permission_request_form_key_unique', properties: ['accountId', 'formKey'] }],
  indexes: [
    { name: 'permission_request_mine_index', properties: ['staffMemberId', 'submittedAt', 'id'] },
    { name: 'permission_request_replaces_id_index', properties: ['replacesId'], where: 'replaces_id is not null' },
  ],
});

/** One person asks for permissions, at one place or at many; each is a line. */
export class PermissionRequest extends requestSchema.class {}
requestSchema.setClass(PermissionRequest);

const lineSchema = defineEntity({
  name: 'RequestLine',
  tableName: 'request_line',
  properties: {
    id: p.uuid().primary(),
    request: () => p.manyToOne(PermissionRequest).index(false),
    /** Order in which they were asked for. */
    position: p.integer(),
    application: p.text(),
    role: p.text(),
    permission: p.text(),
    level: p.text().$type<Location['level']>(),
    code: p.text(),
    /** The system whose coordinators answer for the location; the owning one while none is on record. Follows changes. */
    systemCode: p.text().index(),
    /** 'YYYY-MM-DD', the first day it is asked for; absent: from the approval on. */
    fromDay: p.date().nullable(),
    /** 'YYYY-MM-DD', the first day no longer; absent: for good. */
    toDay: p.date().nullable(),
    /** The grant that is to hold longer, until `toDay`. */
    extendsGrantId: p.uuid().nullable(),
    /** That of its request. The database keeps it; nobody writes it. */
    submittedAt: p.datetime().columnType('timestamptz').$type<Opt<Date>>(),
    status: p.text().$type<LineStatus>(),
    /** The steps its approval takes, as the catalogue said when it was asked for. */
    approval: p.json().$type<ApprovalStep[]>().default('["coordinator"]'),
    /** The step it waits for, or waited for last; counted from 1. */
    step: p.integer().default(1),
    /** The duty of that step; absent for the coordinators'. */
    duty: p.text().$type<StepDuty>().nullable(),
    /** Staff members beside the requester who may not decide it: who entered it, and who approved an earlier step. */
    excluded: p.json().$type<string[]>().default('[]'),
    /** Who decides and why they, as it was found last (LineRoute holds each time). */
    routing: p.json().$type<Routing>(),
    /** The line waits at the state desk. */
    stateDesk: p.boolean(),
    decidedAt: p.datetime().columnType('timestamptz').nullable(),
    /** Staff member. */
    decidedBy: p.uuid().nullable(),
    reason: p.text().nullable(),
    /** The grant it became, or prolonged. */
    grantId: p.uuid().nullable(),
    /** What is given instead, where it is less than was asked for. */
    grantedPermission: p.text().nullable(),
    /** Until when it is given, where that is less than was asked for; as `toDay`. */
    grantedToDay: p.date().nullable(),
    /** The version of the request with which it was decided or withdrawn. */
    settledVersion: p.integer().nullable(),
  },
  uniques: [
    {
      name: 'request_line_asked_unique',
      properties: ['request', 'application', 'role', 'permission', 'level', 'code'],
    },
  ],
  indexes: [
    { name: 'request_line_pending_index', properties: ['request'], where: `status = 'pending'` },
    {
      name: 'request_line_open_index',
      properties: ['systemCode', 'submittedAt', 'request'],
      where: `status = 'pending'`,
    },
    {
      name: 'request_line_desk_index',
      properties: ['submittedAt', 'request'],
      where: `status = 'pending' and state_desk`,
    },
    {
      name: 'request_line_decided_index',
      properties: ['decidedAt', 'systemCode', 'submittedAt', 'status'],
      where: 'decided_by is not null',
    },
    { name: 'request_line_place_index', properties: ['code', 'level'] },
  ],
  checks: [
    {
      name: 'request_line_status_check',
      expression: `status in ('pending', 'approved', 'rejected', 'withdrawn', 'expired')`,
    },
    { name: 'request_line_period_check', expression: 'to_day > from_day' },
    { name: 'request_line_narrower_check', expression: 'granted_to_day <= to_day' },
    {
      name: 'request_line_extends_check',
      expression:
        'extends_grant_id is null or (to_day is not null and from_day is null and granted_permission is null)',
    },
  ],
  triggers: [
    {
      name: 'sent',
      timing: 'before',
      events: ['insert'],
      body: `select r.submitted_at into new.submitted_at from permission_request r where r.id = new.request_id; return new`,
    },
    {
      name: 'settled',
      timing: 'after',
      events: ['update'],
      when: '(old.status IS DISTINCT FROM new.status)',
      body: `update request_decider set open_since = case when new.status = 'pending' then new.submitted_at end where line_id = new.id; return null`,
    },
  ],
});

/** One permission at one location: who decides it, and what became of it. */
export class RequestLine extends lineSchema.class {}
lineSchema.setClass(RequestLine);

const deciderSchema = defineEntity({
  name: 'RequestDecider',
  tableName: 'request_decider',
  properties: {
    line: () => p.manyToOne(RequestLine).primary(),
    staffMemberId: p.uuid().primary(),
    /** The assignment by which this person decides. */
    coordinatorId: p.uuid(),
    /** The cover by which this person decides for the coordinator who is away. */
    coverId: p.uuid().nullable(),
    /** The line's. The database keeps it, as it does `openSince`; nobody writes them. */
    requestId: p.uuid(),
    /** When the request was sent, as long as the line is open. */
    openSince: p.datetime().columnType('timestamptz').nullable(),
  },
  indexes: [
    {
      name: 'request_decider_waiting_index',
      properties: ['staffMemberId', 'openSince', 'requestId'],
      where: 'open_since is not null',
    },
    {
      name: 'request_decider_office_index',
      properties: ['coordinatorId', 'staffMemberId'],
      where: 'open_since is not null',
    },
  ],
  triggers: [
    {
      name: 'opened',
      timing: 'before',
      events: ['insert'],
      body: `select l.request_id, case when l.status = 'pending' then l.submitted_at end into new.request_id, new.open_since from request_line l where l.id = new.line_id; return new`,
    },
  ],
});

/** Somebody a line waits for. */
export class RequestDecider extends deciderSchema.class {}
deciderSchema.setClass(RequestDecider);

const noteSchema = defineEntity({
  name: 'RequestNote',
  tableName: 'request_note',
  properties: {
    id: p.uuid().primary(),
    request: () => p.manyToOne(PermissionRequest).index(),
    authorAccountId: p.uuid(),
    /** Staff member. */
    authorId: p.uuid(),
    text: p.text(),
    writtenAt: p.datetime().columnType('timestamptz'),
  },
});

/** A message kept on a request ("View / Add Notification" in EdLink's own words). */
export class RequestNote extends noteSchema.class {}
noteSchema.setClass(RequestNote);
