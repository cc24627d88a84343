import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { localDay, type SignedIn } from '#kernel';
import { type Decision, statusAfter } from './decisions.js';
import { LineGrants } from './line-grants.js';
import { Offering } from './offering.js';
import { checkedLess } from './narrowing.js';
import { type PermissionRequest, RequestLine } from './permission-request.js';
import { requestsProblems } from './problems.js';
import { RequestRules } from './request-rules.js';
import { LineSteps } from './steps.js';
import { termsOf } from './wish-period.js';

/** One call of `decide`, once everything about it was checked. */
export interface Act {
  actor: SignedIn;
  /** Staff member. */
  decider: string;
  request: PermissionRequest;
  /** The version of the request with which it is decided. */
  version: number;
  at: Date;
  /** The requester, who acts, accepts this offer of the decider. */
  accepts?: { offerId: string; decider: SignedIn };
}

/**
 * What became of a line: decided, with the roles that ended for it; or it goes on waiting, because less was offered, or
 * because it was approved in a step that is not the last.
 */
export type Decided = { state: 'decided'; ended: string[] } | { state: 'offered' } | { state: 'next' };

/** Writes what was decided about one line, in the transaction of the call. */
@Injectable()
export class LineDecisions {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditService,
    private readonly catalog: CatalogService,
    private readonly rules: RequestRules,
    private readonly offering: Offering,
    private readonly steps: LineSteps,
    private readonly given: LineGrants,
  ) {}

  /**
   * One line: a conditional update, so that it is decided once whatever else went wrong; an audit entry; the grant.
   * @param systemCode the system that answers for the place today
   * @throws requests.already-decided, .changed, .not-grantable, grants.already-held, .conflict (409); requests.not-less,
   *   .bad-period (422)
   */
  async decide(act: Act, line: RequestLine, decision: Decision, systemCode: string): Promise<Decided> {
    if (line.status !== 'pending') throw await this.decidedBefore(act, line);
    if (decision.verdict === 'narrow') {
      const less = checkedLess(line, decision, this.catalog, localDay(act.at));
      await this.given.mustProlong(act.request, line, less);
      if (!act.request.mayNarrow && !act.accepts) {
        await this.offering.offer(act, line, { ...less, reason: decision.reason });
        return { state: 'offered' };
      }
      await this.narrow(line, less);
    }
    if (decision.verdict !== 'reject' && (await this.steps.next(act, line, decision))) {
      await this.offering.close(line, act.at);
      return { state: 'next' };
    }
    await this.settle(act, line, decision);
    if (decision.verdict === 'reject') return { state: 'decided', ended: [] };
    const { grantId, ended } = await this.given.give(act, line, decision.ends ?? [], systemCode);
    await this.em.nativeUpdate(RequestLine, { id: line.id }, { grantId });
    return { state: 'decided', ended };
  }

  /** What is given from now on, and in every later step, is less than was asked for. */
  private async narrow(
    line: RequestLine,
    { permission, toDay }: Pick<Decision, 'permission' | 'toDay'>,
  ): Promise<void> {
    line.grantedPermission = permission ?? line.grantedPermission;
    line.grantedToDay = toDay ?? line.grantedToDay;
    const { id, grantedPermission, grantedToDay } = line;
    await this.em.nativeUpdate(RequestLine, { id, status: 'pending' }, { grantedPermission, grantedToDay });
  }

  private async settle(act: Act, line: RequestLine, { verdict, reason }: Decision): Promise<void> {
    const { decider, request, version, at, accepts } = act;
    const status = statusAfter[verdict];
    const decided = { status, decidedAt: at, decidedBy: decider, reason: reason ?? null, settledVersion: version };
    if (!(await this.em.nativeUpdate(RequestLine, { id: line.id, status: 'pending' }, decided)))
      throw await this.decidedBefore(act, line);
    const { permission, toDay } = termsOf(line);
    const less = verdict !== 'reject' && (line.grantedPermission || line.grantedToDay);
    const before = request.mayNarrow ? 'beforehand' : 'in an earlier step';
    await this.audit.record(act.actor, {
      action: accepts ? 'request.accept-offer' : `request.${verdict}`,
      target: `request-line:${line.id}`,
      before: { status: 'pending' },
      after: {
        status,
        request: request.id,
        ...thingOf(line),
        decidedBy: decider,
        ...(less && { given: { permission, toDay }, consent: accepts?.offerId ?? before }),
      },
      reason,
    });
  }

  private async decidedBefore({ decider }: Act, line: RequestLine): Promise<Error> {
    const told = await this.rules.meanwhile([line], decider);
    return requestsProblems.alreadyDecided(`${told} Nothing of this page was saved; load the request again.`);
  }
}

const thingOf = ({ application, role, permission, level, code, fromDay, toDay, extendsGrantId }: RequestLine) => ({
  application,
  role,
  permission,
  level,
  code,
  ...(fromDay && { fromDay }),
  ...(toDay && { toDay }),
  ...(extendsGrantId && { extends: extendsGrantId }),
});
