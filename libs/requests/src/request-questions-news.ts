import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, localDay, readableWeekday, SETTINGS } from '#kernel';
import { type Message, MessageKinds, NotificationsService, type Wording } from '#notifications';
import type { Settings } from '#settings';
import { StaffService } from '#staff';
import { PermissionRequest, type RequestLine } from './permission-request.js';
import { fullName } from './request-rules.js';
import { decidersOf } from './request-rows.js';

type About = Pick<PermissionRequest, 'id' | 'reference' | 'staffMemberId' | 'accountId'>;

/** Tells of questions and answers; what was typed is not mailed, only that it is there: people write of children. */
@Injectable()
export class QuestionNews implements OnModuleInit {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly notifications: NotificationsService,
    private readonly kinds: MessageKinds,
    private readonly staff: StaffService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register(
      { name: 'request.question', word: (message) => this.wordQuestion(message) },
      { name: 'request.answer', word: (message) => this.wordAnswer(message) },
      { name: 'request.answer-missing', word: (message) => this.wordMissing(message) },
    );
  }

  /** To the requester; where the person has no account now, at the one that asked. @param by staff member */
  async asked(request: About, lines: RequestLine[], by: string): Promise<void> {
    const author = fullName((await this.staff.membersByIds([by])).get(by));
    const accounts = await this.staff.accountsOf([request.staffMemberId]);
    const facts = {
      path: `/requests/${request.id}`,
      reference: request.reference,
      author,
      count: String(lines.length),
    };
    const id = accounts.get(request.staffMemberId) ?? request.accountId;
    await this.notifications.queue({ kind: 'account', id }, 'request.question', facts);
  }

  /** To everybody the lines wait for now. */
  async answered(request: About, lines: RequestLine[]): Promise<void> {
    const deciders = await decidersOf(this.em, lines, localDay(this.clock.now()));
    const accounts = await this.staff.accountsOf([...deciders.keys()]);
    const person = (await this.staff.membersByIds([request.staffMemberId])).get(request.staffMemberId);
    const facts = { path: `/review/${request.id}`, reference: request.reference, requester: fullName(person) };
    // In one order, as everybody who tells many people does.
    for (const id of [...accounts.values()].sort())
      await this.notifications.queue({ kind: 'account', id }, 'request.answer', facts);
  }

  /** To the requesters of requests in which an answer is missing, once each. @param expiryDay when a line is closed without it */
  async missing(missing: { requestId: string; expiryDay: string }[]): Promise<void> {
    const days = new Map<string, string>();
    for (const { requestId, expiryDay } of missing)
      if (!(days.get(requestId)! < expiryDay)) days.set(requestId, expiryDay);
    const requests = await this.em.find(
      PermissionRequest,
      { id: { $in: [...days.keys()] } },
      { disableIdentityMap: true },
    );
    const accounts = await this.staff.accountsOf(requests.map(({ staffMemberId }) => staffMemberId));
    const told = requests.map(({ id, reference, staffMemberId, accountId }) => ({
      to: { kind: 'account' as const, id: accounts.get(staffMemberId) ?? accountId },
      facts: { path: `/requests/${id}`, reference, expiryDay: days.get(id)! },
    }));
    await this.notifications.queueMany(
      'request.answer-missing',
      told.sort((one, other) => (one.to.id < other.to.id ? -1 : 1)),
    );
  }

  private wordQuestion({ facts }: Message): Wording {
    return {
      subject: 'There is a question about your request for access',
      paragraphs: [
        `${facts.author} decides about your request ${facts.reference} and asks you something first.`,
        'It waits for your answer: until then nobody decides it. Signed in, you find the question on the page of the request and answer it there.',
      ],
      action: { label: 'Read the question and answer', address: this.address(facts) },
    };
  }

  private wordAnswer({ facts }: Message): Wording {
    return {
      subject: 'A question about a request for access was answered',
      paragraphs: [
        `${facts.requester} answered the question about the request ${facts.reference}. It waits for a decision again.`,
      ],
      action: { label: 'Read it and decide', address: this.address(facts) },
    };
  }

  private wordMissing({ facts }: Message): Wording {
    return {
      subject: 'Your request for access waits for your answer',
      paragraphs: [
        `In your request ${facts.reference} whoever decides waits for your answer, to a question or to an offer of less than you asked for.`,
        `Without an answer it is closed on ${readableWeekday(facts.expiryDay!)}. If you no longer need it, withdraw it on its page.`,
      ],
      action: { label: 'Read it and answer', address: this.address(facts) },
    };
  }

  private address({ path }: Record<string, string>): string {
    return new URL(path!, this.settings.PORTAL_ORIGIN).href;
  }
}
