import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, type Cut, type Listed, listedBy } from '#kernel';
import { MessageKinds, type Wording } from './message-kinds.js';
import { Message } from './message.js';

/** A message as its reader sees it in the portal. */
export interface ListedMessage extends Wording {
  id: string;
  queuedAt: Date;
  unread: boolean;
}

/** Messages on a page. */
const pageSize = 50;

/** What a person was told, newest first, worded without secret links. */
@Injectable()
export class MessageList {
  constructor(
    private readonly em: EntityManager,
    private readonly kinds: MessageKinds,
    private readonly clock: Clock,
  ) {}

  /** Messages to this account, newest first, 50 at a time. */
  async of(accountId: string, cut: Cut = {}): Promise<Listed<ListedMessage>> {
    const em = this.em.fork();
    const page = await listedBy((from, back, count) => walk(em, accountId, from, back, count), cut, pageSize);
    const found = await em.find(Message, { id: { $in: page.items.map(({ id }) => id) } });
    const byId = new Map(found.map((message) => [message.id, message]));
    const messages = page.items.flatMap(({ id }) => byId.get(id) ?? []);
    const items = await Promise.all(
      messages.map(async (message) => ({
        ...(await this.kinds.named(message.kind).word(message, { em, forMail: false })),
        id: message.id,
        queuedAt: message.queuedAt,
        unread: !message.readAt,
      })),
    );
    return { ...page, items };
  }

  /** How many messages to this account were not read yet; counted up to 100. */
  async unread(accountId: string): Promise<number> {
    const [row] = await this.em.execute<{ count: string }[]>(
      `select count(*) as count from (
           select 1 from message where recipient_kind = 'account' and recipient_id = ? and read_at is null limit 100) m`,
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

/** Ids of the next messages, newest first, along an index. @param back against the order */
async function walk(
  em: EntityManager,
  accountId: string,
  from: string | undefined,
  back: boolean,
  count: number,
): Promise<{ id: string }[]> {
  const [sign, order] = back ? ['>', 'asc'] : ['<', 'desc'];
  const beyond = `and (m.queued_at, m.id) ${sign} (select c.queued_at, c.id from message c where c.id = ?::uuid)`;
  return em.execute<{ id: string }[]>(
    `select m.id from message m where m.recipient_kind = 'account' and m.recipient_id = ? ${from === undefined ? '' : beyond}
     order by m.queued_at ${order}, m.id ${order} limit ${count}`,
    from === undefined ? [accountId] : [accountId, from],
  );
}
