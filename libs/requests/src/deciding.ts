import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CoordinatorsService, type Routing, unsigned } from '#coordinators';
import type { SignedIn } from '#kernel';
import { holdPlace } from './holds.js';
import { Lookers } from './lookers.js';
import type { PermissionRequest } from './permission-request.js';
import { absent, requestsProblems } from './problems.js';
import { lastCause, wasDecider } from './request-rows.js';

/** Whether somebody may decide a request at this moment, and the words when not. */
@Injectable()
export class Deciding {
  constructor(
    private readonly em: EntityManager,
    private readonly coordinators: CoordinatorsService,
    private readonly lookers: Lookers,
  ) {}

  /**
   * Holds the decider's assignments and then the place until the transaction ends, and asks whether this person may decide
   * the request where its place is by then.
   * @param decider staff member; undefined when the account is nobody's
   * @throws requests.own-request (403); requests.not-found (404); coordinators.unsigned, requests.no-longer-yours (409)
   */
  async mustDecide(actor: SignedIn, decider: string | undefined, request: PermissionRequest): Promise<void> {
    if (actor.accountId === request.accountId || decider === request.staffMemberId) {
      throw requestsProblems.ownRequest(
        'Nobody decides a request of their own. Another coordinator or the state office does.',
        { refusal: { action: 'request.decide', target: `request:${request.id}` } },
      );
    }
    if (!decider) throw absent('request.decide', request.id);
    const before = await this.lookers.lineOf(request);
    const may = !!before && (await this.coordinators.mayDecide(decider, before));
    await holdPlace(this.em, request);
    // The place may have moved before it was held.
    const line = await this.lookers.lineOf(request);
    const still =
      line?.systemCode === before?.systemCode ? may : line && (await this.coordinators.mayDecide(decider, line));
    if (!still) throw await this.refusal(actor, decider, request);
  }

  private async refusal(actor: SignedIn, decider: string, request: PermissionRequest): Promise<Error> {
    const refusal = { action: 'request.decide', target: `request:${request.id}` };
    const [looker, line] = [await this.lookers.of(actor.accountId), await this.lookers.lineOf(request)];
    if (line && looker && this.lookers.lacksSignature(looker, line)) return unsigned();
    if (!line || !(await wasDecider(this.em, request.id, decider))) return absent('request.decide', request.id);
    const routing = await this.coordinators.whoDecides(line);
    const cause = await lastCause(this.em, request.id);
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
