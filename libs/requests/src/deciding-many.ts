import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { Problem, type SignedIn } from '#kernel';
import { Deciding } from './deciding.js';
import { checkedDecisions, type Decision, statusAfter } from './decisions.js';
import { LineStep } from './line-step.js';
import { Lookers } from './lookers.js';
import { PermissionRequest, RequestLine } from './permission-request.js';
import { absent, requestsProblems } from './problems.js';
import { RequestsService } from './requests.service.js';
import { togetherBy } from './together.js';

/** How many permissions may be decided in one go. */
const most = 100;

/** A decision about a line of one of many requests, with the version of the request the actor saw (CO-4). */
export interface DecisionOfMany extends Decision {
  version: number;
}

/** What became of one decision. */
export interface DecisionResult {
  lineId: string;
  requestId: string;
  reference: string;
  /** Why it was not saved. */
  problem?: Problem;
}

/** Decides lines of many requests in one go. */
@Injectable()
export class DecidingMany {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditService,
    private readonly deciding: Deciding,
    private readonly lookers: Lookers,
    private readonly requests: RequestsService,
  ) {}

  /**
   * Decides up to 100 lines of any requests. One that is the actor's own or not the actor's to decide refuses all (CO-1,
   * CO-2, CO-9). Then each request is a transaction of its own, so that its requester is told once; where one is refused,
   * each of its lines is, so that one that ended since stops no other. What the actor decided so before counts as saved, so
   * that the same list sent twice is answered the same.
   * @returns the results, in the order of the decisions
   * @throws requests.incomplete, .bad-text, .too-many-lines (422); requests.own-request (403); requests.not-found (404)
   */
  async decideMany(actor: SignedIn, decisions: DecisionOfMany[]): Promise<DecisionResult[]> {
    const checked = checkedDecisions(decisions);
    if (checked.length > most)
      throw requestsProblems.tooManyLines(`Decide ${most} permissions at most in one go, and the others after that.`);
    const lines = await this.theirs(
      actor,
      checked.map(({ lineId }) => lineId),
    );
    const results = new Map<string, DecisionResult>();
    const wanted = checked.map((decision, at) => ({ ...decision, version: decisions[at]!.version }));
    for (const same of togetherBy(wanted, ({ lineId }) => lines.get(lineId)!.id)) {
      const { id: requestId, reference } = lines.get(same[0]!.lineId)!;
      const keep = ({ lineId }: Decision, problem?: Problem): unknown =>
        results.set(lineId, { lineId, requestId, reference, ...(problem && { problem }) });
      const tried = await this.tried(actor, requestId, same);
      if (!(tried instanceof Problem)) same.forEach((one) => keep(one));
      else if (same.length === 1) keep(same[0]!, tried);
      else await this.oneByOne(actor, requestId, same, keep);
    }
    return decisions.map(({ lineId }) => results.get(lineId)!);
  }

  private async oneByOne(
    actor: SignedIn,
    requestId: string,
    decisions: DecisionOfMany[],
    keep: (decision: Decision, problem?: Problem) => unknown,
  ): Promise<void> {
    let { version } = decisions[0]!;
    for (const decision of decisions) {
      const tried = await this.tried(actor, requestId, [{ ...decision, version }]);
      if (tried instanceof Problem) keep(decision, tried);
      else {
        keep(decision);
        version = tried; // what was saved just now is no news to the actor
      }
    }
  }

  /** @returns the version the request has now, or why nothing was saved */
  private async tried(actor: SignedIn, requestId: string, decisions: DecisionOfMany[]): Promise<number | Problem> {
    try {
      return await this.requests.decide(actor, requestId, { version: decisions[0]!.version, decisions });
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status >= 500) throw problem;
      const saved = await this.savedBefore(actor, decisions);
      if (saved) return saved;
      await this.audit.recordRefusal(actor, problem);
      return problem;
    }
  }

  /** @returns the version these very decisions of the actor made, when they were saved since the actor looked */
  private async savedBefore(actor: SignedIn, decisions: DecisionOfMany[]): Promise<number | undefined> {
    const ids = decisions.map(({ lineId }) => lineId);
    const lines = await this.em.find(RequestLine, { id: { $in: ids } }, { disableIdentityMap: true });
    const looker = await this.lookers.of(actor.accountId);
    if (!looker) return undefined;
    const passed = { line: { $in: ids }, decidedBy: looker.person.id };
    const steps = await this.em.find(LineStep, passed, { disableIdentityMap: true });
    const same = decisions.every(({ lineId, verdict, version, reason }) => {
      const line = lines.find(({ id }) => id === lineId);
      if ((line?.settledVersion ?? 0) <= version) return false;
      const step = verdict === 'approve' && steps.find((one) => one.line.id === lineId);
      const mine = line?.status === statusAfter[verdict] && line.decidedBy === looker.person.id;
      return (step || mine) && ((step || line!).reason ?? undefined) === reason;
    });
    return same ? Math.max(...lines.map(({ settledVersion }) => settledVersion ?? 0)) : undefined;
  }

  /** The requests of lines, by line, when all of them are the actor's to decide; changes nothing. */
  private async theirs(actor: SignedIn, lineIds: string[]): Promise<Map<string, PermissionRequest>> {
    const isId = (id: unknown): boolean =>
      typeof id === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
    const lines = await this.em.find(
      RequestLine,
      { id: { $in: lineIds.filter(isId) } },
      { disableIdentityMap: true, exclude: ['routing'] },
    );
    const looker = await this.lookers.of(actor.accountId);
    if (!looker || lines.length !== lineIds.length) throw absent('request.decide', 'many');
    const requests = await this.em.find(
      PermissionRequest,
      { id: { $in: lines.map((line) => line.request.id) } },
      { disableIdentityMap: true },
    );
    const byId = new Map(requests.map((request) => [request.id, request]));
    for (const request of requests) {
      this.deciding.refuseOwn(actor, looker.person.id, request);
      const own = lines.filter((line) => line.request.id === request.id);
      await this.deciding.mustSee(looker, request, own as RequestLine[]);
    }
    return new Map(lines.map((line) => [line.id, byId.get(line.request.id)!]));
  }
}
