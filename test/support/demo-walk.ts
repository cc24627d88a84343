import type { Browser, Locator, Page } from 'playwright-core';
import { loadDemo } from '../../apps/local/src/demo/load-demo.js';
import { days } from '#kernel';
import { startBrowser } from './browser.js';
import { type Findings, look } from './camera.js';
import { MovableClock } from './clock.js';
import type { ReceivedMail } from './mailbox.js';
import { startTestSystem, type TestSystem } from './system.js';

/** The whole system with the people and places of the demonstration, and windows of a real browser to walk it in. */
export interface DemoWalk {
  system: TestSystem;
  portal: string;
  /** The passphrase of every invented person. */
  passphrase: string;
  /** A window with cookies of its own. Addresses without a host are the portal's. */
  window(): Promise<Page>;
  /** The window of an invented person, who signed in at the issuer the first time. */
  as(userName: string): Promise<Page>;
  /** The mail an invented person got, or gets in a moment, with these words in it. */
  mailTo(userName: string, words: RegExp): Promise<ReceivedMail>;
  /** Days go by. Everybody was signed out meanwhile. */
  later(count: number): Promise<void>;
  /** Looks at the page with axe and at the width of a phone; what is wrong is kept for `faults`. */
  look(page: Page, name: string): Promise<void>;
  /** What was wrong with the pages so far: accessibility, width, scripts that failed, what their own policy blocked. */
  faults(): string[];
  stop(): Promise<void>;
}

/** Starts all of it; stop it in `afterAll`. */
export async function walkTheDemo(): Promise<DemoWalk> {
  const passphrase = 'lantern kettle otter saddle';
  const browser = await startBrowser();
  const clock = new MovableClock();
  const system = await startTestSystem({ clock, prepare: (settings) => loadDemo(settings, passphrase, () => {}) });
  const portal = system.settings.PORTAL_ORIGIN;
  const findings: Findings = [];
  const blocked: string[] = [];
  const windows = new Map<string, Page>();
  const window = (): Promise<Page> => openWindow(browser, portal, blocked);
  return {
    system,
    portal,
    passphrase,
    window,
    as: async (userName) => {
      const known = windows.get(userName);
      if (known) return known;
      const page = await window();
      windows.set(userName, page);
      await page.goto('/sign-in');
      await signIn(page, userName, passphrase);
      return page;
    },
    mailTo: (userName, words) =>
      system.mailbox.waitFor((mail) => mail.to.includes(`${userName}@schools.example`) && words.test(mail.text)),
    later: async (count) => {
      clock.advance(days(count));
      await Promise.all([...windows.values()].map((page) => page.context().close()));
      windows.clear();
    },
    look: (page, name) => look(page, name, findings),
    faults: () => [...findings, ...blocked],
    stop: async () => {
      await browser.close();
      await system.stop();
    },
  };
}

async function openWindow(browser: Browser, baseURL: string, blocked: string[]): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, baseURL });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on(
    'console',
    (message) =>
      message.type() === 'error' &&
      /Content.Security.Policy/i.test(message.text()) &&
      blocked.push(`${page.url()}: ${message.text()}`),
  );
  page.on('pageerror', (error) => blocked.push(`${page.url()}: ${error.message}`));
  return page;
}

/** Fills in the issuer's page. */
export async function signIn(page: Page, name: string, passphrase: string): Promise<void> {
  await page.getByLabel('User name or e-mail address').fill(name);
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await press(page, 'Sign in');
}

export const press = (page: Page | Locator, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click();

export const follow = (page: Page | Locator, name: string | RegExp): Promise<void> =>
  page.getByRole('link', { name }).first().click();

/** USWDS draws a choice as its label; the input itself is out of sight. */
export const choose = (page: Page | Locator, label: string): Promise<void> =>
  page.locator('label', { hasText: new RegExp(`^${label}`) }).click();

export const heading = async (page: Page): Promise<string> =>
  (await page.getByRole('heading', { level: 1 }).innerText()).trim();

/** What a person reads on the page, without header and footer. */
export const text = (page: Page): Promise<string> => page.locator('main').innerText();

/** On the page of a request: approves all that waits there. */
export async function approveRequest(page: Page): Promise<void> {
  for (const label of await page.locator('label', { hasText: /^Approve$/ }).all()) await label.click();
  await press(page, 'Save decision');
}
