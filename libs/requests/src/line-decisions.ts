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
  /** The version of the request with which it is decided. */
  version: number;
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
   * @param systemCode the system that answers for the place today
   * @throws requests.already-decided, grants.already-held, grants.other-role (409)
   */
  async decide(act: Act, line: RequestLine, { verdict, reason }: Decision, systemCode: string): Promise<void> {
    const { actor, decider, request, version, at } = act;
    const status = statusAfter[verdict];
    const decided = { status, decidedAt: at, decidedBy: decider, reason: reason ?? null, settledVersion: version };
    if (!(await this.em.nativeUpdate(RequestLine, { id: line.id, status: 'pending' }, decided))) {
      const told = await this.rules.meanwhile([line], decider);
      throw requestsProblems.alreadyDecided(`${told} Nothing of this page was saved; load the request again.`);
    }
    await this.audit.record(actor, {
      action: `request.${verdict}`,
      target: `request-line:${line.id}`,
      before: { status: 'pending' },
      after: { status, request: request.id, ...thingOf(line), decidedBy: decider },
      reason,
    });
    if (verdict === 'approve') await this.give(act, line, systemCode);
  }

  private async give({ actor, request, at }: Act, line: RequestLine, systemCode: string): Promise<void> {
    const { accountId, staffMemberId } = request;
    const { application, role, permission, level, code } = line;
    const grantId = await this.grants.give(actor, {
      accountId,
      staffMemberId,
      application,
      role,
      permission,
      location: { level, code },
      systemCode,
      fromAt: at,
      requestLineId: line.id,
    });
    await this.em.nativeUpdate(RequestLine, { id: line.id }, { grantId });
  }
}

const thingOf = ({ application, role, permission, level, code }: RequestLine) => ({
  application,
  role,
  permission,
  level,
  code,
});
