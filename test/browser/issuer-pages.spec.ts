import { createServer } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { type Findings, look } from '../support/camera.js';
import { passphrase } from '../support/accounts.js';
import { startIssuer, type TestIssuer } from '../support/issuer.js';
import { freePort } from '../support/ports.js';

let issuer: TestIssuer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const findings: Findings = [];

/** Stands where the portal would be. */
const portal = createServer((_, response) => response.end('the portal'));

beforeAll(async () => {
  const port = await freePort();
  await new Promise<void>((resolve) => portal.listen(port, resolve));
  issuer = await startIssuer({ PORTAL_PORT: String(port) });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await issuer?.stop();
  portal.close();
});
beforeEach(async () => {
  await issuer.sql(`delete from attempt_counter`);
  findings.length = 0;
  context = await browser.newContext();
  page = await context.newPage();
  await page.setViewportSize({ width: 1280, height: 900 });
  page.on(
    'console',
    (message) =>
      message.type() === 'error' &&
      !/status of 4\d\d/.test(message.text()) &&
      findings.push(`console: ${message.text()}`),
  );
  page.on('pageerror', (error) => findings.push(`script: ${String(error)}`));
});
afterEach(async () => {
  await context.close();
  expect(findings).toEqual([]);
});

const go = (path: string) => page.goto(issuer.origin + path);
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const link = async (address: string): Promise<string> => {
  await issuer.deliver();
  return issuer.mailbox.lastTo(address).links[0]!;
};

/** To the sign-in page, as the portal leads there. */
async function toSignIn(): Promise<void> {
  const visitor = issuer.visitor();
  await issuer.toSignIn(visitor);
  await context.addCookies([...visitor.cookies].map(([name, { value }]) => ({ name, value, url: issuer.origin })));
  await page.goto(visitor.page!.url.href);
}

async function signIn(name: string): Promise<void> {
  const visitor = await issuer.signedIn(name);
  await context.addCookies(
    [...visitor.cookies].map(([cookie, { value }]) => ({ name: cookie, value, url: issuer.origin })),
  );
}

describe('issuer pages in Chromium', () => {
  it('from registering to an account', async () => {
    await go('/');
    await look(page, 'issuer-home', findings);
    await page.getByRole('link', { name: 'Register' }).first().click();
    await look(page, 'issuer-register', findings);
    await page.getByLabel('First name').fill('Céleste');
    await page.getByLabel('Last name').fill('Arceneaux');
    await page.getByLabel('User name').fill('c');
    await page.getByLabel('Work e-mail address').fill('celeste@acadia.example.org');
    await page.getByLabel('Passphrase', { exact: true }).fill('too short');
    await press('Register');
    await look(page, 'issuer-register-faults', findings);
    expect(await page.evaluate(`document.activeElement.id`)).toBe('faults');
    expect(await page.getByLabel('First name').inputValue()).toBe('Céleste');
    await page.getByLabel('User name').fill('celeste.arceneaux');
    await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
    await page.getByLabel('Passphrase', { exact: true }).press('Enter');
    await look(page, 'issuer-register-sent', findings);
    const referrers: string[] = [];
    page.on('request', (request) => referrers.push(request.headers().referer ?? ''));
    await page.goto(await link('celeste@acadia.example.org'));
    await look(page, 'issuer-confirm', findings);
    expect(page.url()).toBe(`${issuer.origin}/confirm`);
    await press('Confirm and make my account');
    await look(page, 'issuer-confirmed', findings);
    expect(referrers.filter((referrer) => referrer.includes('token'))).toEqual([]); // RS-7
  });

  it('PW-8 signing in: a passphrase can be pasted, shown and hidden, and managers know the fields', async () => {
    await issuer.account('marie.landry');
    await toSignIn();
    await look(page, 'issuer-sign-in', findings);
    const field = page.getByLabel('Passphrase', { exact: true });
    expect([
      await field.getAttribute('autocomplete'),
      await page.getByLabel('User name or e-mail address').getAttribute('autocomplete'),
    ]).toEqual(['current-password', 'username']);
    await field.focus();
    await page.keyboard.insertText('not the passphrase');
    await press('Show passphrase');
    expect([await field.getAttribute('type'), await field.inputValue()]).toEqual(['text', 'not the passphrase']);
    await press('Hide passphrase');
    expect(await field.getAttribute('type')).toBe('password');
    await page.getByLabel('User name or e-mail address').fill('marie.landry');
    await press('Sign in');
    await look(page, 'issuer-sign-in-refused', findings);
    expect(await page.getByLabel('User name or e-mail address').inputValue()).toBe('marie.landry');
    expect(await field.inputValue()).toBe('');
  });

  it('a forgotten passphrase', async () => {
    await issuer.account('forgetful');
    await go('/forgot');
    await look(page, 'issuer-forgot', findings);
    await page.getByLabel('User name or e-mail address').fill('forgetful');
    await press('Send the link');
    await look(page, 'issuer-forgot-sent', findings);
    const address = await link('forgetful@acadia.example.org');
    await page.goto(address);
    await look(page, 'issuer-reset', findings);
    await press('Go on');
    await look(page, 'issuer-reset-passphrase', findings);
    await page.getByLabel('New passphrase').fill('correct horse battery staple');
    await press('Save the new passphrase');
    await look(page, 'issuer-reset-faults', findings);
    await page.getByLabel('New passphrase').fill('copper ladder winter thimble');
    await press('Save the new passphrase');
    await look(page, 'issuer-reset-done', findings);
    await page.goto(address);
    await look(page, 'issuer-link-unusable', findings);
  });

  it('one’s own account', async () => {
    await issuer.account('odette');
    await signIn('odette');
    await go('/account');
    await look(page, 'issuer-account', findings);
    await page.getByRole('link', { name: 'Change passphrase' }).click();
    await look(page, 'issuer-change-passphrase', findings);
    await page.getByLabel('Current passphrase').fill('wrong');
    await page.getByLabel('New passphrase').fill('copper ladder winter thimble');
    await press('Change passphrase');
    await look(page, 'issuer-change-passphrase-faults', findings);
    await page.getByLabel('Current passphrase').fill(passphrase);
    await page.getByLabel('New passphrase').fill('copper ladder winter thimble');
    await press('Change passphrase');
    await look(page, 'issuer-account-changed', findings);
    await page.getByRole('link', { name: 'Change e-mail address' }).click();
    await look(page, 'issuer-change-address', findings);
    await page.getByLabel('New work e-mail address').fill('odette@bayou.example.org');
    await page.getByLabel('Current passphrase').fill('copper ladder winter thimble');
    await press('Send the link');
    const [change, stop] = [await link('odette@bayou.example.org'), await link('odette@acadia.example.org')];
    await page.goto(change);
    await look(page, 'issuer-address', findings);
    await press('Use this address');
    await look(page, 'issuer-address-done', findings);
    await page.goto(stop);
    await look(page, 'issuer-not-me', findings);
    await press('Freeze my account');
    await look(page, 'issuer-frozen', findings);
  });

  it('SE-6 after signing out the Back button shows nothing of the account', async () => {
    await issuer.account('leaver');
    await signIn('leaver');
    await go('/account');
    expect(await page.textContent('main')).toContain('leaver@acadia.example.org');
    await press('Sign out');
    await look(page, 'issuer-signed-out', findings);
    await page.goBack(); // asks the server again, which sends a stranger to the portal
    await page.waitForURL(`${issuer.settings.PORTAL_ORIGIN}/sign-in?returnTo=account`);
    expect(await page.content()).not.toContain('leaver@acadia.example.org');
  });
});
