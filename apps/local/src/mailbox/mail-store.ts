import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMail, type ReceivedMail } from './smtp-receiver.js';

/** Mails kept; the oldest go. */
const kept = 500;

export type StoredMail = ReceivedMail & { id: string };

/** Mails of a local system, one file each: `<milliseconds>-<random>.eml`, the envelope in a header of its own. */
export class MailStore {
  private constructor(
    private readonly directory: string,
    private readonly mails: StoredMail[],
  ) {}

  /** Opens the folder, making it where it is absent. */
  static async open(directory: string): Promise<MailStore> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const store = new MailStore(directory, []);
    const names = readdirSync(directory).filter((name) => /^\d+-[0-9a-f]+\.eml$/.test(name));
    for (const name of names.sort()) store.mails.push(await store.read(name.slice(0, -4)));
    store.trim();
    return store;
  }

  /** Newest first. */
  list(): StoredMail[] {
    return [...this.mails].reverse();
  }

  find(id: string): StoredMail | undefined {
    return this.mails.find((mail) => mail.id === id);
  }

  async add(source: Buffer, recipients: string[]): Promise<void> {
    const id = `${Date.now()}-${randomBytes(4).toString('hex')}`;
    const envelope = Buffer.from(`X-Envelope-To: ${recipients.join(' ')}\r\n`);
    writeFileSync(join(this.directory, `${id}.eml`), Buffer.concat([envelope, source]), { mode: 0o600 });
    this.mails.push(await this.read(id));
    this.trim();
  }

  private async read(id: string): Promise<StoredMail> {
    const whole = readFileSync(join(this.directory, `${id}.eml`));
    const end = whole.indexOf('\r\n');
    const recipients = whole.subarray('X-Envelope-To: '.length, end).toString().split(' ');
    return { id, ...(await readMail(whole.subarray(end + 2), recipients, new Date(Number(id.split('-')[0])))) };
  }

  private trim(): void {
    for (const old of this.mails.splice(0, Math.max(this.mails.length - kept, 0)))
      rmSync(join(this.directory, `${old.id}.eml`), { force: true });
  }
}
