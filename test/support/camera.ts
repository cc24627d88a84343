import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { accessibilityFaults } from './browser.js';

/** Where pictures of pages go; unset, none are taken. */
const folder = process.env.EDLINK_PICTURES;

/** What axe found on the pages looked at, one line each. */
export type Findings = string[];

/**
 * Looks at the page as it stands: axe, that nothing is wider than a phone, and (on request) a picture at both widths.
 * Leaves the window at desktop width.
 */
export async function look(page: Page, name: string, findings: Findings): Promise<void> {
  findings.push(...(await accessibilityFaults(page)).map((fault) => `${name}: ${fault}`));
  for (const [size, width, height] of [
    ['phone', 390, 844],
    ['desktop', 1280, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    const wide = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    if (wide > 0) findings.push(`${name}: ${wide} px wider than a ${size}`);
    if (folder) {
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}-${size}.png`), fullPage: true });
    }
  }
}
