import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { SETTINGS } from '#kernel';
import { type Message, MessageKinds, NotificationsService, type Wording } from '#notifications';
import type { Settings } from '#settings';
import { SitesService } from '#sites';
import { StaffService } from '#staff';
import type { PermissionRequest } from './permission-request.js';
import { fullName } from './request-rules.js';

type About = Pick<PermissionRequest, 'id' | 'reference' | 'application' | 'role' | 'level' | 'code' | 'staffMemberId'>;

/** One decided line in words: "IEP Form Writer: approved." */
export interface Outcome {
  permission: string;
  verdict: 'approve' | 'reject';
  reason?: string;
}

/**
 * Tells people what happened to a request, in the verb's transaction. Subjects hold nothing that was typed (ML-3); links
 * are built from the configured origin (RS-6). Notes are not mailed, only that there is one: people write of children.
 */
@Injectable()
export class RequestNews implements OnModuleInit {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly kinds: MessageKinds,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register(
      { name: 'request.submitted', word: (message) => this.wordSubmitted(message) },
      { name: 'request.decided', word: (message) => this.wordDecided(message) },
      { name: 'request.withdrawn', word: (message) => this.wordWithdrawn(message) },
      { name: 'request.note', word: (message) => this.wordNote(message) },
      { name: 'request.suggested', word: (message) => this.wordSuggested(message) },
      { name: 'request.suggestion-answered', word: (message) => this.wordAnswered(message) },
    );
  }

  /** To everybody the request waits for. */
  async submitted(request: About, deciderIds: string[], permissions: string[]): Promise<void> {
    await this.tellPeople(deciderIds, 'request.submitted', await this.factsOf(request, permissions));
  }

  /** To everybody it waited for. */
  async withdrawn(request: About, deciderIds: string[], permissions: string[]): Promise<void> {
    await this.tellPeople(deciderIds, 'request.withdrawn', await this.factsOf(request, permissions));
  }

  /**
   * To the requester; each line with its outcome, a refused one with its reason. At the account the person has now; where
   * there is none, at the one that asked.
   */
  async decided(request: About & { accountId: string }, outcomes: Outcome[]): Promise<void> {
    const facts = await this.factsOf(request, []);
    facts.approved = String(outcomes.filter(({ verdict }) => verdict === 'approve').length);
    outcomes.forEach(({ permission, verdict, reason }, at) => {
      const name = this.catalog.names(request.application, request.role, permission).permission;
      const answer = verdict === 'approve' ? 'approved.' : 'not approved.';
      facts[`outcome${String(at).padStart(3, '0')}`] = `${name}: ${answer}${reason ? ` Reason: ${reason}` : ''}`;
    });
    const account = (await this.staff.accountsOf([request.staffMemberId])).get(request.staffMemberId);
    await this.notifications.queue({ kind: 'account', id: account ?? request.accountId }, 'request.decided', facts);
  }

  /** To the requester. While a word of a note waits, further notes add none. */
  async notedForRequester(request: About, author: string): Promise<void> {
    const facts = { ...(await this.factsOf(request, [])), author, page: 'requests' };
    await this.tellPeople([request.staffMemberId], 'request.note', facts, `note ${request.id}`);
  }

  /** To everybody the request waits for. */
  async notedForDeciders(request: About, deciderIds: string[], author: string): Promise<void> {
    const facts = { ...(await this.factsOf(request, [])), author, page: 'review' };
    await this.tellPeople(deciderIds, 'request.note', facts, `note ${request.id}`);
  }

  /** To the requester, who is offered the whole school system. */
  async suggested(request: About, system: string, author: string): Promise<void> {
    const facts = { ...(await this.factsOf(request, [])), system, author };
    await this.tellPeople([request.staffMemberId], 'request.suggested', facts);
  }

  /** To the coordinator who offered it; `made` is the reference of the new request. */
  async suggestionAnswered(request: About, author: string, accepted: boolean, made = ''): Promise<void> {
    const facts = { ...(await this.factsOf(request, [])), answer: accepted ? 'accepted' : 'declined', made };
    await this.tellPeople([author], 'request.suggestion-answered', facts);
  }

  /** At the account each of them has now: who lost the Staff ID hears no more of it. */
  private async tellPeople(
    staffMemberIds: string[],
    kind: string,
    facts: Record<string, string>,
    mergeKey?: string,
  ): Promise<void> {
    const accounts = await this.staff.accountsOf([...new Set(staffMemberIds)]);
    // In one order, so that two verbs which merge the same words do not wait for each other.
    for (const id of [...accounts.values()].sort())
      await this.notifications.queue({ kind: 'account', id }, kind, facts, mergeKey && `${mergeKey} ${id}`);
  }

  private async factsOf(request: About, permissions: string[]): Promise<Record<string, string>> {
    const place = await this.sites.place({ level: request.level, code: request.code });
    const person = (await this.staff.membersByIds([request.staffMemberId])).get(request.staffMemberId);
    const { application } = this.catalog.names(request.application);
    const asked = permissions.map(
      (permission) => this.catalog.names(request.application, request.role, permission).permission,
    );
    return {
      requestId: request.id,
      reference: request.reference,
      application,
      place: place.name,
      requester: fullName(person),
      asked: asked.join(', '),
    };
  }

  private wordSubmitted({ facts }: Message): Wording {
    return {
      subject: 'A request for access waits for you',
      paragraphs: [
        `${facts.requester} asks for ${facts.asked} in ${facts.application} at ${facts.place} (${facts.reference}).`,
        'You are among those who may decide it. Whoever acts first decides; nothing more is needed from the others.',
      ],
      action: { label: 'Read it and decide', address: this.address('review', facts) },
    };
  }

  private wordDecided({ facts }: Message): Wording {
    const outcomes = Object.keys(facts)
      .filter((name) => name.startsWith('outcome'))
      .sort();
    return {
      subject: 'Your request for access was decided',
      paragraphs: [
        `About your request ${facts.reference} for ${facts.application} at ${facts.place}:`,
        ...outcomes.map((name) => facts[name]!),
        facts.approved !== '0'
          ? `What was approved works from now on: open ${facts.application} and sign in with this account.`
          : 'If you think this is a mistake, write a note on the request or ask your coordinator.',
      ],
      action: { label: 'See your request', address: this.address('requests', facts) },
    };
  }

  private wordWithdrawn({ facts }: Message): Wording {
    return {
      subject: 'A request for access was withdrawn',
      paragraphs: [
        `${facts.requester} withdrew the request ${facts.reference} for ${facts.asked} in ${facts.application} at ${facts.place}.`,
        'There is nothing left to do for you.',
      ],
    };
  }

  private wordNote({ facts }: Message): Wording {
    const page = facts.page === 'review' ? 'review' : 'requests';
    return {
      subject: 'There is a new note on a request',
      paragraphs: [
        `${facts.author} wrote a note on the request ${facts.reference} for ${facts.application} at ${facts.place}.`,
      ],
      action: { label: 'Read the note', address: this.address(page, facts) },
    };
  }

  private wordSuggested({ facts }: Message): Wording {
    return {
      subject: 'A coordinator suggests another place for your request',
      paragraphs: [
        `About your request ${facts.reference} for ${facts.application} at ${facts.place}: ${facts.author} suggests to ask for the whole of ${facts.system} instead.`,
        'Nothing changes until you agree. If you do not, your request stays as it is.',
      ],
      action: { label: 'Read it and answer', address: this.address('requests', facts) },
    };
  }

  private wordAnswered({ facts }: Message): Wording {
    return {
      subject: 'Your suggestion was answered',
      paragraphs: [
        facts.answer === 'accepted'
          ? `${facts.requester} agreed: ${facts.reference} at ${facts.place} is withdrawn, and ${facts.made} asks for the whole school system.`
          : `${facts.requester} would like to keep ${facts.reference} for ${facts.place} as it is. It still waits for a decision.`,
      ],
      ...(facts.answer !== 'accepted' && {
        action: { label: 'Read it and decide', address: this.address('review', facts) },
      }),
    };
  }

  private address(page: 'requests' | 'review', facts: Record<string, string>): string {
    return new URL(`/${page}/${encodeURIComponent(facts.requestId!)}`, this.settings.PORTAL_ORIGIN).href;
  }
}
