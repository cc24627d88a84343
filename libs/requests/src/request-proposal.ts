import { defineEntity, p } from '@mikro-orm/core';
import type { Wish } from './request-rules.js';

export type ProposalStatus = 'open' | 'confirmed' | 'declined' | 'withdrawn' | 'lapsed';

const schema = defineEntity({
  name: 'RequestProposal',
  tableName: 'request_proposal',
  properties: {
    id: p.uuid().primary(),
    /** For whom: the staff member who is to confirm it. */
    staffMemberId: p.uuid().index(),
    /** Staff member. */
    proposedBy: p.uuid(),
    formKey: p.text(),
    /** SHA-256 of what the form held. */
    formHash: p.text(),
    wishes: p.json().$type<Wish[]>(),
    why: p.text().nullable(),
    proposedAt: p.datetime().columnType('timestamptz'),
    /** 'YYYY-MM-DD', the first day on which it can no longer be confirmed. */
    lapsesOn: p.date(),
    status: p.text().$type<ProposalStatus>(),
    answeredAt: p.datetime().columnType('timestamptz').nullable(),
    /** Why it was declined. */
    reason: p.text().nullable(),
    /** The request it became. */
    requestId: p.uuid().nullable(),
  },
  uniques: [{ name: 'request_proposal_form_unique', properties: ['proposedBy', 'formKey'] }],
  indexes: [{ name: 'request_proposal_open_index', properties: ['lapsesOn'], where: `status = 'open'` }],
  checks: [
    {
      name: 'request_proposal_status_check',
      expression: `status in ('open', 'confirmed', 'declined', 'withdrawn', 'lapsed')`,
    },
    { name: 'request_proposal_answered_check', expression: `(status = 'open') = (answered_at is null)` },
    { name: 'request_proposal_confirmed_check', expression: `(status = 'confirmed') = (request_id is not null)` },
  ],
});

/** What a coordinator entered for somebody; it waits for that person, who asks for it by confirming. */
export class RequestProposal extends schema.class {}
schema.setClass(RequestProposal);
