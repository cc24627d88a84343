import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { Clock, localDay, newId, type SignedIn } from '#kernel';
import { Deciding } from './deciding.js';
import { checkedDecisions, type Decision, statusAfter } from './decisions.js';
import { holdPeople, holdRequester } from './holds.js';
import { LineDecisions } from './line-decisions.js';
import { Lookers } from './lookers.js';
import { PermissionRequest, type RequestLine, RequestNote } from './permission-request.js';
import { absent, requestsProblems } from './problems.js';
import { answeredSince } from './question-rows.js';
import { readForm, readWishes, type RequestForm, sameAnswer } from './request-form.js';
import { RequestIntake, type RoutedWish } from './request-intake.js';

import { openOffers } from './offering.js';
import { type Outcome, RequestNews } from './request-news.js';
import { RequestsAgain } from './requests-again.js';
import { fullName, RequestRules, type Wish } from './request-rules.js';
import { decidersOf, findRequest, holdRequest, linesOf, ownGrant, withdrawOpen } from './request-rows.js';
import { refuseOtherStep } from './steps.js';
import { StepsNews } from './steps-news.js';
import { togetherBy, wayKey } from './together.js';
import { checkedText } from './typed-text.js';
import { termsOf } from './wish-period.js';

/** The verbs of a request. Each is one transaction: the change, its audit entries and its messages. */
@Injectable()
export class RequestsService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly rules: RequestRules,
    private readonly intake: RequestIntake,
    private readonly deciding: Deciding,
    private readonly lookers: Lookers,
    private readonly lines: LineDecisions,
    private readonly again: RequestsAgain,
    private readonly news: RequestNews,
    private readonly stepsNews: StepsNews,
  ) {}

  /**
   * Who would decide each wish, and why, before anything is sent.
   * @throws as `submit` does for what is asked; nothing about open requests
   */
  async preview(actor: SignedIn, wishes: Wish[]): Promise<RoutedWish[]> {
    const person = await this.rules.memberOf(actor.accountId);
    if (!person) throw notLinked();
    return this.intake.routed(person.id, readWishes(wishes, this.today()));
  }

  /**
   * Asks for permissions, at one place or at many; each line goes its own way.
   * @returns the new request, or the one this very form made before
   * @throws catalog.*, sites.*, requests.not-offered, .incomplete, .bad-text, .bad-period, .other-form, .too-many-lines, .two-roles
   *   (422); requests.not-found, grants.not-found (404); requests.not-linked, .already-open, .too-many-open, .not-again,
   *   .not-extendable, grants.already-held, .conflict (409)
   */
  async submit(actor: SignedIn, form: RequestForm): Promise<{ id: string; reference: string }> {
    const read = readForm(form, this.today());
    return this.em.transactional(async () => {
      const staffMemberId = await holdRequester(this.em, actor.accountId);
      if (!staffMemberId) throw notLinked();
      const before = await this.em.findOne(
        PermissionRequest,
        { accountId: actor.accountId, formKey: read.formKey },
        { disableIdentityMap: true },
      );
      if (before) return sameAnswer(before, read);
      const enteredBy = read.replacesId && (await this.again.mayRepeat(staffMemberId, read.replacesId));
      const routed = await this.intake.held(staffMemberId, read.wishes, enteredBy);
      return this.intake.take(actor, staffMemberId, read, routed, { replacesId: read.replacesId, enteredBy });
    });
  }

  /**
   * Asks that access of one's own may go on; it goes the way of every request.
   * @param toDay 'YYYY-MM-DD', the first day no longer
   * @throws as `submit`
   */
  async extend(
    actor: SignedIn,
    { grantId, toDay, ...form }: { grantId: string; toDay: string } & Pick<RequestForm, 'why' | 'formKey'>,
  ): Promise<{ id: string; reference: string }> {
    const grant = await ownGrant(this.em, actor.accountId, grantId);
    const { application, role, permission, level, code } = grant;
    const wish = { application, role, permissions: [permission], location: { level, code }, toDay, extends: grantId };
    return this.submit(actor, { ...form, wishes: [wish] });
  }

  /**
   * Decides lines of a request; all that are sent or, when anything is refused, none.
   * @param version of the request the actor saw; what others did since to lines that are not the actor's does not matter
   * @returns the version it has now
   * @throws requests.incomplete, .bad-text, .not-less, .bad-period (422); requests.own-request (403); requests.not-found (404: absent, outside
   *   the actor's scope, or a line of another request); requests.no-longer-yours, .changed, .already-decided,
   *   .not-grantable, coordinators.unsigned, grants.* (409)
   */
  async decide(
    actor: SignedIn,
    requestId: string,
    { version, decisions }: { version: number; decisions: Decision[] },
  ): Promise<number> {
    const checked = checkedDecisions(decisions);
    return this.em.transactional(async () => {
      const request = await this.found(requestId, 'request.decide');
      const people = await holdPeople(this.em, [actor.accountId, request.accountId]);
      const decider = people.get(actor.accountId);
      this.deciding.refuseOwn(actor, decider, request);
      const chosen = await this.chosen(request, checked);
      await this.deciding.mustDecide(actor, decider, request, chosen);
      const held = await holdRequest(this.em, request.id);
      const lines = new Map(held.lines.map((line) => [line.id, line]));
      await this.refuseStale(actor, request, version, checked, held);
      refuseOtherStep(chosen, held.lines);

      const wanted = checked.filter(({ verdict }) => verdict !== 'reject').map(({ lineId }) => lines.get(lineId)!);
      const systems = await this.systemsOf(request, people.get(request.accountId), wanted);
      const act = { actor, decider: decider!, request, version: held.version + 1, at: this.clock.now() };
      const outcomes: Outcome[] = [];
      const offered: RequestLine[] = [];
      const onward: RequestLine[] = [];
      for (const decision of checked) {
        const line = lines.get(decision.lineId)!;
        const done = await this.lines.decide(act, line, decision, systems.get(wayKey(line)) ?? line.systemCode);
        if (done.state === 'offered') offered.push(line);
        else if (done.state === 'next') onward.push(line);
        else outcomes.push({ line, verdict: decision.verdict, reason: decision.reason, ended: done.ended });
      }
      await this.em.nativeUpdate(PermissionRequest, { id: request.id }, { version: act.version });
      if (outcomes.length) await this.news.decided(request, outcomes);
      if (onward.length) await this.stepsNews.wentOn(request, onward);
      if (offered.length) await this.news.offered(request, offered, decider!);
      return act.version;
    });
  }

  /**
   * Takes back what is still open. For the requester.
   * @throws requests.not-found (404), requests.nothing-open (409)
   */
  async withdraw(actor: SignedIn, requestId: string): Promise<void> {
    await this.em.transactional(async () => {
      const request = await this.found(requestId, 'request.withdraw');
      if (!(await this.rules.isRequester(actor.accountId, request))) throw absent('request.withdraw', request.id);
      const { version, lines } = await holdRequest(this.em, request.id);
      const open = lines.filter(isOpen);
      if (!open.length)
        throw requestsProblems.nothingOpen(`There is nothing left to withdraw. ${await this.rules.meanwhile(lines)}`);
      await withdrawOpen(this.em, request.id, version + 1, this.clock.now());
      const withdrawn = open.map((line) => line.id);
      await this.audit.record(actor, {
        action: 'request.withdraw',
        target: `request:${request.id}`,
        before: { lines: withdrawn, status: 'pending' },
        after: { lines: withdrawn, status: 'withdrawn' },
      });
      await this.news.withdrawn(request, await this.waitedFor(open));
    });
  }

  /**
   * Adds a note; the other side is told. For the requester and those who may decide.
   * @throws requests.bad-text (422), requests.not-found (404)
   */
  async addNote(actor: SignedIn, requestId: string, text: string): Promise<void> {
    const note = checkedText('text', 'the note', text, { beEmpty: false })!;
    await this.em.transactional(async () => {
      const request = await this.found(requestId, 'request.note');
      const looker = await this.lookers.of(actor.accountId);
      const own = looker?.person.id === request.staffMemberId;
      const lines = await linesOf(this.em, request.id);
      const ways = await this.lookers.linesOf(request.staffMemberId, lines);
      const may = looker && ways.some((line) => line && this.lookers.may(looker, line));
      if (!looker || !(own || may)) throw absent('request.note', request.id);
      const id = newId();
      await this.em.insert(RequestNote, {
        id,
        request: request.id,
        authorAccountId: actor.accountId,
        authorId: looker.person.id,
        text: note,
        writtenAt: this.clock.now(),
      });
      await this.audit.record(actor, {
        action: 'request.note',
        target: `request:${request.id}`,
        after: { noteId: id },
      });
      const author = fullName(looker.person);
      if (!own) return this.news.notedForRequester(request, lines, author);
      await this.news.notedForDeciders(request, await this.waitedFor(lines.filter(isOpen)), author);
    });
  }

  /** The lines a call decides. */
  private async chosen(request: PermissionRequest, decisions: Decision[]): Promise<RequestLine[]> {
    const lines = new Map((await linesOf(this.em, request.id)).map((line) => [line.id, line]));
    return decisions.map(({ lineId }) => {
      const line = lines.get(lineId);
      if (!line) throw absent('request.decide', request.id);
      return line;
    });
  }

  /** The systems that answer for what is to be approved, each thing asked anew whether it can be. */
  private async systemsOf(
    { staffMemberId }: PermissionRequest,
    person: string | undefined,
    wanted: RequestLine[],
  ): Promise<Map<string, string>> {
    const systems = new Map<string, string>();
    for (const lines of togetherBy(wanted, wayKey)) {
      const { application, role, level, code } = lines[0]!;
      const asked = { application, role, level, code, staffMemberId };
      const permissions = lines.map((line) => termsOf(line).permission);
      systems.set(wayKey(asked), await this.rules.mustBeGrantable(asked, person, permissions));
    }
    return systems;
  }

  /**
   * Says what changed since the actor looked, of what is the actor's; to whoever sent the same decision twice, that it was
   * saved. Several coordinators decide one request: what another did elsewhere stops nobody.
   */
  private async refuseStale(
    actor: SignedIn,
    { id: requestId, staffMemberId }: PermissionRequest,
    version: number,
    decisions: Decision[],
    held: { version: number; lines: RequestLine[] },
  ): Promise<void> {
    if (held.version === version) return;
    const looker = (await this.lookers.of(actor.accountId))!;
    const ways = await this.lookers.linesOf(staffMemberId, held.lines);
    const share = held.lines.filter((_, at) => ways[at] && this.lookers.may(looker, ways[at]));
    const offers = await openOffers(this.em, held.lines);
    const isNews = ({ id, settledVersion }: RequestLine): boolean =>
      Math.max(settledVersion ?? 0, offers.get(id)?.version ?? 0) > version;
    const answers = await answeredSince(this.em, requestId, version);
    const answered = share.some(({ id, status }) => status === 'pending' && answers.has(id));
    if (version < held.version && !share.some(isNews) && !answered) return;
    const lines = new Map(held.lines.map((line) => [line.id, line]));
    const told =
      answered && !share.some(isNews)
        ? 'the person who asked answered a question about it.'
        : await this.rules.meanwhile(share, looker.person.id, offers);
    const mine = ({ lineId, verdict }: Decision): boolean =>
      (lines.get(lineId)!.decidedBy === looker.person.id && lines.get(lineId)!.status === statusAfter[verdict]) ||
      (verdict === 'narrow' && offers.get(lineId)?.byStaffMemberId === looker.person.id);
    if (decisions.every(mine))
      throw requestsProblems.alreadyDecided(`Your decision was saved before: ${told} There is nothing left to do.`);
    throw requestsProblems.changed(
      `While you had it open: ${told} Nothing of this page was saved; read the request again and decide what is still open.`,
    );
  }

  private today(): string {
    return localDay(this.clock.now());
  }

  /** Open lines, each with the people it waits for. */
  private waitedFor(open: RequestLine[]): Promise<Map<string, RequestLine[]>> {
    return decidersOf(this.em, open, this.today());
  }

  private async found(requestId: string, action: string): Promise<PermissionRequest> {
    const request = await findRequest(this.em, requestId);
    if (!request) throw absent(action, requestId);
    return request;
  }
}

const isOpen = ({ status }: RequestLine): boolean => status === 'pending';

const notLinked = (): Error =>
  requestsProblems.notLinked('Link your Staff ID first; the home page leads you there. Then ask for access.');
