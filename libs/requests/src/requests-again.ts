import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { GrantsService } from '#grants';
import { Clock, localDay, type SignedIn } from '#kernel';
import { PermissionRequest, type RequestLine } from './permission-request.js';
import { absent, requestsProblems } from './problems.js';
import { findRequest, linesOf } from './request-rows.js';
import { RequestRules, type Wish } from './request-rules.js';
import { togetherBy } from './together.js';

/** Asking again for what was rejected, withdrawn or not decided in time. */
@Injectable()
export class RequestsAgain {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly grants: GrantsService,
    private readonly rules: RequestRules,
  ) {}

  /**
   * One's own request as a form to send again: what of it came to nothing. Days that are past are left out.
   * @throws requests.not-found (404), .not-again (409)
   */
  async formOf(actor: SignedIn, requestId: string): Promise<{ wishes: Wish[]; why?: string }> {
    const request = await findRequest(this.em, requestId);
    if (!request || !(await this.rules.isRequester(actor.accountId, request)))
      throw absent('request.ask-again', requestId);
    const lines = await this.mustBeOver(request);
    const held = new Set((await this.grants.holdings(request.staffMemberId)).map(({ grantId }) => grantId));
    // What was to be kept longer and has ended since is asked for like anything else.
    const asked = lines.map((line) => (held.has(line.extendsGrantId ?? '') ? line : { ...line, extendsGrantId: null }));
    return { wishes: linesAsWishes(asked, localDay(this.clock.now())), ...(request.why && { why: request.why }) };
  }

  /**
   * Whether a person may ask a request of his own again.
   * @returns who entered it on his behalf, and decides nothing of it when it comes again either (CO-1)
   * @throws requests.not-found (404), .not-again (409)
   */
  async mayRepeat(staffMemberId: string, requestId: string): Promise<string | undefined> {
    const request = await findRequest(this.em, requestId);
    if (request?.staffMemberId !== staffMemberId) throw absent('request.ask-again', requestId);
    await this.mustBeOver(request);
    return request.enteredBy ?? undefined;
  }

  /** The requests that were made from one. */
  async madeFrom(requestId: string): Promise<{ id: string; reference: string }[]> {
    const requests = await this.em.find(
      PermissionRequest,
      { replacesId: requestId },
      { disableIdentityMap: true, orderBy: { submittedAt: 'asc' } },
    );
    return requests.map(({ id, reference }) => ({ id, reference }));
  }

  private async mustBeOver({ id, reference }: PermissionRequest): Promise<RequestLine[]> {
    const lines = (await linesOf(this.em, id)).filter(cameToNothing);
    if (!lines.length)
      throw requestsProblems.notAgain(
        `Nothing of ${reference} was rejected, withdrawn or closed, so there is nothing to ask for again.`,
      );
    return lines;
  }
}

/** Whether a line may be asked for again. */
export const cameToNothing = ({ status }: RequestLine): boolean => status !== 'pending' && status !== 'approved';

type Asked = Pick<
  RequestLine,
  'application' | 'role' | 'permission' | 'level' | 'code' | 'fromDay' | 'toDay' | 'extendsGrantId'
>;

/**
 * Lines as wishes; what shares application, role, place and time is one.
 * @param today 'YYYY-MM-DD': days before it are left out
 */
export function linesAsWishes(lines: Asked[], today: string): Wish[] {
  const single = lines.map(({ application, role, permission, level, code, fromDay, toDay, extendsGrantId }): Wish => ({
    application,
    role,
    permissions: [permission],
    location: { level, code },
    ...(fromDay && fromDay >= today && { fromDay }),
    ...(toDay && toDay > today && { toDay }),
    ...(extendsGrantId && toDay && toDay > today && { extends: extendsGrantId }),
  }));
  const terms = ({ permissions: _, ...wish }: Wish): string => JSON.stringify(wish);
  return togetherBy(single, terms).map((same) => ({
    ...same[0]!,
    permissions: same.flatMap(({ permissions }) => permissions),
  }));
}
