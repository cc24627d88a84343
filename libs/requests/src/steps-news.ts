import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { approvalWords } from '#coordinators';
import { SETTINGS } from '#kernel';
import { MessageKinds, NotificationsService } from '#notifications';
import type { Settings } from '#settings';
import { StaffService } from '#staff';
import type { PermissionRequest, RequestLine } from './permission-request.js';
import { RequestNews } from './request-news.js';

/** Tells people that lines went on to their next step, in the verb's transaction. */
@Injectable()
export class StepsNews implements OnModuleInit {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly kinds: MessageKinds,
    private readonly catalog: CatalogService,
    private readonly staff: StaffService,
    private readonly news: RequestNews,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register({
      name: 'request.step-approved',
      word: ({ facts }) => ({
        subject: `${facts.reference}: one step is approved`,
        paragraphs: [
          `One step of your request ${facts.reference} is approved. It needs one more yes before access is given.`,
          ...Object.keys(facts)
            .filter((key) => key.startsWith('line'))
            .sort()
            .map((key) => facts[key]!),
        ],
        action: { label: 'See the request', address: `${this.settings.PORTAL_ORIGIN}/requests/${facts.id}` },
      }),
    });
  }

  /** To those who have the next step what a new request is told them, and to the requester how far it is. */
  async wentOn(request: PermissionRequest, lines: RequestLine[]): Promise<void> {
    await this.news.submitted(request, lines);
    const facts: Record<string, string> = { id: request.id, reference: request.reference };
    lines.forEach((line, at) => {
      const { permission } = this.catalog.names(line.application, line.role, line.permission);
      const next = approvalWords[line.duty ?? 'coordinator'].one;
      facts[`line${String(at).padStart(2, '0')}`] =
        `${permission}: step ${line.step - 1} of ${line.approval.length} is approved; now the ${next} decides.`;
    });
    const account = (await this.staff.accountsOf([request.staffMemberId])).get(request.staffMemberId);
    await this.notifications.queue(
      { kind: 'account', id: account ?? request.accountId },
      'request.step-approved',
      facts,
    );
  }
}
