import type { Socket } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as it arrived. */
export interface ReceivedMail {
  /** Who the relay was told to bring it to (RCPT TO), which is what counts. */
  recipients: string[];
  from: string;
  /** The To header, as a mail program shows it. */
  to: string;
  subject: string;
  messageId: string;
  text: string;
  html: string;
  /** Addresses of links in the HTML part, in their order, each once. */
  links: string[];
  receivedAt: Date;
  /** All of it, headers and parts, as bytes that came in. */
  source: string;
}

/**
 * Reads a mail.
 * @param source headers and body
 * @param recipients from the envelope
 */
export async function readMail(source: Buffer, recipients: string[], receivedAt: Date): Promise<ReceivedMail> {
  const mail = await simpleParser(source, { skipTextLinks: true, skipImageLinks: true });
  const html = mail.html || '';
  const found = [...html.matchAll(/href="([^"]*)"/g)].map((match) => unescaped(match[1]!));
  const to = Array.isArray(mail.to) ? mail.to.map((one) => one.text).join(', ') : (mail.to?.text ?? '');
  return {
    recipients,
    from: mail.from?.text ?? '',
    to,
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    text: mail.text ?? '',
    html,
    links: [...new Set(found)],
    receivedAt,
    source: source.toString('utf8'),
  };
}

const unescaped = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replaceAll('&amp;', '&');

export interface SmtpReceiver {
  url: string;
  port: number;
  /** Cuts every open connection, without a word. */
  dropConnections(): void;
  stop(): Promise<void>;
}

/**
 * A real SMTP server on loopback that takes every mail.
 * @param taken called with each mail before it is answered with 250
 * @param options further settings of smtp-server
 */
export async function startSmtpReceiver(
  taken: (source: Buffer, recipients: string[]) => Promise<void> | void,
  options: SMTPServerOptions & { port?: number } = {},
): Promise<SmtpReceiver> {
  const { port: wanted = 0, ...rest } = options;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    size: 10 * 1024 * 1024,
    onData(stream, session, answer) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const recipients = session.envelope.rcptTo.map((recipient) => recipient.address);
        Promise.resolve(taken(Buffer.concat(chunks), recipients)).then(() => answer(), answer);
      });
    },
    ...rest,
  });
  server.on('error', () => undefined); // a client that hangs up is no event for us
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => resolve());
  });
  const { port } = server.server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    dropConnections: () => sockets.forEach((socket) => socket.destroy()),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
