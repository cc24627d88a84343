import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { RequestsService } from '#requests';
import { aDispute, ask, lineIdsOf, type Story, tellStory } from '../portal/story.js';
import { type PortalVisitor, startPortal, type TestPortal } from '../portal/portal.js';
import { accessibilityFaults, startBrowser } from '../support/browser.js';

/** Set to a folder to keep a picture of every page there. */
const pictures = process.env.EDLINK_PICTURES;
const sizes = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];

type Who = 'nobody' | 'newcomer' | 'teacher' | 'coordinator' | 'officer' | 'stranger';

describe('portal pages in Chromium', () => {
  let portal: TestPortal;
  let story: Story;
  let browser: Browser;
  let requestId: string;
  let decidedId: string;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    const requests = portal.app.get(RequestsService, { strict: false });
    ({ id: decidedId } = await ask(portal, story.teacher, story.school));
    const lines = await lineIdsOf(portal, decidedId);
    await requests.decide(story.coordinator.actor, decidedId, {
      version: 1,
      decisions: [
        { lineId: lines['iep-form-writer']!, verdict: 'approve' },
        {
          lineId: lines['iep-form-approver']!,
          verdict: 'reject',
          reason: 'Supervisors make forms official here. Please ask Ms. Landry, she decides who else may.',
        },
      ],
    });
    ({ id: requestId } = await ask(portal, story.teacher, story.school, {
      application: 'ser',
      role: 'ser-data',
      permissions: ['ser-data-writer', 'ser-data-reader'],
      why: 'I keep the records of our school.\nMy colleague retired in May.',
    }));
    await requests.addNote(story.teacher.actor, requestId, 'I start on Monday.');
    await ask(portal, story.stranger, story.school, { permissions: ['iep-form-writer'] });
    await aDispute(portal, story.teacher, story.newcomer);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await portal?.stop();
  });

  const visitorOf = (who: Who): Promise<PortalVisitor> =>
    who === 'nobody' ? Promise.resolve(portal.stranger()) : portal.signedIn(story[who]);

  async function contextFor(who: Who): Promise<BrowserContext> {
    const visitor = await visitorOf(who);
    const context = await browser.newContext();
    await context.addCookies([...visitor.cookies].map(([name, { value }]) => ({ name, value, url: portal.origin })));
    return context;
  }

  /** What the browser had to complain about: errors of script, and violations of the Content-Security-Policy. */
  function complaintsOf(page: Page): string[] {
    const complaints: string[] = [];
    page.on(
      'console',
      (message) =>
        message.type() === 'error' && !/status of 4\d\d/.test(message.text()) && complaints.push(message.text()),
    );
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => void (complaints.push(dialog.message()), dialog.dismiss()));
    return complaints;
  }

  const wish = (): string => `application=ser-iep-form&level=site&code=${story.school}`;
  const visits: [name: string, who: Who, path: () => string][] = [
    ['welcome', 'nobody', () => '/'],
    ['help', 'nobody', () => '/help'],
    ['signed-out', 'nobody', () => '/signed-out'],
    ['absent', 'nobody', () => '/no-such-page'],
    ['home-new', 'newcomer', () => '/'],
    ['staff-id', 'newcomer', () => '/staff-id'],
    ['new-unlinked', 'newcomer', () => '/requests/new'],
    ['notifications-empty', 'newcomer', () => '/notifications'],
    ['home', 'teacher', () => '/'],
    ['staff-id-linked', 'teacher', () => '/staff-id'],
    ['new-application', 'teacher', () => '/requests/new'],
    ['new-application-fault', 'teacher', () => '/requests/new?asked=application'],
    ['new-place', 'teacher', () => '/requests/new?application=ser-iep-form'],
    ['new-place-search', 'teacher', () => '/requests/new?application=ser-iep-form&asked=place&q=parish'],
    ['new-place-fault', 'teacher', () => '/requests/new?application=ser-iep-form&level=site&code=XXXXXX'],
    ['new-role', 'teacher', () => `/requests/new?application=ser&level=site&code=${story.school}`],
    ['new-permissions', 'teacher', () => `/requests/new?${wish()}`],
    ['new-permissions-fault', 'teacher', () => `/requests/new?${wish()}&asked=permissions`],
    ['new-check', 'teacher', () => `/requests/new?${wish()}&role=iep-form&permission=iep-form-writer`],
    [
      'new-check-elsewhere',
      'teacher',
      () =>
        `/requests/new?application=ser-iep-form&level=site&code=${story.otherSchool}&role=iep-form&permission=iep-form-writer&permission=iep-form-approver`,
    ],
    ['request', 'teacher', () => `/requests/${requestId}`],
    ['request-decided', 'teacher', () => `/requests/${decidedId}`],
    ['notifications', 'teacher', () => '/notifications'],
    ['review', 'coordinator', () => '/review'],
    ['review-request', 'coordinator', () => `/review/${requestId}`],
    ['review-empty', 'officer', () => '/review'],
    ['refused', 'teacher', () => '/review'],
    ['disputes', 'officer', () => '/state/disputes'],
  ];

  it.each(visits)(
    '%s: nothing serious for axe, no complaint of the browser, no sideways scrolling',
    async (name, who, path) => {
      const context = await contextFor(who);
      try {
        for (const size of sizes) {
          const page = await context.newPage();
          const complaints = complaintsOf(page);
          await page.setViewportSize(size);
          await page.goto(portal.origin + path());
          if (pictures) {
            mkdirSync(pictures, { recursive: true });
            await page.screenshot({ path: join(pictures, `${name}-${size.width}.png`), fullPage: true });
          }
          expect(await accessibilityFaults(page)).toEqual([]);
          expect(complaints).toEqual([]);
          expect(
            await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'),
          ).toBe(true);
          await page.close();
        }
      } finally {
        await context.close();
      }
    },
  );
});
