import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mailbox, startMailbox } from '../../apps/local/src/mailbox/start-mailbox.js';
import { freePort } from '../support/ports.js';
import { sendBySmtp } from '../support/smtp.js';

const hostile = [
  'Subject: <script>alert(1)</script>',
  'From: "<img src=x onerror=alert(2)>" <no-reply@edlink.example>',
  'To: b@acadia.example',
  'Message-ID: <1@edlink.example>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/alternative; boundary=x',
  '',
  '--x',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Text with <b>tags</b> & signs',
  '--x',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Hello</p><script>alert(3)</script><a href="http://localhost:3000/x?a=1&amp;b=2">Go</a><a href="javascript:alert(4)">no</a>',
  '--x--',
].join('\r\n');

describe('local mailbox', () => {
  let directory: string;
  let webPort: number;
  let mailbox: Mailbox;

  beforeAll(async () => {
    directory = join(mkdtempSync(join(tmpdir(), 'edlink-mailbox-')), 'mail');
    webPort = await freePort();
    mailbox = await startMailbox({ directory, webPort });
  });
  afterAll(async () => {
    await mailbox?.stop();
    rmSync(join(directory, '..'), { recursive: true });
  });

  const open = (
    path: string,
    host = `localhost:${webPort}`,
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> =>
    new Promise((resolve, reject) => {
      get({ port: webPort, host: 'localhost', path, headers: { host } }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (text: string) => (body += text));
        answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body }));
      }).on('error', reject);
    });
  const pathsOf = (page: string): string[] => [...page.matchAll(/href="(\/mails\/[^"]+)"/g)].map((match) => match[1]!);

  it('says what to do while there is no mail', async () => {
    const { status, body } = await open('/');
    expect(status).toBe(200);
    expect(body).toContain('No mail yet.');
  });

  it('lists mails, newest first', async () => {
    for (const number of [1, 2, 3])
      await sendBySmtp(mailbox.smtpUrl, 'a@acadia.example', `Subject: Number ${number}\r\n\r\nHello`);
    const { body } = await open('/');
    expect([...body.matchAll(/>Number (\d)</g)].map((match) => match[1])).toEqual(['3', '2', '1']);
  });

  it('shows a hostile mail as text, its HTML part without scripts in a frame of its own', async () => {
    await sendBySmtp(mailbox.smtpUrl, 'b@acadia.example', hostile);
    const list = (await open('/')).body;
    expect(list).not.toContain('<script>alert');
    const path = pathsOf(list)[0]!;
    const { body, headers } = await open(path);
    expect(body).not.toMatch(/<script>alert|<img src=x|<b>tags/);
    expect(body).toContain('Text with &lt;b>tags');
    expect(body).toContain('href="http://localhost:3000/x?a=1&amp;b=2"');
    expect(body).not.toContain('href="javascript:');
    expect(body).toMatch(/<iframe[^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    const part = await open(`${path}/html`);
    expect(part.body).toContain('<p>Hello</p>');
    expect(part.headers['content-security-policy']).toMatch(/^sandbox [^;]*; default-src 'none'/);
    expect(part.headers['content-security-policy']).not.toContain('allow-scripts');
  });

  it('says so when there is no such mail', async () => {
    for (const path of ['/mails/none', '/mails/none/html', '/mails/..%2f..%2fetc', '/other'])
      expect((await open(path)).status).toBe(404);
  });

  it('answers to its own name only', async () => {
    expect((await open('/', 'evil.test')).status).toBe(421);
    expect((await open('/', `localhost.evil.test:${webPort}`)).status).toBe(421);
  });

  it('keeps mails over a restart, in files that others cannot read', async () => {
    const before = pathsOf((await open('/')).body);
    await mailbox.stop();
    mailbox = await startMailbox({ directory, webPort });
    expect(pathsOf((await open('/')).body)).toEqual(before);
    const { body } = await open(before[0]!);
    expect(body).toContain('b@acadia.example');
    for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
  });
});
