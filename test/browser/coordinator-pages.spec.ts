import type { Browser, Page } from 'playwright-core';
import { CoverService, DesignationService, HeadsService } from '#coordinators';
import { localDay, newId, systemActor } from '#kernel';
import { RequestSuggestions } from '#requests';
import { startPortal, type TestPortal } from '../portal/portal.js';
import { ask, type Story, tellStory } from '../portal/story.js';
import { startBrowser } from '../support/browser.js';
import { type Findings, look } from '../support/camera.js';
import {
  aCoordinator,
  aSite,
  aTeacher,
  sentAt,
  signStatement,
  type TestCoordinator,
  type TestPerson,
} from '../support/people.js';

describe('pages of coordinators, staff and everybody in Chromium', () => {
  let portal: TestPortal;
  let story: Story;
  let browser: Browser;
  let second: TestCoordinator;
  let unsigned: TestCoordinator;
  let designated: TestPerson;
  let helper: TestPerson;
  let designationId: string;
  let offered: string;
  let covered: string;
  const findings: Findings = [];

  const day = (after: number): string => localDay(new Date(portal.clock.now().getTime() + after * 86_400_000));

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    const { em } = portal;
    const get = <Service>(service: new (...parts: never[]) => Service): Service =>
      portal.app.get(service, { strict: false });
    second = await aCoordinator(em, { reach: 'system', system: story.system, firstName: 'Theo', lastName: 'Guidry' });
    const schools: string[] = [];
    for (const name of ['Ibis Lane School', 'Pelican Way Middle School', 'Vermeil Early Learning Center'])
      schools.push(await aSite(em, story.system, { name }));
    await aCoordinator(em, {
      reach: 'group',
      system: story.system,
      sites: schools.slice(0, 2),
      firstName: 'Bertille',
      lastName: 'Nunez',
    });
    unsigned = await aCoordinator(em, {
      reach: 'site',
      system: story.system,
      sites: [schools[2]!],
      firstName: 'Cosmo',
      lastName: 'Trahan',
      signed: false,
    });
    helper = await aTeacher(em, { firstName: 'Ana', lastName: 'Ruizdam', site: story.school });
    await signStatement(em, helper.staffMemberId);

    ({ id: offered } = await ask(portal, story.teacher, story.school, {
      application: 'ser',
      role: 'ser-data',
      permissions: ['ser-data-writer', 'ser-data-reader'],
      why: 'I keep the records of our school.',
    }));
    await get(RequestSuggestions).suggestSystem(story.coordinator.actor, offered, {
      version: 1,
      note: 'You keep records of all our schools, as far as I know.',
    });
    ({ id: covered } = await ask(portal, story.teacher, story.school));
    await ask(portal, story.stranger, story.school, { permissions: ['iep-form-writer'] });
    await ask(
      portal,
      await aTeacher(em, { firstName: 'Odile', lastName: 'Zeringue', site: story.school }),
      story.school,
    );
    await sentAt(em, covered, new Date(Date.now() - 11 * 86_400_000));
    await get(CoverService).name(second.actor, {
      coordinatorId: second.coordinatorId,
      staffMemberId: helper.staffMemberId,
      fromDay: day(0),
      toDay: day(14),
    });

    const head = await aTeacher(em, { firstName: 'Regis', lastName: 'Comeaux', site: story.school });
    await get(HeadsService).name(systemActor, {
      staffMemberId: head.staffMemberId,
      systemCode: story.system,
      title: 'Superintendent',
    });
    designated = await aTeacher(em, { firstName: 'Wilma', lastName: 'Arceneaux', site: story.school });
    designationId = await get(DesignationService).propose(head.actor, {
      formKey: newId(),
      staffId: designated.staffId,
      reach: 'system',
      systemCode: story.system,
      reason: 'She follows Marguerite Delahoussaye, who retires in June.',
    });
    await get(DesignationService).approve(story.officer.actor, designationId, { version: 1 });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await portal?.stop();
  });

  /** A browser of this person; of nobody when left out. */
  async function pageOf(person?: { accountId: string }): Promise<Page> {
    const visitor = person ? await portal.signedIn(person) : portal.stranger();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    await context.addCookies([...visitor.cookies].map(([name, { value }]) => ({ name, value, url: portal.origin })));
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => message.type() === 'error' && findings.push(`${page.url()}: ${message.text()}`));
    page.on('pageerror', (fault) => findings.push(`${page.url()}: ${fault.message}`));
    return page;
  }

  const visits: [name: string, who: () => { accountId: string } | undefined, path: () => string][] = [
    ['g-review', () => story.coordinator, () => '/review'],
    ['g-review-filtered', () => story.coordinator, () => '/review?q=odile&older=30'],
    ['g-review-empty', () => story.otherCoordinator, () => '/review'],
    ['g-review-request', () => story.coordinator, () => `/review/${covered}`],
    ['g-review-offered', () => story.coordinator, () => `/review/${offered}`],
    ['g-my-sites', () => story.coordinator, () => '/my-sites'],
    ['g-my-sites-unsigned', () => unsigned, () => '/my-sites'],
    ['g-my-sites-cover', () => helper, () => '/my-sites'],
    ['g-my-sites-desk', () => story.officer, () => '/my-sites'],
    ['g-statement', () => unsigned, () => '/statement'],
    ['g-cover', () => second, () => '/cover'],
    ['g-cover-empty', () => story.coordinator, () => '/cover'],
    ['g-cover-find', () => story.coordinator, () => `/cover/new?for=${story.coordinator.coordinatorId}&q=nunez`],
    [
      'g-cover-form',
      () => story.coordinator,
      () => `/cover/new?for=${story.coordinator.coordinatorId}&person=${helper.staffMemberId}`,
    ],
    ['g-stand-down', () => story.coordinator, () => `/my-scope/${story.coordinator.coordinatorId}/stand-down`],
    ['g-access', () => designated, () => `/coordinator-access/${designationId}`],
    ['g-find', () => undefined, () => '/find-coordinator'],
    ['g-find-search', () => undefined, () => '/find-coordinator?q=parish'],
    ['g-find-site', () => undefined, () => `/find-coordinator?level=site&code=${story.school}`],
    ['g-find-fault', () => undefined, () => '/find-coordinator?q='],
    ['g-request-offer', () => story.teacher, () => `/requests/${offered}`],
    ['g-request-moved', () => story.teacher, () => `/requests/${covered}`],
    [
      'g-new-elsewhere',
      () => story.teacher,
      () => `/requests/new?application=ser&level=site&code=${story.otherSchool}`,
    ],
  ];

  it.each(visits)('%s: nothing for axe, no complaint of the browser, fits a phone', async (name, who, path) => {
    const page = await pageOf(who());
    const answer = await page.goto(portal.origin + path());
    expect(answer?.status()).toBe(200);
    await look(page, name, findings);
    await page.context().close();
    expect(findings.splice(0)).toEqual([]);
  });

  it('the waiting list is used by keyboard alone: skip link, arrows, J and K, Home and End, Enter', async () => {
    const page = await pageOf(story.coordinator);
    await page.goto(`${portal.origin}/review`);
    const focused = (): Promise<string> => page.evaluate<string>('document.activeElement.textContent');
    const links = await page.locator('#waiting [data-key-stop]').allTextContents();
    expect(links.length).toBeGreaterThan(2);
    await page.getByRole('link', { name: 'Skip to the list' }).focus();
    await page.keyboard.press('Enter');
    for (const [key, at] of [
      ['ArrowDown', 0],
      ['j', 1],
      ['ArrowUp', 0],
      ['k', 0],
      ['End', links.length - 1],
      ['ArrowDown', links.length - 1],
      ['Home', 0],
      ['ArrowDown', 1],
    ] as const) {
      await page.keyboard.press(key);
      expect([key, await focused()]).toEqual([key, links[at]]);
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/review\/[0-9a-f-]{36}$/);
    // Letters are letters everywhere else (WCAG 2.1.4).
    await page.goBack();
    await page.getByLabel('Name or reference').fill('');
    await page.keyboard.type('jk');
    expect(await page.getByLabel('Name or reference').inputValue()).toBe('jk');
    expect(findings.splice(0)).toEqual([]);
    await page.context().close();
  });

  it('a cover is named and somebody stands down, each after a look at what would happen', async () => {
    const page = await pageOf(story.coordinator);
    await page.goto(`${portal.origin}/my-sites`);
    await page.getByRole('link', { name: /^Name a cover/ }).click();
    await page.getByLabel('Name or Staff ID').fill('nunez');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: /Bertille Nunez/ }).click();
    await page.getByRole('button', { name: 'See what happens' }).click();
    await page.waitForFunction(`document.activeElement.id === 'faults'`);
    await look(page, 'g-cover-faults', findings);
    await page.getByLabel('First day away').fill(day(2));
    await page.getByLabel('Last day away').fill(day(9));
    await page.getByRole('button', { name: 'See what happens' }).click();
    await page.getByRole('heading', { name: 'Name a cover: check' }).waitFor();
    await look(page, 'g-cover-check', findings);
    await page.getByRole('button', { name: 'Name this cover' }).click();
    await page.getByText('The cover is named').waitFor();
    await look(page, 'g-cover-named', findings);

    await page.goto(`${portal.origin}/my-scope/${story.coordinator.coordinatorId}/stand-down`);
    await page.getByLabel('Why').fill('I retire.');
    await page.getByRole('button', { name: 'See what happens' }).click();
    await page.getByRole('heading', { name: 'Stand down: check' }).waitFor();
    await look(page, 'g-stand-down-check', findings);
    await page.getByRole('button', { name: 'Stand down' }).click();
    await page.getByText('You stood down').waitFor();
    await look(page, 'g-stood-down', findings);
    // The answers with 4xx are on purpose; the browser notes them.
    expect(findings.filter((one) => !/status of 4\d\d/.test(one))).toEqual([]);
    await page.context().close();
  });
});
