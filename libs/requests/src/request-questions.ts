import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { Clock, newId, type SignedIn } from '#kernel';
import { Deciding } from './deciding.js';
import { holdPeople } from './holds.js';
import { Lookers } from './lookers.js';
import { PermissionRequest, type RequestLine } from './permission-request.js';
import { absent, requestsProblems } from './problems.js';
import { closeQuestions, openQuestions } from './question-rows.js';
import { RequestQuestion, RequestQuestionLine } from './request-question.js';
import { QuestionNews } from './request-questions-news.js';
import { RequestRules } from './request-rules.js';
import { findRequest, holdRequest, linesOf } from './request-rows.js';
import { refuseOtherStep } from './steps.js';
import { restartClocks } from './time-rows.js';
import { checkedText } from './typed-text.js';

/**
 * Whoever decides may ask the requester back before deciding. The lines stay open and keep following who decides; while an
 * answer is missing no clock runs for the deciders.
 */
@Injectable()
export class RequestQuestions {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly rules: RequestRules,
    private readonly deciding: Deciding,
    private readonly lookers: Lookers,
    private readonly news: QuestionNews,
  ) {}

  /**
   * Asks the requester about open lines. For who may decide them all.
   * @param lineIds absent: all open ones the actor may decide and about which no question is open
   * @returns the id of the question
   * @throws requests.bad-text (422); requests.own-request (403); requests.not-found (404); requests.already-asked,
   *   .nothing-open, .changed, .no-longer-yours, coordinators.unsigned (409)
   */
  async ask(
    actor: SignedIn,
    requestId: string,
    { lineIds, question }: { lineIds?: string[]; question: string },
  ): Promise<string> {
    const words = checkedText('question', 'the question', question, { beEmpty: false })!;
    return this.em.transactional(async () => {
      const request = await this.found(requestId, 'request.ask-back');
      const decider = (await holdPeople(this.em, [actor.accountId])).get(actor.accountId);
      this.deciding.refuseOwn(actor, decider, request);
      const chosen = await this.chosen(actor, request, lineIds);
      await this.deciding.mustDecide(actor, decider, request, chosen);
      const held = await holdRequest(this.em, request.id);
      refuseOtherStep(chosen, held.lines);
      const ids = new Set(chosen.map(({ id }) => id));
      const lines = await this.askable(held.lines.filter(({ id }) => ids.has(id)));
      const id = newId();
      const at = this.clock.now();
      await this.em.insert(RequestQuestion, {
        id,
        request: request.id,
        askedBy: decider!,
        question: words,
        askedAt: at,
      });
      await this.em.insertMany(
        RequestQuestionLine,
        lines.map((line) => ({ question: id, line: line.id })),
      );
      const asked = lines.map((line) => line.id);
      await restartClocks(this.em, asked, 'asked', at);
      await this.audit.record(actor, {
        action: 'request.ask-back',
        target: `request:${request.id}`,
        after: { questionId: id, lines: asked },
      });
      await this.news.asked(request, lines, decider!);
      return id;
    });
  }

  /**
   * The requester answers; the clock of the lines that are still open runs anew, and those they wait for are told. Who has
   * the request open to decide hears of the answer first.
   * @throws requests.bad-text (422); requests.not-found (404); requests.answered, .nothing-open (409)
   */
  async answer(
    actor: SignedIn,
    requestId: string,
    { questionId, answer }: { questionId: string; answer: string },
  ): Promise<void> {
    const words = checkedText('answer', 'the answer', answer, { beEmpty: false })!;
    await this.em.transactional(async () => {
      const request = await this.found(requestId, 'request.answer-question');
      if (!(await this.rules.isRequester(actor.accountId, request))) throw absent('request.answer-question', requestId);
      const { version, lines } = await holdRequest(this.em, request.id);
      const question = await this.theQuestion(request, questionId);
      if (question.answer !== null && question.answer !== undefined)
        throw requestsProblems.answered('You have answered this already. Load the request again to read it.');
      const about = new Set((await openQuestions(this.em, request.id)).get(question.id));
      const open = lines.filter(({ id }) => about.has(id));
      if (!open.length)
        throw requestsProblems.nothingOpen(
          `Your answer is no longer needed. ${await this.rules.meanwhile(lines)} Nothing of this page was saved.`,
        );
      const at = this.clock.now();
      const answeredNow = { answer: words, answeredAt: at, answeredVersion: version + 1 };
      await this.em.nativeUpdate(RequestQuestion, { id: question.id }, answeredNow);
      await this.em.nativeUpdate(PermissionRequest, { id: request.id }, { version: version + 1 });
      const answered = open.map(({ id }) => id);
      await closeQuestions(this.em, answered, at);
      await restartClocks(this.em, answered, 'answered', at);
      await this.audit.record(actor, {
        action: 'request.answer-question',
        target: `request:${request.id}`,
        after: { questionId: question.id, lines: answered },
      });
      await this.news.answered(request, open);
    });
  }

  /** The lines a question is about, before they are held. */
  private async chosen(
    actor: SignedIn,
    request: PermissionRequest,
    lineIds: string[] | undefined,
  ): Promise<RequestLine[]> {
    const lines = await linesOf(this.em, request.id);
    if (lineIds?.length) {
      const wanted = new Set(lineIds);
      const chosen = lines.filter(({ id }) => wanted.has(id));
      if (chosen.length !== wanted.size) throw absent('request.ask-back', request.id);
      return chosen;
    }
    const looker = await this.lookers.of(actor.accountId);
    const ways = await this.lookers.linesOf(request.staffMemberId, lines);
    const theirs = lines.filter(
      (_, at) =>
        looker && ways[at] && (this.lookers.may(looker, ways[at]) || this.lookers.lacksSignature(looker, ways[at])),
    );
    const asked = new Set([...(await openQuestions(this.em, request.id)).values()].flat());
    const free = theirs.filter(({ id, status }) => status === 'pending' && !asked.has(id));
    // Of lines that are settled or asked about already the refusal tells; of none, that there is no such request.
    const chosen = free.length ? free : theirs.length ? theirs : lines;
    return chosen;
  }

  /** @throws requests.nothing-open, .already-asked (409) */
  private async askable(lines: RequestLine[]): Promise<RequestLine[]> {
    const settled = lines.filter(({ status }) => status !== 'pending');
    if (settled.length)
      throw requestsProblems.nothingOpen(
        `There is nothing to ask about any more. ${await this.rules.meanwhile(settled)} Nothing of this page was saved; load the request again.`,
      );
    const asked = new Set([...(await openQuestions(this.em, lines[0]!.request.id)).values()].flat());
    if (lines.some(({ id }) => asked.has(id)))
      throw requestsProblems.alreadyAsked(
        'A question about this waits for an answer already. Load the request again to read it; once it is answered you can ask the next one.',
      );
    return lines;
  }

  private async theQuestion(request: PermissionRequest, questionId: string): Promise<RequestQuestion> {
    const all = await this.em.find(RequestQuestion, { request: request.id }, { disableIdentityMap: true });
    const question = all.find(({ id }) => id === questionId);
    if (!question) throw absent('request.answer-question', request.id);
    return question;
  }

  private async found(requestId: string, action: string): Promise<PermissionRequest> {
    const request = await findRequest(this.em, requestId);
    if (!request) throw absent(action, requestId);
    return request;
  }
}
