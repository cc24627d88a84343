import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { Clock, localDay, newId, type SignedIn } from '#kernel';
import type { Location } from '#sites';
import { Deciding } from './deciding.js';
import { holdPeople, holdRequester } from './holds.js';
import type { PermissionRequest, RequestLine } from './permission-request.js';
import { absent, requestsProblems } from './problems.js';
import { readForm } from './request-form.js';
import { RequestIntake } from './request-intake.js';
import { RequestNews } from './request-news.js';
import { decidersOf, findRequest, holdRequest, linesOf, withdrawOpen } from './request-rows.js';
import { RequestSuggestion } from './request-suggestion.js';
import { linesAsWishes } from './requests-again.js';
import { SuggestionReading } from './suggestion-reading.js';
import { checkedText } from './typed-text.js';

/**
 * A request for a site may be meant for the whole school system: who decides offers that, who asked agrees or not. Nothing
 * is asked for in anybody's name without that person's consent.
 */
@Injectable()
export class RequestSuggestions {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly reading: SuggestionReading,
    private readonly deciding: Deciding,
    private readonly intake: RequestIntake,
    private readonly news: RequestNews,
  ) {}

  /**
   * Offers the requester to ask for the whole school system that answers for the site. For who may decide the request.
   * @param version of the request the actor saw
   * @throws as `RequestsService.decide` about who may; requests.bad-text (422); requests.changed, .not-suggestible (409)
   */
  async suggestSystem(
    actor: SignedIn,
    requestId: string,
    { version, note }: { version: number; note?: string },
  ): Promise<void> {
    const words = checkedText('note', 'the note', note, { beEmpty: true });
    await this.em.transactional(async () => {
      const request = await this.found(requestId, 'request.suggest');
      const decider = (await holdPeople(this.em, [actor.accountId])).get(actor.accountId);
      await this.deciding.mustDecide(actor, decider, request, await linesOf(this.em, request.id));
      const held = await holdRequest(this.em, request.id);
      if (held.version !== version)
        throw requestsProblems.changed(
          'While you had it open, somebody decided or withdrew a part of it. Read the request again.',
        );
      const { maySuggest } = await this.reading.about(request, held.lines, held.lines.filter(isOpen));
      if (!maySuggest)
        throw requestsProblems.notSuggestible(
          'The whole school system can be offered once, for an open request at one site that a school system answers for, when the person does not hold that or another role there already. Load the request again.',
        );
      const id = newId();
      await this.em.insert(RequestSuggestion, {
        id,
        request: request.id,
        byStaffMemberId: decider!,
        systemCode: maySuggest.code,
        note: words ?? null,
        suggestedAt: this.clock.now(),
      });
      await this.audit.record(actor, {
        action: 'request.suggest',
        target: `request:${request.id}`,
        after: { suggestionId: id, systemCode: maySuggest.code },
      });
      await this.news.suggested(request, held.lines, maySuggest.name, await this.reading.nameOf(decider!));
    });
  }

  /**
   * The requester agrees or not. Agreed: what is open of the old request is withdrawn, and the same is asked for the whole
   * school system in a new request; the consent is in the audit log. Declined: all stays.
   * @returns the new request, when agreed
   * @throws requests.not-found (404); requests.answered, .nothing-open, and as `RequestsService.submit` (409)
   */
  async answerSuggestion(
    actor: SignedIn,
    requestId: string,
    { suggestionId, accept }: { suggestionId: string; accept: boolean },
  ): Promise<{ id: string; reference: string } | undefined> {
    return this.em.transactional(async () => {
      const request = await this.found(requestId, 'request.answer');
      const person = await holdRequester(this.em, actor.accountId);
      const offer = (await this.reading.offersOf(request.id)).find(({ id }) => id === suggestionId);
      if (person !== request.staffMemberId || !offer) throw absent('request.answer', request.id);
      const made = accept ? await this.accept(actor, request, offer) : await this.decline(actor, request, offer);
      const lines = await linesOf(this.em, request.id);
      await this.news.suggestionAnswered(request, lines, offer.byStaffMemberId, accept, made?.reference);
      return made;
    });
  }

  private async accept(
    actor: SignedIn,
    request: PermissionRequest,
    offer: RequestSuggestion,
  ): Promise<{ id: string; reference: string }> {
    const { why, staffMemberId } = request;
    const location: Location = { level: 'system', code: offer.systemCode };
    // First who decides and the place, then the request: the order everybody keeps.
    const open = (await linesOf(this.em, request.id)).filter(isOpen);
    if (!open.length) throw nothingOpen();
    const today = localDay(this.clock.now());
    const form = readForm(
      {
        wishes: linesAsWishes(open, today).map((wish) => ({ ...wish, location })),
        why: why ?? undefined,
        mayNarrow: request.mayNarrow,
        // Of no form: the held request lets an offer be agreed to once.
        formKey: newId(),
      },
      today,
    );
    const routed = await this.intake.held(staffMemberId, form.wishes, request.enteredBy ?? undefined);
    const { version, lines } = await this.heldOpen(request, offer);
    if (lines.length !== open.length) throw nothingOpen();
    const before = await decidersOf(this.em, lines, localDay(this.clock.now()));
    await withdrawOpen(this.em, request.id, version + 1, this.clock.now());
    await this.audit.record(actor, {
      action: 'request.withdraw',
      target: `request:${request.id}`,
      after: { lines: lines.map(({ id }) => id), status: 'withdrawn' },
    });
    const made = await this.intake.take(actor, staffMemberId, form, routed, {
      replacesId: request.id,
      enteredBy: request.enteredBy ?? undefined,
    });
    await this.answer(actor, request, offer, { answer: 'accepted', newRequestId: made.id });
    const deciders = routed.flatMap(({ routing }) => routing.deciders.map((one) => one.staffMemberId));
    for (const told of [offer.byStaffMemberId, ...deciders]) before.delete(told);
    await this.news.withdrawn(request, before);
    return made;
  }

  private async decline(actor: SignedIn, request: PermissionRequest, offer: RequestSuggestion): Promise<undefined> {
    await this.heldOpen(request, offer);
    await this.answer(actor, request, offer, { answer: 'declined', newRequestId: null });
  }

  /** Holds the request, with what is open of it, while the offer waits for its answer. */
  private async heldOpen(
    request: PermissionRequest,
    offer: RequestSuggestion,
  ): Promise<{ version: number; lines: RequestLine[] }> {
    const { version, lines } = await holdRequest(this.em, request.id);
    const now = await this.em.findOneOrFail(RequestSuggestion, { id: offer.id }, { disableIdentityMap: true });
    if (now.answer)
      throw requestsProblems.answered(
        'You have answered this already. Load the request again to see what became of it.',
      );
    const open = lines.filter(isOpen);
    if (!open.length) throw nothingOpen();
    return { version, lines: open };
  }

  private async answer(
    actor: SignedIn,
    request: PermissionRequest,
    offer: RequestSuggestion,
    { answer, newRequestId }: { answer: 'accepted' | 'declined'; newRequestId: string | null },
  ): Promise<void> {
    const answered = { answer, newRequestId, answeredAt: this.clock.now() };
    await this.em.nativeUpdate(RequestSuggestion, { id: offer.id }, answered);
    await this.audit.record(actor, {
      action: 'request.answer-suggestion',
      target: `request:${request.id}`,
      after: { suggestionId: offer.id, systemCode: offer.systemCode, answer, newRequestId },
    });
  }

  private async found(requestId: string, action: string): Promise<PermissionRequest> {
    const request = await findRequest(this.em, requestId);
    if (!request) throw absent(action, requestId);
    return request;
  }
}

const isOpen = ({ status }: RequestLine): boolean => status === 'pending';

const nothingOpen = (): Error =>
  requestsProblems.nothingOpen(
    'Meanwhile the request was decided or withdrawn. Load it again to see what became of it.',
  );
