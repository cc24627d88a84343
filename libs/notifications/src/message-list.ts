import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel';
import { MessageKinds, type Wording } from './message-kinds.js';
import { Message } from './message.js';

/** A message as its reader sees it in the portal. */
export interface ListedMessage extends Wording {
  id: string;
  queuedAt: Date;
  unread: boolean;
}

/** How many messages the list shows; older ones stay in the table. */
const shown = 100;

/** What a person was told, newest first, worded without secret links. */
@Injectable()
export class MessageList {
  constructor(
    private readonly em: EntityManager,
    private readonly kinds: MessageKinds,
    private readonly clock: Clock,
  ) {}

  /** Messages to this account, newest first, at most 100. */
  async of(accountId: string): Promise<ListedMessage[]> {
    const em = this.em.fork();
    const messages = await em.find(
      Message,
      { recipientKind: 'account', recipientId: accountId },
      { orderBy: { queuedAt: 'desc', id: 'asc' }, limit: shown },
    );
    return Promise.all(
      messages.map(async (message) => ({
        ...(await this.kinds.named(message.kind).word(message, { em, forMail: false })),
        id: message.id,
        queuedAt: message.queuedAt,
        unread: !message.readAt,
      })),
    );
  }

  /** How many messages to this account were not read yet. */
  async unread(accountId: string): Promise<number> {
    const [row] = await this.em.execute<{ count: string }[]>(
      `select count(*) as count from message where recipient_kind = 'account' and recipient_id = ? and read_at is null`,
      [accountId],
    );
    return Number(row?.count ?? 0);
  }

  /** Marks what was queued up to a moment as read; later messages stay unread. */
  async markRead(accountId: string, until: Date): Promise<void> {
    await this.em
      .fork()
      .execute(
        `update message set read_at = ? where recipient_kind = 'account' and recipient_id = ? and read_at is null and queued_at <= ?`,
        [this.clock.now(), accountId, until],
      );
  }
}
