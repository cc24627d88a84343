import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { Clock, Problem, type SignedIn } from '#kernel';
import { StaffService } from '#staff';
import { Deciding } from './deciding.js';
import { holdPeople } from './holds.js';
import { LineDecisions } from './line-decisions.js';
import { LineOffer } from './line-offer.js';
import { PermissionRequest, type RequestLine } from './permission-request.js';
import { absent, requestsProblems } from './problems.js';
import { RequestNews } from './request-news.js';
import { fullName, RequestRules } from './request-rules.js';
import { findRequest, holdRequest, linesOf } from './request-rows.js';
import { restartClocks } from './time-rows.js';
import { termsOf } from './wish-period.js';
import { refuseOtherStep } from './steps.js';
import { StepsNews } from './steps-news.js';

/** The requester's answer to less than was asked for. */
interface Answer {
  offerId: string;
  accept: boolean;
  /** The grants that end with it, as the requester saw them (`LineView.ends`). */
  ends?: string[];
}

/** Offers of less than was asked for wait for the requester. */
@Injectable()
export class LineOffers {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly staff: StaffService,
    private readonly deciding: Deciding,
    private readonly rules: RequestRules,
    private readonly lines: LineDecisions,
    private readonly news: RequestNews,
    private readonly stepsNews: StepsNews,
  ) {}

  /**
   * The requester takes less, or keeps asking for what was asked for. Taken: it is given by whoever offered it, whose right
   * to decide is asked again; the consent is in the audit log. Declined: the line goes on waiting.
   * @throws requests.not-found (404); requests.answered, .offer-over, and as `RequestsService.decide` about what is given (409)
   */
  async answer(actor: SignedIn, requestId: string, { offerId, accept, ends }: Answer): Promise<void> {
    await this.em.transactional(async () => {
      const request = await findRequest(this.em, requestId);
      const line = request && (await this.lineOf(request, offerId));
      if (!line || !(await this.rules.isRequester(actor.accountId, request))) throw absent('request.answer', requestId);
      if (accept) await this.accept(actor, request, line, { offerId, ends });
      else await this.decline(actor, request, line, offerId);
    });
  }

  private async accept(
    actor: SignedIn,
    request: PermissionRequest,
    line: RequestLine,
    { offerId, ends }: Pick<Answer, 'offerId' | 'ends'>,
  ): Promise<void> {
    const { byStaffMemberId: by, permission, toDay, reason } = await this.offer(offerId);
    const account = (await this.staff.accountsOf([by])).get(by);
    const people = await holdPeople(this.em, [actor.accountId, request.accountId, ...(account ? [account] : [])]);
    const decider = { ...actor, accountId: account ?? '' };
    if (!account || people.get(account) !== by) throw await this.over(by);
    await this.mustStillDecide(decider, by, request, line);
    const held = await this.held(request, line, offerId);
    refuseOtherStep([line], [held.line]);
    const { application, role, level, code } = held.line;
    const asked = { application, role, level, code, staffMemberId: request.staffMemberId };
    const wanted = [termsOf(held.line).permission];
    const systemCode = await this.rules.mustBeGrantable(asked, people.get(request.accountId), wanted);
    const at = this.clock.now();
    const version = held.version + 1;
    const decision = {
      lineId: line.id,
      verdict: 'narrow' as const,
      ...(permission && { permission }),
      ...(toDay && { toDay }),
      ...(reason && { reason }),
      ends: ends ?? [],
    };
    await this.settle(offerId, 'accepted', at);
    const act = { actor, decider: by, request, version, at, accepts: { offerId, decider } };
    const decided = await this.lines.decide(act, held.line, decision, systemCode);
    await this.em.nativeUpdate(PermissionRequest, { id: request.id }, { version });
    if (decided.state === 'next') await this.stepsNews.wentOn(request, [held.line]);
    if (decided.state === 'decided')
      await this.news.decided(request, [
        { line: held.line, verdict: 'narrow', reason: decision.reason, ended: decided.ended },
      ]);
    await this.news.offerAnswered(request, held.line, by, true);
  }

  private async decline(
    actor: SignedIn,
    request: PermissionRequest,
    line: RequestLine,
    offerId: string,
  ): Promise<void> {
    const held = await this.held(request, line, offerId);
    const at = this.clock.now();
    await this.settle(offerId, 'declined', at);
    await restartClocks(this.em, [line.id], 'answered', at);
    await this.audit.record(actor, {
      action: 'request.decline-offer',
      target: `request-line:${line.id}`,
      after: { offerId },
    });
    await this.news.offerAnswered(request, held.line, (await this.offer(offerId)).byStaffMemberId, false);
  }

  /** Whoever offered it could decide it then; now it is asked again. */
  private async mustStillDecide(
    decider: SignedIn,
    by: string,
    request: PermissionRequest,
    line: RequestLine,
  ): Promise<void> {
    try {
      await this.deciding.mustDecide(decider, by, request, [line]);
    } catch (fault) {
      if (!(fault instanceof Problem)) throw fault;
      throw await this.over(by);
    }
  }

  /** The request, held, with the line while it and the offer wait for an answer. */
  private async held(
    request: PermissionRequest,
    { id }: RequestLine,
    offerId: string,
  ): Promise<{ version: number; line: RequestLine }> {
    const { version, lines } = await holdRequest(this.em, request.id);
    const line = lines.find((one) => one.id === id)!;
    const { answer } = await this.offer(offerId);
    if (answer === 'accepted' || answer === 'declined')
      throw requestsProblems.answered(
        'You have answered this already. Load the request again to see what became of it.',
      );
    if (line.status !== 'pending')
      throw requestsProblems.offerOver(`Meanwhile: ${await this.rules.meanwhile([line])} The offer is over with that.`);
    if (answer) throw requestsProblems.offerOver('It was overtaken by what was decided since. Load the request again.');
    return { version, line };
  }

  private async settle(id: string, answer: 'accepted' | 'declined', answeredAt: Date): Promise<void> {
    await this.em.nativeUpdate(LineOffer, { id, answer: null }, { answer, answeredAt });
  }

  private async over(by: string): Promise<Error> {
    const name = fullName((await this.staff.membersByIds([by])).get(by));
    return requestsProblems.offerOver(
      `${name}, who made the offer, no longer decides here. Nothing was changed; your request goes on to whoever decides now.`,
    );
  }

  private offer(id: string): Promise<LineOffer> {
    return this.em.findOneOrFail(LineOffer, { id }, { disableIdentityMap: true });
  }

  private async lineOf(request: PermissionRequest, offerId: string): Promise<RequestLine | undefined> {
    const lines = await linesOf(this.em, request.id);
    const ids = lines.map(({ id }) => id);
    const offers = await this.em.find(LineOffer, { line: { $in: ids } }, { disableIdentityMap: true });
    const lineId = offers.find(({ id }) => id === offerId)?.line.id;
    return lines.find(({ id }) => id === lineId);
  }
}
