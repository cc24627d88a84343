import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CoordinatorsService, type Routing, type RoutingLine, unsigned } from '#coordinators';
import type { SignedIn } from '#kernel';
import { holdPlaces } from './holds.js';
import { type Looker, Lookers } from './lookers.js';
import type { PermissionRequest, RequestLine } from './permission-request.js';
import { absent, requestsProblems } from './problems.js';
import { lastCause, wasDecider } from './request-rows.js';
import { routeKey, togetherBy } from './together.js';

/** Whether somebody may decide lines of a request at this moment, and the words when not. */
@Injectable()
export class Deciding {
  constructor(
    private readonly em: EntityManager,
    private readonly coordinators: CoordinatorsService,
    private readonly lookers: Lookers,
  ) {}

  /**
   * Nobody decides for themselves (CO-1).
   * @param decider staff member; undefined when the account is nobody's
   * @throws requests.own-request (403)
   */
  refuseOwn(actor: SignedIn, decider: string | undefined, request: PermissionRequest): void {
    if (actor.accountId === request.accountId || decider === request.staffMemberId) {
      throw requestsProblems.ownRequest(
        'Nobody decides a request of their own. Another coordinator or the state office does.',
        { refusal: { action: 'request.decide', target: `request:${request.id}` } },
      );
    }
  }

  /**
   * Refuses whoever may not decide all of some lines, and may not be told what became of them either; holds nothing.
   * @throws requests.not-found (404)
   */
  async mustSee(looker: Looker, request: PermissionRequest, lines: RequestLine[]): Promise<void> {
    const routed = await this.lookers.linesOf(request.staffMemberId, lines);
    for (const [at, line] of routed.entries()) {
      const may = line && (this.lookers.may(looker, line) || this.lookers.lacksSignature(looker, line));
      if (!may && !(await wasDecider(this.em, [lines[at]!.id], looker.person.id)))
        throw absent('request.decide', request.id);
    }
  }

  /**
   * Holds the decider's assignments and then the places until the transaction ends, and asks whether this person may decide
   * the lines where their places are by then.
   * @param lines of the request, at least one
   * @throws requests.own-request (403); requests.not-found (404); coordinators.unsigned, requests.no-longer-yours (409)
   */
  async mustDecide(
    actor: SignedIn,
    decider: string | undefined,
    request: PermissionRequest,
    lines: RequestLine[],
  ): Promise<void> {
    this.refuseOwn(actor, decider, request);
    if (!decider) throw absent('request.decide', request.id);
    const ways = togetherBy(lines, routeKey).map(([line]) => line!);
    const before = await this.lookers.linesOf(request.staffMemberId, ways);
    const may = await this.mayAll(decider, before);
    await holdPlaces(this.em, ways);
    // A place may have moved before it was held.
    const after = await this.lookers.linesOf(request.staffMemberId, ways);
    const moved = after.some((line, at) => line?.systemCode !== before[at]?.systemCode);
    const still = moved ? await this.mayAll(decider, after) : may;
    if (!still) throw await this.refusal(actor, decider, request, lines);
  }

  private async mayAll(decider: string, lines: (RoutingLine | undefined)[]): Promise<boolean> {
    const known = lines.filter((line) => line !== undefined);
    return known.length === lines.length && this.coordinators.mayDecide(decider, ...known);
  }

  /** What is said of the first line this person may not decide. */
  private async refusal(
    actor: SignedIn,
    decider: string,
    request: PermissionRequest,
    lines: RequestLine[],
  ): Promise<Error> {
    const refusal = { action: 'request.decide', target: `request:${request.id}` };
    const looker = await this.lookers.of(actor.accountId);
    const ways = togetherBy(lines, routeKey);
    const routed = await this.lookers.linesOf(
      request.staffMemberId,
      ways.map(([one]) => one!),
    );
    const refused = routed.findIndex((line) => !line || !looker || !this.lookers.may(looker, line));
    const line = routed[refused];
    if (!looker || !line) return absent('request.decide', request.id);
    if (this.lookers.lacksSignature(looker, line)) return unsigned();
    const ids = ways[refused]!.map(({ id }) => id);
    if (!(await wasDecider(this.em, ids, decider))) return absent('request.decide', request.id);
    const routing = await this.coordinators.whoDecides(line);
    const cause = await lastCause(this.em, ids);
    return requestsProblems.noLongerYours(
      `${cause || 'Who decides here has changed.'} ${decidersInWords(routing)} ${request.reference} now. Nothing of this page was saved, and there is nothing left to do for you here.`,
      { refusal },
    );
  }
}

/** `Ana Ruiz and Marcus Hill decide` */
function decidersInWords({ deciders, stateDesk }: Routing): string {
  if (stateDesk) return 'The state office decides';
  const names = deciders.map(({ name }) => name);
  return names.length === 1 ? `${names[0]} decides` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} decide`;
}
