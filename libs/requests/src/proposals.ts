import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Clock, localDay, newId, type SignedIn, systemActor } from '#kernel';
import { holdPeople, holdRequester } from './holds.js';
import { PermissionRequest } from './permission-request.js';
import { requestsProblems } from './problems.js';
import { ProposalNews } from './proposal-news.js';
import { ProposalRules } from './proposal-rules.js';
import { readForm, type RequestForm } from './request-form.js';
import { RequestIntake } from './request-intake.js';
import { type ProposalStatus, RequestProposal } from './request-proposal.js';
import { dayPlus } from './time-calendar.js';
import { checkedText } from './typed-text.js';

/** What a coordinator enters for somebody. */
export type ProposalForm = Pick<RequestForm, 'wishes' | 'why' | 'formKey'> & { staffId: string };

/** Days in which it can be confirmed. */
const confirmable = 30;

/** Requests that a coordinator enters on behalf of a person: nothing is asked for until that person confirms. */
@Injectable()
export class RequestProposals {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly rules: ProposalRules,
    private readonly intake: RequestIntake,
    private readonly news: ProposalNews,
  ) {}

  /**
   * Enters wishes for a staff member who is employed where the actor decides. The person is told.
   * @returns the proposal's id, or that of the one this very form made before
   * @throws as `RequestsService.submit` about what is asked (422); requests.not-enterable, .other-form (422); requests.own-request
   *   (403); requests.not-linked, .too-many-open, coordinators.unsigned (409)
   */
  async propose(actor: SignedIn, { staffId, ...form }: ProposalForm): Promise<string> {
    const read = readForm(form, this.today());
    return this.em.transactional(async () => {
      const by = await holdRequester(this.em, actor.accountId); // one entry at a time
      if (!by) throw requestsProblems.notLinked('Link your Staff ID first; the home page leads you there.');
      const key = { proposedBy: by, formKey: read.formKey };
      const before = await this.em.findOne(RequestProposal, key, { disableIdentityMap: true });
      const formHash = `${staffId.trim()} ${read.formHash}`;
      if (before) return sameProposal(before, formHash);
      const person = await this.rules.personFor(actor, staffId, read.wishes);
      await this.rules.refuseMany(person.id);
      const id = newId();
      const now = this.clock.now();
      await this.em.insert(RequestProposal, {
        ...key,
        id,
        staffMemberId: person.id,
        formHash,
        wishes: read.wishes,
        why: read.why ?? null,
        proposedAt: now,
        lapsesOn: dayPlus(localDay(now), confirmable),
        status: 'open',
      });
      await this.record(actor, 'enter', id, { staffMemberId: person.id, wishes: read.wishes });
      await this.news.proposed(id, person.id, by);
      return id;
    });
  }

  /**
   * Asks for what was entered, as the person it is for. Whoever entered it decides none of it (CO-1).
   * @returns the request; the same when it was confirmed before
   * @throws requests.not-found (404), requests.answered (409), and as `RequestsService.submit`
   */
  async confirm(
    actor: SignedIn,
    proposalId: string,
    { mayNarrow }: Pick<RequestForm, 'mayNarrow'> = {},
  ): Promise<{ id: string; reference: string }> {
    return this.em.transactional(async () => {
      const person = await holdRequester(this.em, actor.accountId);
      const { wishes, why, proposedBy, ...proposal } = await this.rules.ofPerson(proposalId, person, 'confirm');
      if (proposal.status === 'confirmed') return this.made(proposal.requestId!);
      this.refuseAnswered(proposal);
      const today = this.today();
      // A first day that has passed by now means: from the approval on.
      const now = wishes.map(({ fromDay, ...wish }) => ({ ...wish, ...(fromDay && fromDay > today && { fromDay }) }));
      const read = readForm({ wishes: now, why: why ?? undefined, formKey: newId(), mayNarrow }, today);
      const routed = await this.intake.held(person!, read.wishes, proposedBy);
      const made = await this.intake.take(actor, person!, read, routed, { enteredBy: proposedBy });
      await this.answer(proposalId, 'confirmed', { requestId: made.id });
      await this.record(actor, 'confirm', proposalId, { request: made.id, enteredBy: proposedBy });
      await this.news.answered(proposalId, proposedBy, person!, 'confirmed');
      return made;
    });
  }

  /**
   * Does not ask for it. For the person it is for.
   * @throws requests.not-found (404), requests.bad-text (422), requests.answered (409)
   */
  async decline(actor: SignedIn, proposalId: string, reason?: string): Promise<void> {
    const why = checkedText('reason', 'the reason', reason, { beEmpty: true });
    await this.em.transactional(async () => {
      const person = await holdRequester(this.em, actor.accountId);
      const proposal = await this.rules.ofPerson(proposalId, person, 'decline');
      this.refuseAnswered(proposal);
      await this.answer(proposalId, 'declined', { reason: why ?? null });
      await this.record(actor, 'decline', proposalId, {}, why);
      await this.news.answered(proposalId, proposal.proposedBy, person!, 'declined');
    });
  }

  /**
   * Takes back what waits. For whoever entered it.
   * @throws requests.not-found (404), requests.answered (409)
   */
  async withdraw(actor: SignedIn, proposalId: string): Promise<void> {
    await this.em.transactional(async () => {
      const by = (await holdPeople(this.em, [actor.accountId])).get(actor.accountId);
      const proposal = await this.rules.ofEnterer(proposalId, by, 'withdraw');
      this.refuseAnswered(proposal);
      await this.answer(proposalId, 'withdrawn');
      await this.record(actor, 'withdraw', proposalId, {});
      await this.news.withdrawn(proposalId, proposal.staffMemberId, proposal.proposedBy);
    });
  }

  /** Closes what nobody answered in time, each once, and tells whoever entered it. */
  async lapse(): Promise<void> {
    const due = await this.em.find(
      RequestProposal,
      { status: 'open', lapsesOn: { $lte: this.today() } },
      { disableIdentityMap: true, orderBy: { id: 'asc' }, limit: 1000 },
    );
    for (const { id, proposedBy, staffMemberId } of due)
      await this.em.transactional(async () => {
        const open = { id, status: 'open' as const };
        const held = await this.em.findOne(RequestProposal, open, {
          disableIdentityMap: true,
          lockMode: LockMode.PESSIMISTIC_WRITE,
        });
        if (!held) return;
        await this.answer(id, 'lapsed');
        await this.record(systemActor, 'lapse', id, {});
        await this.news.answered(id, proposedBy, staffMemberId, 'lapsed');
      });
  }

  /** Settles what is open; whoever comes second, in the same moment too, is refused with all that was done. */
  private async answer(
    id: string,
    status: Exclude<ProposalStatus, 'open'>,
    more: { requestId?: string; reason?: string | null } = {},
  ): Promise<void> {
    const { requestId, reason } = more;
    const answered = {
      status,
      answeredAt: this.clock.now(),
      ...(requestId && { requestId }),
      ...(reason && { reason }),
    };
    if (!(await this.em.nativeUpdate(RequestProposal, { id, status: 'open' }, answered))) throw answeredBefore();
  }

  private refuseAnswered({ status, lapsesOn }: Pick<RequestProposal, 'status' | 'lapsesOn'>): void {
    if (status !== 'open' || lapsesOn <= this.today()) throw answeredBefore();
  }

  private async made(id: string): Promise<{ id: string; reference: string }> {
    const { reference } = await this.em.findOneOrFail(PermissionRequest, { id }, { disableIdentityMap: true });
    return { id, reference };
  }

  private async record(
    actor: Actor,
    verb: string,
    id: string,
    after: Record<string, unknown>,
    reason?: string,
  ): Promise<void> {
    await this.audit.record(actor, {
      action: `request.${verb}-proposal`,
      target: `request-proposal:${id}`,
      after,
      reason,
    });
  }

  private today(): string {
    return localDay(this.clock.now());
  }
}

const answeredBefore = (): Error =>
  requestsProblems.answered(
    'This was confirmed, declined or taken back before, or its time is over. Load the page again.',
  );

function sameProposal({ id, formHash }: RequestProposal, hash: string): string {
  if (formHash === hash) return id;
  throw requestsProblems.otherForm(
    'This form was sent before with other answers. Load the page again to enter something else.',
  );
}
