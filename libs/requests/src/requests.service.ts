import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import type { Routing } from '#coordinators';
import { Clock, localDay, newId, type SignedIn } from '#kernel';
import { Deciding } from './deciding.js';
import { checkedDecisions, type Decision, statusAfter } from './decisions.js';
import { holdPeople, holdRequester } from './holds.js';
import { LineDecisions } from './line-decisions.js';
import { Lookers } from './lookers.js';
import { PermissionRequest, RequestLine, RequestNote } from './permission-request.js';
import { absent, requestsProblems } from './problems.js';
import { readForm, type RequestForm, sameAnswer } from './request-form.js';
import { RequestIntake } from './request-intake.js';
import { RequestNews } from './request-news.js';
import { fullName, RequestRules, type Wish } from './request-rules.js';
import { decidersOf, findRequest, holdRequest, linesOf } from './request-rows.js';
import { checkedText } from './typed-text.js';

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
    private readonly news: RequestNews,
  ) {}

  /**
   * Who would decide each permission, and why, before anything is sent.
   * @throws as `submit` does for what is asked; nothing about open requests
   */
  async preview(actor: SignedIn, wish: Wish): Promise<{ permission: string; routing: Routing }[]> {
    const person = await this.rules.memberOf(actor.accountId);
    if (!person) throw notLinked();
    const { routing } = await this.intake.routed(person.id, wish);
    return [...new Set(wish.permissions)].map((permission) => ({ permission, routing }));
  }

  /**
   * Asks for permissions.
   * @returns the new request, or the one this very form made before
   * @throws catalog.*, sites.*, requests.not-offered, .incomplete, .bad-text, .other-form (422); requests.not-linked,
   *   .already-open, .too-many-open, grants.already-held, grants.other-role (409)
   */
  async submit(actor: SignedIn, form: RequestForm): Promise<{ id: string; reference: string }> {
    const read = readForm(form);
    return this.em.transactional(async () => {
      const staffMemberId = await holdRequester(this.em, actor.accountId);
      if (!staffMemberId) throw notLinked();
      const before = await this.em.findOne(
        PermissionRequest,
        { accountId: actor.accountId, formKey: read.formKey },
        { disableIdentityMap: true },
      );
      if (before) return sameAnswer(before, read);
      const placed = await this.intake.held(staffMemberId, read.wish);
      return this.intake.take(actor, staffMemberId, read, placed);
    });
  }

  /**
   * Decides lines of a request; all of them or, when anything is refused, none.
   * @param version of the request the actor saw
   * @throws requests.incomplete, .bad-text (422); requests.own-request (403); requests.not-found (404: absent, outside
   *   the actor's scope, or a line of another request); requests.no-longer-yours, .changed, .already-decided,
   *   .not-grantable, coordinators.unsigned, grants.* (409)
   */
  async decide(
    actor: SignedIn,
    requestId: string,
    { version, decisions }: { version: number; decisions: Decision[] },
  ): Promise<void> {
    const checked = checkedDecisions(decisions);
    await this.em.transactional(async () => {
      const request = await this.found(requestId, 'request.decide');
      const people = await holdPeople(this.em, [actor.accountId, request.accountId]);
      const decider = people.get(actor.accountId);
      await this.deciding.mustDecide(actor, decider, request);
      const held = await holdRequest(this.em, request.id);
      const lines = new Map(held.lines.map((line) => [line.id, line]));
      if (checked.some(({ lineId }) => !lines.has(lineId))) throw absent('request.decide', request.id);
      if (held.version !== version) throw await this.refuseStale(request, decider!, checked, lines);

      const wanted = checked
        .filter(({ verdict }) => verdict === 'approve')
        .map(({ lineId }) => lines.get(lineId)!.permission);
      const systemCode = wanted.length
        ? await this.rules.mustBeGrantable(request, people.get(request.accountId), wanted)
        : '';
      const act = { actor, decider: decider!, request, systemCode, at: this.clock.now() };
      for (const decision of checked) await this.lines.decide(act, lines.get(decision.lineId)!, decision);
      await this.em.nativeUpdate(PermissionRequest, { id: request.id }, { version: held.version + 1 });
      await this.news.decided(
        request,
        checked.map(({ lineId, verdict, reason }) => ({ permission: lines.get(lineId)!.permission, verdict, reason })),
      );
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
      const open = lines.filter((line) => line.status === 'pending');
      if (!open.length)
        throw requestsProblems.nothingOpen(
          `There is nothing left to withdraw. ${await this.rules.meanwhile(request, lines)}`,
        );
      await this.em.nativeUpdate(
        RequestLine,
        { request: request.id, status: 'pending' },
        { status: 'withdrawn', decidedAt: this.clock.now() },
      );
      await this.em.nativeUpdate(PermissionRequest, { id: request.id }, { version: version + 1 });
      const permissions = open.map((line) => line.permission);
      await this.audit.record(actor, {
        action: 'request.withdraw',
        target: `request:${request.id}`,
        before: { permissions, status: 'pending' },
        after: { permissions, status: 'withdrawn' },
      });
      await this.news.withdrawn(
        request,
        await decidersOf(
          this.em,
          open.map((line) => line.id),
          localDay(this.clock.now()),
        ),
        permissions,
      );
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
      const line = await this.lookers.lineOf(request);
      if (!looker || !(own || (line && this.lookers.may(looker, line)))) throw absent('request.note', request.id);
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
      if (!own) return this.news.notedForRequester(request, author);
      const open = (await linesOf(this.em, request.id)).filter((line) => line.status === 'pending');
      await this.news.notedForDeciders(
        request,
        await decidersOf(
          this.em,
          open.map((line) => line.id),
          localDay(this.clock.now()),
        ),
        author,
      );
    });
  }

  /** Says what changed since the actor looked; to whoever sent the same decision twice, that it was saved. */
  private async refuseStale(
    request: PermissionRequest,
    decider: string,
    decisions: Decision[],
    lines: Map<string, RequestLine>,
  ): Promise<Error> {
    const told = await this.rules.meanwhile(request, [...lines.values()], decider);
    const mine = ({ lineId, verdict }: Decision): boolean =>
      lines.get(lineId)!.decidedBy === decider && lines.get(lineId)!.status === statusAfter[verdict];
    if (decisions.every(mine))
      return requestsProblems.alreadyDecided(`Your decision was saved before: ${told} There is nothing left to do.`);
    return requestsProblems.changed(
      `While you had it open: ${told} Nothing of this page was saved; read the request again and decide what is still open.`,
    );
  }

  private async found(requestId: string, action: string): Promise<PermissionRequest> {
    const request = await findRequest(this.em, requestId);
    if (!request) throw absent(action, requestId);
    return request;
  }
}

const notLinked = (): Error =>
  requestsProblems.notLinked('Link your Staff ID first; the home page leads you there. Then ask for access.');
