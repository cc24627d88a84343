import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { GrantsService } from '#grants';
import type { SignedIn } from '#kernel';
import { type Decision, statusAfter } from './decisions.js';
import { type PermissionRequest, RequestLine } from './permission-request.js';
import { requestsProblems } from './problems.js';
import { RequestRules } from './request-rules.js';

/** One call of `decide`, once everything about it was checked. */
export interface Act {
  actor: SignedIn;
  /** Staff member. */
  decider: string;
  request: PermissionRequest;
  /** The system that answers for the place today. */
  systemCode: string;
  at: Date;
}

/** Writes what was decided about one line, in the transaction of the call. */
@Injectable()
export class LineDecisions {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditService,
    private readonly grants: GrantsService,
    private readonly rules: RequestRules,
  ) {}

  /**
   * One line: a conditional update, so that it is decided once whatever else went wrong; an audit entry; the grant.
   * @throws requests.already-decided, grants.already-held, grants.other-role (409)
   */
  async decide(act: Act, line: RequestLine, { verdict, reason }: Decision): Promise<void> {
    const { actor, decider, request, at } = act;
    const status = statusAfter[verdict];
    const decided = { status, decidedAt: at, decidedBy: decider, reason: reason ?? null };
    if (!(await this.em.nativeUpdate(RequestLine, { id: line.id, status: 'pending' }, decided))) {
      const told = await this.rules.meanwhile(request, [line], decider);
      throw requestsProblems.alreadyDecided(`${told} Nothing of this page was saved; load the request again.`);
    }
    await this.audit.record(actor, {
      action: `request.${verdict}`,
      target: `request-line:${line.id}`,
      before: { status: 'pending' },
      after: { status, request: request.id, permission: line.permission, decidedBy: decider },
      reason,
    });
    if (verdict === 'approve') await this.give(act, line);
  }

  private async give({ actor, request, systemCode, at }: Act, line: RequestLine): Promise<void> {
    const { accountId, staffMemberId, application, role, level, code } = request;
    const grantId = await this.grants.give(actor, {
      accountId,
      staffMemberId,
      application,
      role,
      permission: line.permission,
      location: { level, code },
      systemCode,
      fromAt: at,
      requestLineId: line.id,
    });
    await this.em.nativeUpdate(RequestLine, { id: line.id }, { grantId });
  }
}
