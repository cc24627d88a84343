import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock, SETTINGS, seconds } from '#kernel';
import type { Settings } from '#settings';
import { MessageKinds } from '../message-kinds.js';
import { Message } from '../message.js';
import { deliverTask } from '../notifications.service.js';
import { backoff, givenUpAfter } from './backoff.js';
import { mailParts } from './mail-parts.js';
import { type Mail, MailFault, MailTransport } from './mail-transport.js';

/** Longer than wording any message takes, with the database at its slowest. */
const longestWording = seconds(15);
/** Characters; more is no mail of ours. */
const longestText = 100_000;

/** Sends one message by mail, once or more, never never. */
@Injectable()
export class DeliveryService {
  private readonly log = new Logger('mail');

  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly kinds: MessageKinds,
    private readonly transport: MailTransport,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Tries to send a message that waits; does nothing for one that does not. A try is counted before anything is sent,
   * so a mail that ends the process is counted too. Between the relay's 250 and our row lies the one window in
   * which a crash sends a mail twice, with the same Message-ID.
   */
  async deliver(messageId: string): Promise<void> {
    const em = this.em.fork();
    const attempts = await this.countTry(em, messageId);
    if (attempts === undefined) return;
    try {
      const mail = await atMost(longestWording, this.write(em, messageId));
      await this.transport.send(mail);
    } catch (fault) {
      await this.failed(em, messageId, attempts, fault as Error);
      return;
    }
    await em.execute(
      `update message set state = 'sent', sent_at = ?, last_fault = null where id = ? and state = 'waiting'`,
      [this.clock.now(), messageId],
    );
  }

  private async countTry(em: EntityManager, messageId: string): Promise<number | undefined> {
    const rows = await em.execute<{ attempts: number }[]>(
      `update message set attempts = attempts + 1 where id = ? and state = 'waiting' returning attempts`,
      [messageId],
    );
    return rows[0]?.attempts;
  }

  /** Words the message now and reads the address now, in one transaction that is over before anything is sent. */
  private write(em: EntityManager, messageId: string): Promise<Mail> {
    return em.transactional(async (inner) => {
      const message = await inner.findOneOrFail(Message, messageId, { refresh: true });
      const to = await this.kinds.addressOf(inner, { kind: message.recipientKind, id: message.recipientId });
      if (!to) throw new MailFault(true, 'there is nobody to write to any more');
      const wording = await this.kinds.named(message.kind).word(message, { em: inner, forMail: true });
      if (wording.paragraphs.join('').length > longestText)
        throw new MailFault(true, 'its text is longer than any mail');
      const { PORTAL_ORIGIN, ISSUER_ORIGIN, ESER_ORIGIN } = this.settings;
      return {
        ...mailParts(wording, [PORTAL_ORIGIN, ISSUER_ORIGIN, ESER_ORIGIN]),
        to,
        messageId: this.transport.messageIdOf(message.id),
      };
    });
  }

  private async failed(em: EntityManager, messageId: string, attempts: number, fault: Error): Promise<void> {
    const message = await em.findOneOrFail(Message, messageId, { refresh: true });
    const tooOld = this.clock.now().getTime() - message.queuedAt.getTime() >= givenUpAfter;
    const dead = tooOld || (fault instanceof MailFault && fault.final);
    const told = fault instanceof MailFault ? fault.message : `it could not be worded: ${fault.name}`;
    this.log.warn(`message ${messageId}, try ${attempts}: ${told}${dead ? '; given up' : ''}`);
    if (!(fault instanceof MailFault)) this.log.error(fault.message, fault.stack);
    await em.transactional(async (inner) => {
      const rows = await inner.execute<{ id: string }[]>(
        `update message set state = ?, last_fault = ? where id = ? and state = 'waiting' and attempts = ? returning id`,
        [dead ? 'dead' : 'waiting', told, messageId, attempts],
      );
      if (rows[0] && !dead) await this.again(inner, messageId, backoff(attempts));
    });
  }

  private async again(em: EntityManager, messageId: string, wait: number): Promise<void> {
    await em.execute(
      `select graphile_worker.add_job('${deliverTask}', json_build_object('messageId', ?::text), job_key := ?, max_attempts := 1,
         run_at := now() + ? * interval '1 millisecond')`,
      [messageId, messageId, wait],
    );
  }
}

/** What never ends must not keep a place of the worker for ever. */
function atMost<T>(time: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it took too long')), time);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
