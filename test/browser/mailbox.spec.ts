import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { mailParts } from '../../libs/notifications/src/delivery/mail-parts.js';
import { type Mailbox, startMailbox } from '../../apps/local/src/mailbox/start-mailbox.js';
import { startBrowser } from '../support/browser.js';
import { type Findings, look } from '../support/camera.js';
import { freePort } from '../support/ports.js';
import { sendBySmtp } from '../support/smtp.js';

describe('the mailbox in a browser', () => {
  let browser: Browser;
  let mailbox: Mailbox;
  let directory: string;
  let origin: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'edlink-mailbox-'));
    const webPort = await freePort();
    origin = `http://localhost:${webPort}`;
    [browser, mailbox] = await Promise.all([startBrowser(), startMailbox({ directory, webPort })]);
  });
  afterAll(async () => {
    await browser?.close();
    await mailbox?.stop();
    rmSync(directory, { recursive: true });
  });

  it('shows what arrived, its links and its HTML part, and no page has a serious fault', async () => {
    const findings: Findings = [];
    const page = await browser.newPage();
    await page.goto(origin);
    await look(page, 'mailbox-empty', findings);
    const action = { label: 'Open the request', address: `${origin}/somewhere` };
    const { subject, text, html } = mailParts(
      { subject: 'A request waits for you', paragraphs: ['Camille Doucet asks for IEP Form Writer.'], action },
      [origin],
    );
    const parts = [
      `Subject: ${subject}`,
      'To: a@acadia.example',
      'MIME-Version: 1.0',
      'Content-Type: multipart/alternative; boundary=edge',
      '',
    ];
    for (const [type, body] of Object.entries({ plain: text, html }))
      parts.push('--edge', `Content-Type: text/${type}; charset=utf-8`, '', body);
    await sendBySmtp(mailbox.smtpUrl, 'a@acadia.example', [...parts, '--edge--'].join('\n').replaceAll('\n', '\r\n'));
    await page.reload();
    await look(page, 'mailbox-list', findings);
    await page.getByRole('link', { name: subject }).click();
    expect(await page.locator('pre').innerText()).toContain('Camille Doucet asks for IEP Form Writer.');
    const part = page.frameLocator('iframe');
    expect(await part.getByText('Camille Doucet').innerText()).toContain('IEP Form Writer');
    await look(page, 'mailbox-mail', findings);
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      part.getByRole('link', { name: 'Open the request' }).click(),
    ]);
    await opened.waitForLoadState();
    expect(opened.url()).toBe(action.address);
    await page.getByRole('link', { name: action.address }).click();
    expect(page.url()).toBe(action.address);
    expect(findings).toEqual([]);
  });
});
