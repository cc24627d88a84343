import { Inject, Injectable } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { isPersonName, seconds, SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import type { MailParts } from './mail-parts.js';

/** Why a mail did not leave. `final`: this recipient or mail will never be taken; otherwise trying later may help. */
export class MailFault extends Error {
  constructor(
    readonly final: boolean,
    message: string,
  ) {
    super(message);
  }
}

export interface Mail extends MailParts {
  /** Stays the same however often the mail is sent, so that a mailbox can tell a repetition. */
  messageId: string;
  to: { name: string; address: string };
}

/** One ASCII address and nothing that a parser could take for two (ML-1). */
const plainAddress = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** A mail that moves slower than this is given up: a relay that drips bytes must not keep a worker. */
const deadline = seconds(35);

/** The relay. The only place that knows nodemailer. */
@Injectable()
export class MailTransport {
  private readonly transport: Transporter;
  private readonly from: string;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.from = settings.MAIL_FROM;
    this.transport = createTransport(relayOptions(settings.SMTP_URL));
  }

  /** `<id@host>`, where host is the sender's. */
  messageIdOf = (id: string): string => `<${id}@${this.from.slice(this.from.lastIndexOf('@') + 1)}>`;

  /**
   * Hands one mail to the relay; resolves when the relay said 250 to all of it.
   * @throws MailFault
   */
  async send(mail: Mail): Promise<void> {
    const { address } = mail.to;
    if (!plainAddress.test(address) || address.length > 254)
      throw new MailFault(true, 'the address is not one plain address');
    try {
      await this.transport.sendMail({
        // Objects, and no envelope: nodemailer would parse texts once more and find other recipients in them (ML-1).
        from: { name: 'EdLink Security', address: this.from },
        to: { name: isPersonName(mail.to.name) ? mail.to.name.slice(0, 60) : '', address },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        messageId: mail.messageId,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: AbortSignal.timeout(deadline),
      });
    } catch (fault) {
      throw asMailFault(fault as SmtpFault);
    }
  }
}

const loopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127\./.test(host);

function relayOptions(address: string) {
  const url = new URL(address);
  const secure = url.protocol === 'smtps:';
  const name = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !loopback(url.hostname),
    ignoreTLS: !secure && loopback(url.hostname),
    ...(name && { auth: { user: name, pass: decodeURIComponent(url.password) } }),
    // The defaults are 2 minutes, 30 seconds, 10 minutes and 30 seconds: one silent relay would hold every worker (ML-4).
    connectionTimeout: seconds(5),
    greetingTimeout: seconds(5),
    socketTimeout: seconds(30),
    dnsTimeout: seconds(5),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

interface SmtpFault extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
}

/**
 * 5xx to the recipient or the mail itself is final. 5xx before that (sign-in at the relay, its greeting, the sender)
 * tells of the relay's state or of our settings; those mails wait until somebody mends it.
 */
function asMailFault(fault: SmtpFault): MailFault {
  const ours = ['RCPT TO', 'DATA'].includes(fault.command ?? '');
  const final = ours && (fault.responseCode ?? 0) >= 500;
  const said = fault.responseCode
    ? `the relay answered ${fault.responseCode} to ${fault.command ?? 'us'}`
    : `${fault.code ?? fault.name}: ${fault.message}`;
  return new MailFault(final, said.replace(/\p{Cc}+/gu, ' ').slice(0, 300));
}
