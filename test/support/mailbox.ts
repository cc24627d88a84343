import type { Override } from '#kernel';
import type { Settings } from '#settings';
import { createWorker } from '../../apps/jobs/src/create-worker.js';
import { readMail, type ReceivedMail, startSmtpReceiver } from '../../apps/local/src/mailbox/smtp-receiver.js';

export type { ReceivedMail };

/**
 * How the mailbox treats what comes: `accept`; `refuse-later` 451 to the recipient; `refuse` 550 to the recipient;
 * `discard` 250, then nothing; `hang-up` takes the mail and drops the connection instead of answering;
 * `stall-greeting` and `stall-data` never answer.
 */
export type MailboxMode =
  'accept' | 'refuse-later' | 'refuse' | 'discard' | 'hang-up' | 'stall-greeting' | 'stall-data';

export interface TestMailbox {
  smtpUrl: string;
  port: number;
  mode: MailboxMode;
  /** Mails that arrived, oldest first; each repetition is one more. */
  mails(): ReceivedMail[];
  /** The newest mail to an address, or an error that says what there is. */
  lastTo(address: string): ReceivedMail;
  /** Waits for a mail that passes. */
  waitFor(passes: (mail: ReceivedMail) => boolean, within?: number): Promise<ReceivedMail>;
  clear(): void;
  /** Closes the port: connections are refused. */
  close(): Promise<void>;
  /** Opens the same port again. */
  open(): Promise<void>;
  stop(): Promise<void>;
}

const answerWith = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code });

/**
 * A real SMTP server on a loopback port of its own.
 * @param options `delay`: milliseconds between a mail and the answer to it
 */
export async function startTestMailbox(options: { delay?: number } = {}): Promise<TestMailbox> {
  const received: ReceivedMail[] = [];
  let receiver: Awaited<ReturnType<typeof startSmtpReceiver>> | undefined;
  const start = (port?: number) =>
    startSmtpReceiver(
      async (source, recipients) => {
        if (mailbox.mode === 'stall-data') await new Promise(() => undefined);
        if (mailbox.mode !== 'discard') received.push(await readMail(source, recipients, new Date()));
        if (options.delay) await new Promise((resolve) => setTimeout(resolve, options.delay));
        if (mailbox.mode === 'hang-up') await new Promise(() => hangUp());
      },
      {
        port,
        onConnect: (_session, answer) => void (mailbox.mode === 'stall-greeting' || answer()),
        onRcptTo: (_address, _session, answer) => {
          if (mailbox.mode === 'refuse-later') answer(answerWith(451, 'try later'));
          else if (mailbox.mode === 'refuse') answer(answerWith(550, 'no such mailbox'));
          else answer();
        },
      },
    );
  const hangUp = (): void => receiver?.dropConnections();
  receiver = await start();
  const { port } = receiver;
  const mailbox: TestMailbox = {
    smtpUrl: receiver.url,
    port,
    mode: 'accept',
    mails: () => [...received],
    lastTo: (address) => {
      const mail = received.findLast((one) => one.recipients.includes(address));
      if (!mail)
        throw new Error(
          `no mail to ${address}; there is mail to: ${received.map((one) => one.recipients.join()).join(' | ') || 'nobody'}`,
        );
      return mail;
    },
    waitFor: async (passes, within = 10_000) => {
      for (const end = Date.now() + within; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
        const mail = received.find(passes);
        if (mail) return mail;
        if (Date.now() > end)
          throw new Error(
            `no such mail came within ${within} ms; subjects: ${received.map((one) => one.subject).join(' | ') || 'none'}`,
          );
      }
    },
    clear: () => void received.splice(0),
    close: async () => {
      await receiver?.stop();
      receiver = undefined;
    },
    open: async () => void (receiver ??= await start(port)),
    stop: () => mailbox.close(),
  };
  return mailbox;
}

/** Sends every mail that is due in this database, and ends the worker again. */
export async function deliverAll(settings: Settings, override: Override = {}): Promise<void> {
  const worker = await createWorker(settings, override);
  try {
    await worker.runOnce();
  } finally {
    await worker.stop();
  }
}
