import type { Browser, Page } from 'playwright-core';
import { newId } from '#kernel';
import { RequestProposals, RequestQueries, RequestsService } from '#requests';
import { startPortal, type TestPortal } from '../portal/portal.js';
import { ask, type Story, tellStory } from '../portal/story.js';
import { startBrowser } from '../support/browser.js';
import { type Findings, look } from '../support/camera.js';
import { aDutyHolder, approvedBy } from '../support/duties.js';

describe('pages of steps and of requests entered for others in Chromium', () => {
  let portal: TestPortal;
  let story: Story;
  let browser: Browser;
  let visits: [name: string, who: { accountId: string }, path: string][];
  const findings: Findings = [];

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    const get = <Service>(service: new (...parts: never[]) => Service): Service =>
      portal.app.get(service, { strict: false });
    approvedBy(portal.app, 'canopy', 'special-education-supervisor', 'coordinator');
    const first = await aDutyHolder(portal.em, { system: story.system });
    await aDutyHolder(portal.em, { duty: 'application-owner', application: 'ser', firstName: 'Otis' });
    const learner = { application: 'canopy', role: 'canopy-learning', permissions: ['learner'] };
    const { id } = await ask(portal, story.teacher, story.school, learner);
    const { version, lines } = await get(RequestQueries).view(first.actor, id);
    const decisions = [{ lineId: lines[0]!.id, verdict: 'approve' as const }];
    await get(RequestsService).decide(first.actor, id, { version, decisions });
    const entered = (permission: string): Promise<string> =>
      get(RequestProposals).propose(story.coordinator.actor, {
        staffId: story.teacher.staffId,
        wishes: [
          {
            application: 'ser',
            role: 'ser-data',
            permissions: [permission],
            location: { level: 'site', code: story.school },
          },
        ],
        why: 'Starts on Monday.',
        formKey: newId(),
      });
    const [open, declined] = [await entered('ser-data-reader'), await entered('ser-data-writer')];
    await get(RequestProposals).decline(story.teacher.actor, declined, 'I only read.');
    visits = [
      ['entries', story.coordinator, '/proposals'],
      ['entries-empty', story.otherCoordinator, '/proposals'],
      ['enter', story.coordinator, `/proposals/new?staffId=${story.teacher.staffId}`],
      ['enter-unknown', story.coordinator, '/proposals/new?staffId=12'],
      ['entered', story.coordinator, `/proposals/${open}`],
      ['declined', story.coordinator, `/proposals/${declined}`],
      ['confirm', story.teacher, `/proposals/${open}`],
      ['home', story.teacher, '/'],
      ['duties-office', story.officer, '/duties'],
      ['duties-head', story.head, '/duties'],
      ['request', story.teacher, `/requests/${id}`],
      ['review', story.coordinator, `/review/${id}`],
      ['review-passed', first, `/review/${id}`],
    ];
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await portal?.stop();
  });

  async function pageOf(who: { accountId: string }): Promise<Page> {
    const visitor = await portal.signedIn(who);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    await context.addCookies([...visitor.cookies].map(([name, { value }]) => ({ name, value, url: portal.origin })));
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (fault) => findings.push(`${page.url()}: ${fault.message}`));
    return page;
  }

  it('WB-4 are fit for axe and for a phone', async () => {
    const windows = new Map<string, Page>();
    for (const [name, who, path] of visits) {
      const page = windows.get(who.accountId) ?? (await pageOf(who));
      windows.set(who.accountId, page);
      await page.goto(portal.origin + path);
      await look(page, `steps-${name}`, findings);
    }
    expect(findings).toEqual([]);
  });
});
