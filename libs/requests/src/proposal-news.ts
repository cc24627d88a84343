import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SETTINGS } from '#kernel';
import { MessageKinds, NotificationsService } from '#notifications';
import type { Settings } from '#settings';
import { StaffService } from '#staff';
import { fullName } from './request-rules.js';

/** How an entry ended, as whoever made it is told. */
const outcomes = {
  confirmed: 'confirmed it. It is a request now; somebody else decides it, because you entered it.',
  declined: 'declined it. Nothing was asked for.',
  lapsed: 'did not answer within 30 days, so it was closed. Nothing was asked for.',
};

/** Tells people about what was entered on their behalf, in the verb's transaction; who has no account sees it later. */
@Injectable()
export class ProposalNews implements OnModuleInit {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly kinds: MessageKinds,
    private readonly staff: StaffService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    const page = (id: string): string => `${this.settings.PORTAL_ORIGIN}/proposals/${id}`;
    this.kinds.register(
      {
        name: 'request.proposed',
        word: ({ facts }) => ({
          subject: 'A request was entered for you: please confirm',
          paragraphs: [
            `${facts.name}, a security coordinator, entered a request for access on your behalf. Nothing is asked for until you confirm it.`,
            'Look at it, and confirm or decline it within 30 days.',
          ],
          action: { label: 'Look at it', address: page(facts.id!) },
        }),
      },
      {
        name: 'request.proposal-withdrawn',
        word: ({ facts }) => ({
          subject: 'What was entered for you was taken back',
          paragraphs: [
            `${facts.name} took back the request for access entered on your behalf. You do not have to do anything.`,
          ],
        }),
      },
      {
        name: 'request.proposal-answered',
        word: ({ facts }) => ({
          subject: 'An answer to a request you entered for somebody',
          paragraphs: [
            `You entered a request for access for ${facts.name}, who ${outcomes[facts.outcome as 'declined']}`,
          ],
          action: { label: 'See it', address: page(facts.id!) },
        }),
      },
    );
  }

  /** To the person it is for. */
  async proposed(id: string, staffMemberId: string, by: string): Promise<void> {
    await this.tell(staffMemberId, 'request.proposed', id, by, {});
  }

  /** To the person it was for. */
  async withdrawn(id: string, staffMemberId: string, by: string): Promise<void> {
    await this.tell(staffMemberId, 'request.proposal-withdrawn', id, by, {});
  }

  /** To whoever entered it. @param about the person it was for */
  async answered(id: string, by: string, about: string, outcome: keyof typeof outcomes): Promise<void> {
    await this.tell(by, 'request.proposal-answered', id, about, { outcome });
  }

  private async tell(to: string, kind: string, id: string, about: string, more: Record<string, string>): Promise<void> {
    const account = (await this.staff.accountsOf([to])).get(to);
    if (account === undefined) return;
    const name = fullName((await this.staff.membersByIds([about])).get(about));
    await this.notifications.queue({ kind: 'account', id: account }, kind, { id, name, ...more });
  }
}
