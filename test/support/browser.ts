import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import packed from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Flags of the package that suit a function in a cloud: one process dies with its first context, and pages must be kept as safe as at home. */
const unwanted =
  /^--(headless|single-process|disable-web-security|allow-running-insecure-content|disable-site-isolation-trials)/;

/** A real Chromium (test/support/chromium.mjs unpacked it before the run). */
export async function startBrowser(): Promise<Browser> {
  const { EDLINK_CHROMIUM: executablePath, EDLINK_CHROMIUM_LIBRARIES: libraries } = process.env;
  if (!executablePath)
    throw new Error('No Chromium was found: install Google Chrome to run the browser tests on this platform.');
  return chromium.launch({
    executablePath,
    args: process.platform === 'linux' ? packed.args.filter((flag) => !unwanted.test(flag)) : [],
    headless: true,
    env: { ...process.env, ...(libraries && { LD_LIBRARY_PATH: libraries }) } as Record<string, string>,
  });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** Serious and critical WCAG faults axe finds on the page as it stands, one line each; empty = none. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Handed to the page by the debugger, which its Content-Security-Policy does not concern.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axeSource });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => JSON.stringify({ violations: r.violations }))`,
    awaitPromise: true,
    returnByValue: true,
  });
  const { violations } = JSON.parse(result.value as string) as AxeResult;
  return violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .flatMap((violation) =>
      violation.nodes.map(
        (node) => `${new URL(page.url()).pathname} ${violation.id}: ${node.html} — ${node.failureSummary}`,
      ),
    );
}
