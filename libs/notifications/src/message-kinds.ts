import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Message, Recipient } from './message.js';

/** A message in words. Paragraphs are plain text; the HTML part is made from them, escaped. */
export interface Wording {
  /** Static text in the user's words: no names, no typed text (ML-3). */
  subject: string;
  paragraphs: string[];
  /** The one thing to do, as a button; `address` is built from the configured origin. */
  action?: { label: string; address: string };
}

/** One kind of message, registered by the lib whose news it is. */
export interface MessageKind {
  name: string;
  /**
   * Words the message. Called when it is sent, and with `forMail: false` for the list in the portal.
   * A kind that carries a secret link makes it here, only for mail, so that no token waits in a table (RS-1) and none leaves stale.
   */
  word(message: Message, context: { em: EntityManager; forMail: boolean }): Wording | Promise<Wording>;
}

/** The address a recipient has now, ASCII, checked (ML-1); undefined = nobody to write to any more. */
export type AddressBook = (
  em: EntityManager,
  recipient: Recipient,
) => Promise<{ name: string; address: string } | undefined>;

/** Kinds of messages and the address book, registered by higher libs when the app starts. */
@Injectable()
export class MessageKinds {
  private readonly kinds = new Map<string, MessageKind>();
  private book?: AddressBook;

  register(...kinds: MessageKind[]): void {
    for (const kind of kinds) {
      if (this.kinds.has(kind.name)) throw new Error(`message kind ${kind.name} is registered twice`);
      this.kinds.set(kind.name, kind);
    }
  }

  registerAddressBook(book: AddressBook): void {
    this.book = book;
  }

  named(name: string): MessageKind {
    const kind = this.kinds.get(name);
    if (!kind) throw new Error(`no message kind ${name}`);
    return kind;
  }

  addressOf: AddressBook = (em, recipient) => {
    if (!this.book) throw new Error('no address book is registered');
    return this.book(em, recipient);
  };
}
