import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { readableTime, SETTINGS } from '#kernel';
import { type Message, type MessageKind, MessageKinds, type Wording } from '#notifications';
import type { Settings } from '#settings';
import { Account } from './account.js';
import { AddressChange } from './address-change.js';
import { addressBook } from './address-book.js';
import { MailLinks } from './mail-links.js';
import type { LinkPurpose } from './mail-link.js';
import { Registration } from './registration.js';

type Context = { em: EntityManager; forMail: boolean };

const ignore = 'If this was not you, you need not do anything.';

/**
 * What accounts tell people. Mails to addresses that are not proven hold nothing anybody typed, so that nobody can be sent
 * a stranger's words; links are made when the mail is sent, and only for the mail (RS-1).
 */
@Injectable()
export class AccountMessages implements OnModuleInit {
  constructor(
    private readonly kinds: MessageKinds,
    private readonly links: MailLinks,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    const kind = (name: string, word: (message: Message, context: Context) => Promise<Wording>): MessageKind => ({
      name: `account.${name}`,
      word,
    });
    this.kinds.register(
      kind('confirm-address', this.confirmAddress),
      kind('already-registered', this.alreadyRegistered),
      kind('reset-passphrase', this.resetPassphrase),
      kind('passphrase-changed', this.passphraseChanged),
      kind('change-address', this.changeAddress),
      kind('address-asked', this.addressAsked),
      kind('address-changed', this.addressChanged),
      kind('frozen', this.frozen),
    );
    this.kinds.registerAddressBook(addressBook);
  }

  private confirmAddress = async (message: Message, { em, forMail }: Context): Promise<Wording> => {
    const registration = await em.findOneOrFail(Registration, { id: message.recipientId });
    return {
      subject: 'Confirm your e-mail address',
      paragraphs: [
        'Somebody registered for EdLink Security with this e-mail address.',
        'If it was you, confirm the address; then you can sign in. The link works once, within 24 hours.',
        'If it was not you, do not open the link. Without it no account is made.',
      ],
      action: forMail
        ? {
            label: 'Confirm this address',
            address: await this.links.make(em, 'confirm-address', {
              registrationId: registration.id,
              email: registration.email,
              emailVersion: 1,
              passwordVersion: 1,
            }),
          }
        : undefined,
    };
  };

  private alreadyRegistered = async (): Promise<Wording> => ({
    subject: 'You have an account already',
    paragraphs: [
      'Somebody, perhaps you, used this e-mail address for an EdLink Security account. There is one with it already, and it was not changed.',
      'Sign in with this e-mail address; it works in place of the user name. If you forgot the passphrase, set a new one.',
      ignore,
    ],
    action: { label: 'Set a new passphrase', address: `${this.settings.ISSUER_ORIGIN}/forgot` },
  });

  private resetPassphrase = async (message: Message, { em, forMail }: Context): Promise<Wording> => {
    const account = await em.findOneOrFail(Account, { id: message.recipientId });
    const subject = 'Set a new passphrase';
    if (account.status !== 'active') {
      return {
        subject,
        paragraphs: [
          'Somebody, perhaps you, asked for a new passphrase for your EdLink Security account.',
          'Your account is closed at the moment, so a new passphrase would not open it. Ask the help desk of your school system.',
        ],
      };
    }
    const link = forMail ? await this.link(em, 'reset-passphrase', account) : undefined;
    return {
      subject,
      paragraphs: [
        'Somebody, perhaps you, asked for a new passphrase for your EdLink Security account.',
        `${forMail ? 'The link' : 'The link in the mail'} works once, within 30 minutes. It does not sign you in: it lets you set a new passphrase.`,
        `${ignore} Your passphrase stays as it is.`,
      ],
      action: link ? { label: 'Set a new passphrase', address: link } : undefined,
    };
  };

  private passphraseChanged = async (message: Message, { em, forMail }: Context): Promise<Wording> => {
    const account = await em.findOneOrFail(Account, { id: message.recipientId });
    return {
      subject: 'Your passphrase was changed',
      paragraphs: [
        `The passphrase of your EdLink Security account was changed on ${readableTime(message.queuedAt)}. Everywhere else you were signed out.`,
        'If it was you, all is well.',
        forMail
          ? notMeLine
          : 'If it was not you, open the link in the mail we sent you about it. It freezes the account at once.',
      ],
      action: forMail ? await this.notMe(em, account) : undefined,
    };
  };

  private changeAddress = async (message: Message, { em }: Context): Promise<Wording> => {
    const change = await em.findOneOrFail(AddressChange, { id: message.recipientId }, { populate: ['account'] });
    const { account } = change;
    return {
      subject: 'Confirm your new e-mail address',
      paragraphs: [
        'Somebody wants to use this e-mail address for an EdLink Security account.',
        'If it was you, confirm the address. The link works once, within 24 hours.',
        'If it was not you, do not open the link. Nothing is changed without it.',
      ],
      action: {
        label: 'Confirm this address',
        address: await this.links.make(em, 'change-address', {
          accountId: account.id,
          addressChangeId: change.id,
          email: change.newEmail,
          emailVersion: change.emailVersion,
          passwordVersion: account.passwordVersion,
        }),
      },
    };
  };

  private addressAsked = async (message: Message, { em }: Context): Promise<Wording> => {
    const change = await em.findOneOrFail(AddressChange, { id: message.recipientId }, { populate: ['account'] });
    return {
      subject: 'Somebody asked to change your e-mail address',
      paragraphs: [
        `On ${readableTime(change.askedAt)} somebody who was signed in asked to use another e-mail address for your EdLink Security account. It is not changed yet.`,
        'If it was you, open the mail at the new address.',
        notMeLine,
      ],
      action: await this.notMe(em, change.account, change.oldEmail),
    };
  };

  private addressChanged = async (message: Message, { em, forMail }: Context): Promise<Wording> => {
    const subject = 'Your e-mail address was changed';
    if (message.recipientKind === 'account')
      return { subject, paragraphs: ['From now on mails of your EdLink Security account come to this address.'] };
    const change = await em.findOneOrFail(AddressChange, { id: message.recipientId }, { populate: ['account'] });
    return {
      subject,
      paragraphs: [
        'Your EdLink Security account now uses another e-mail address. This is the last mail to this one.',
        'If it was you, all is well.',
        notMeLine,
      ],
      action: forMail ? await this.notMe(em, change.account, change.oldEmail) : undefined,
    };
  };

  private frozen = async (): Promise<Wording> => ({
    subject: 'Your account is frozen',
    paragraphs: [
      'You told us that a change of your EdLink Security account was not yours. Nobody can sign in to it now, and everybody was signed out.',
      'Ask the help desk of your school system to open it again; they will make sure that it is you.',
    ],
  });

  private async notMe(
    em: EntityManager,
    account: Account,
    email = account.email,
  ): Promise<NonNullable<Wording['action']>> {
    return { label: 'This was not me', address: await this.link(em, 'not-me', account, email) };
  }

  private link(em: EntityManager, purpose: LinkPurpose, account: Account, email = account.email): Promise<string> {
    return this.links.make(em, purpose, {
      accountId: account.id,
      email,
      emailVersion: account.emailVersion,
      passwordVersion: account.passwordVersion,
    });
  }
}

const notMeLine =
  'If it was not you, open the link. It freezes the account at once, so that nobody can use it. The link works for 7 days.';
