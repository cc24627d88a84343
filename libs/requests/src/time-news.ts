import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { readableWeekday, SETTINGS } from '#kernel';
import { type Message, MessageKinds, NotificationsService, type Wording } from '#notifications';
import type { Settings } from '#settings';
import { StaffService } from '#staff';
import type { PermissionRequest } from './permission-request.js';

/** What waits for one person and is due soon. */
export interface Reminder {
  staffMemberId: string;
  requests: { id: string; reference: string }[];
  /** 'YYYY-MM-DD', the first of them. */
  dueDay: string;
}

/** Tells people what time did to requests, in the transaction of what was done. */
@Injectable()
export class TimeNews implements OnModuleInit {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly kinds: MessageKinds,
    private readonly staff: StaffService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register(
      { name: 'request.reminder', word: (message) => this.wordReminder(message) },
      { name: 'request.expired', word: (message) => this.wordExpired(message) },
    );
  }

  /** One message to each, at the account the person has now. */
  async remind(reminders: Reminder[]): Promise<void> {
    const accounts = await this.staff.accountsOf(reminders.map(({ staffMemberId }) => staffMemberId));
    const told = reminders.flatMap(({ staffMemberId, requests, dueDay }) => {
      const id = accounts.get(staffMemberId);
      const facts = {
        count: String(requests.length),
        references: listed(requests.map(({ reference }) => reference)),
        dueDay,
        path: requests.length === 1 ? `/review/${requests[0]!.id}` : '/review',
      };
      return id ? [{ to: { kind: 'account' as const, id }, facts }] : [];
    });
    await this.notifications.queueMany(
      'request.reminder',
      told.sort((one, other) => (one.to.id < other.to.id ? -1 : 1)),
    );
  }

  /** To the requester; where the person has no account now, at the one that asked. @param expiry days */
  async expired(
    {
      id,
      reference,
      staffMemberId,
      accountId,
    }: Pick<PermissionRequest, 'id' | 'reference' | 'staffMemberId' | 'accountId'>,
    expiry: number,
  ): Promise<void> {
    const account = (await this.staff.accountsOf([staffMemberId])).get(staffMemberId) ?? accountId;
    const facts = { path: `/requests/${id}`, reference, days: String(expiry) };
    await this.notifications.queue({ kind: 'account', id: account }, 'request.expired', facts);
  }

  private wordReminder({ facts }: Message): Wording {
    const one = facts.count === '1';
    return {
      subject: 'Requests for access still wait for you',
      paragraphs: [
        `${one ? 'A request' : `${facts.count} requests`} for access (${facts.references}) ${one ? 'waits' : 'wait'} for a decision${one ? ', due' : '; the first is due'} ${readableWeekday(facts.dueDay!)}.`,
        'What is not decided in time goes to the next in line too. You may still decide it then.',
      ],
      action: { label: one ? 'Read it and decide' : 'See what waits for you', address: this.address(facts) },
    };
  }

  private wordExpired({ facts }: Message): Wording {
    return {
      subject: 'Your request for access was not decided in time',
      paragraphs: [
        `Nobody decided everything in your request ${facts.reference} within ${facts.days} days, so what was still open in it is closed. You did nothing wrong, and what was approved before stays.`,
        'If you still need it, ask again. The page of the request tells whom it waited for; if you ask again, you may want to call them.',
      ],
      action: { label: 'See your request', address: this.address(facts) },
    };
  }

  private address({ path }: Record<string, string>): string {
    return new URL(path!, this.settings.PORTAL_ORIGIN).href;
  }
}

/** `R-2026-000001, R-2026-000002 and 3 more` */
const listed = (references: string[]): string =>
  references.length > 5
    ? `${references.slice(0, 4).join(', ')} and ${references.length - 4} more`
    : references.join(', ');
