import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Browser } from 'playwright-core';
import { AccountsService } from '#accounts';
import { systemActor } from '#kernel';
import { createIssuer } from '../../apps/issuer/src/create.js';
import { createPortal } from '../../apps/portal/src/create.js';
import { startBrowser } from '../support/browser.js';
import { freshDatabase } from '../support/database.js';
import { freePort } from '../support/ports.js';
import { testSettings } from '../support/settings.js';

const passphrase = 'violet harbor trumpet mosaic';

describe('portal and issuer in Chromium', () => {
  const running: NestExpressApplication[] = [];
  let drop: () => Promise<void>;
  let browser: Browser;
  let portal: string;
  let issuer: string;

  beforeAll(async () => {
    const database = await freshDatabase();
    drop = database.drop;
    const [portalPort, issuerPort] = [await freePort(), await freePort()];
    const settings = testSettings(database.url, { PORTAL_PORT: String(portalPort), ISSUER_PORT: String(issuerPort) });
    running.push(await createPortal(settings), await createIssuer(settings));
    await running[0]!.listen(portalPort);
    await running[1]!.listen(issuerPort);
    [portal, issuer] = [settings.PORTAL_ORIGIN, settings.ISSUER_ORIGIN];
    const account = { userName: 'odile', firstName: 'Odile', lastName: 'Guidry', email: 'odile@school.example.org' };
    await running[0]!.get(AccountsService, { strict: false }).add(systemActor, { ...account, passphrase });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    for (const app of running) await app.close();
    await drop?.();
  });

  it('SE-6 WB-2 a person signs in and out, and no policy of the pages stands in the way', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(portal);
    await page.click('main >> text=Sign in');
    await page.waitForURL(`${issuer}/**`);
    await page.fill('[name=name]', 'odile');
    await page.fill('[name=passphrase]', passphrase);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${portal}/`);
    expect(await page.textContent('main')).toContain('Odile Guidry');

    await page.click('header >> text=Sign out');
    await page.waitForURL(/signed-out|\/oidc\//);
    if (page.url().startsWith(issuer)) await page.locator('main button[type=submit]').first().click();
    await page.waitForURL(`${portal}/signed-out**`);
    await page.goto(portal);
    expect(await page.textContent('body')).not.toContain('Odile');
    await page.click('main >> text=Sign in');
    await page.locator('[name=passphrase]').waitFor();
    expect(complaints).toEqual([]);
  });
});
