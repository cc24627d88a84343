import type { Browser, Page } from 'playwright-core';
import { days, localDay } from '#kernel';
import { type PortalVisitor, startPortal, type TestPortal } from '../portal/portal.js';
import { ask, lineIdsOf, type Story, tellStory } from '../portal/story.js';
import { startBrowser } from '../support/browser.js';
import { aCoordinator, aSite, aSystem } from '../support/people.js';
import { type Findings, look } from '../support/camera.js';

/* What people say to each other between asking and deciding, clicked through as they would; looked at in both widths. */
describe('asking, answering and deciding in Chromium', () => {
  let portal: TestPortal;
  let story: Story;
  let browser: Browser;
  const findings: Findings = [];

  beforeAll(async () => {
    portal = await startPortal();
    browser = await startBrowser();
  });
  beforeEach(async () => {
    story = await tellStory(portal);
  });
  afterEach(() => expect(findings.splice(0)).toEqual([]));
  afterAll(async () => {
    await browser?.close();
    await portal?.stop();
  });

  async function pageOf(person: { accountId: string }): Promise<Page> {
    const visitor: PortalVisitor = await portal.signedIn(person);
    const context = await browser.newContext();
    await context.addCookies([...visitor.cookies].map(([name, { value }]) => ({ name, value, url: portal.origin })));
    const page = await context.newPage();
    page.on('pageerror', (error) => findings.push(String(error)));
    return page;
  }
  const open = (page: Page, path: string): Promise<unknown> => page.goto(portal.origin + path);
  const press = async (page: Page, name: string): Promise<void> => {
    await Promise.all([page.waitForLoadState('load'), page.getByRole('button', { name }).click()]);
  };
  const text = async (page: Page): Promise<string> => (await page.locator('main').innerText()).replace(/\s+/g, ' ');
  const day = (count: number): string => localDay(new Date(portal.clock.now().getTime() + days(count)));

  it('a coordinator asks back, the teacher answers, and the answer is read before deciding', async () => {
    const { id } = await ask(portal, story.teacher, story.school, { why: 'I teach there from Monday.' });
    const coordinator = await pageOf(story.coordinator);
    await open(coordinator, `/review/${id}`);
    await look(coordinator, 'review', findings);
    await coordinator.getByText('Something to ask the person first?').click();
    await press(coordinator, 'Ask the person');
    expect(await text(coordinator)).toContain('Write your question');
    await look(coordinator, 'ask-fault', findings);
    await coordinator
      .getByLabel('Your question')
      .fill('Which grades do you teach, and do you write the forms yourself?');
    await press(coordinator, 'Ask the person');
    await look(coordinator, 'asked-back', findings);
    await open(coordinator, '/review');
    await look(coordinator, 'review-asked', findings);

    const teacher = await pageOf(story.teacher);
    await open(teacher, '/');
    await look(teacher, 'home-asked', findings);
    await open(teacher, `/requests/${id}`);
    await look(teacher, 'question', findings);
    await teacher.getByLabel('Your answer').fill('Grades 3 to 5, and yes: every form of my class.');
    await press(teacher, 'Send answer');
    expect(await text(teacher)).toContain('Your answer is sent');
    await look(teacher, 'answered', findings);
    await open(coordinator, `/review/${id}`);
    await look(coordinator, 'answer-read', findings);
  });

  it('for a time, in place of another role, agreed to less beforehand: approved less, it works at once', async () => {
    const { id: first } = await ask(portal, story.teacher, story.school, {
      application: 'ser',
      role: 'ser-lasid',
      permissions: ['ser-lasid-writer'],
    });
    const coordinator = await pageOf(story.coordinator);
    await open(coordinator, `/review/${first}`);
    const { 'ser-lasid-writer': held } = await lineIdsOf(portal, first);
    await coordinator.locator(`input[name="verdict-${held}"][value="approve"] + label`).click();
    await press(coordinator, 'Save decision');

    const teacher = await pageOf(story.teacher);
    await open(
      teacher,
      `/requests/new?application=ser&role=ser-data&permission=ser-data-writer&level=site&code=${story.school}`,
    );
    expect(await text(teacher)).toMatch(/This takes the place of what you have.*your role SER LASID/);
    await teacher.locator('#until').fill('2020-01-01');
    await press(teacher, 'Send request');
    await look(teacher, 'check-fault', findings);
    await teacher.locator('#until').fill(day(200));
    await teacher.getByText('Give me that part at once').click();
    await teacher.getByLabel('Why you need it').fill('I keep the records until our clerk is back.');
    await look(teacher, 'check', findings);
    await press(teacher, 'Send request');
    expect(await text(teacher)).toContain('Your request was sent');
    await look(teacher, 'sent', findings);
    const id = /[0-9a-f-]{36}/.exec(teacher.url())![0];
    const { 'ser-data-writer': line } = await lineIdsOf(portal, id);

    await open(coordinator, `/review/${id}`);
    expect(await text(coordinator)).toMatch(
      /Approving ends another role of this person at Heron Street Elementary: SER LASID/,
    );
    await coordinator.locator(`input[name="verdict-${line}"][value="narrow"] + label`).click();
    await press(coordinator, 'Save decision');
    expect(await text(coordinator)).toContain('Choose a lesser permission');
    await look(coordinator, 'narrow-fault', findings);
    await coordinator.locator(`select[name="narrow-${line}"]`).selectOption('ser-data-reader');
    await coordinator.locator(`input[name="until-${line}"]`).fill(day(90));
    await look(coordinator, 'narrow', findings);
    await press(coordinator, 'Save decision');
    expect(coordinator.url()).toContain('done=decided');
    await open(teacher, `/requests/${id}`);
    expect(await text(teacher)).toMatch(/Given: SER Data Reader until/);
    await look(teacher, 'narrowed', findings);
  });

  it('without that consent it is an offer: declined, then taken', async () => {
    const { id } = await ask(portal, story.teacher, story.school, {
      application: 'ser',
      role: 'ser-data',
      permissions: ['ser-data-writer'],
    });
    const { 'ser-data-writer': line } = await lineIdsOf(portal, id);
    const [coordinator, teacher] = [await pageOf(story.coordinator), await pageOf(story.teacher)];
    const offer = async (): Promise<void> => {
      await open(coordinator, `/review/${id}`);
      await coordinator.locator(`input[name="verdict-${line}"][value="narrow"] + label`).click();
      await coordinator.getByText('What to approve, if less').click();
      await coordinator.locator(`select[name="narrow-${line}"]`).selectOption('ser-data-reader');
      await coordinator.locator(`textarea[name="reason-${line}"]`).fill('Reading is what your position needs.');
      await press(coordinator, 'Save decision');
    };
    await offer();
    await open(coordinator, `/review/${id}`);
    expect(await text(coordinator)).toMatch(/Marguerite Delahoussaye offered SER Data Reader/);
    await look(coordinator, 'offered', findings);
    await open(teacher, `/requests/${id}`);
    await look(teacher, 'offer', findings);
    await press(teacher, 'Keep asking for all of it');
    expect(await text(teacher)).toContain('Your request goes on as it is');
    await offer();
    await open(teacher, `/requests/${id}`);
    await press(teacher, 'Take it');
    expect(await text(teacher)).toMatch(/You took what was offered.*Given: SER Data Reader/);
    await look(teacher, 'offer-taken', findings);
  });

  it('rejected, it is asked again with the form filled in, and both name each other', async () => {
    const { id, reference } = await ask(portal, story.teacher, story.school, { why: 'For my class.' });
    const coordinator = await pageOf(story.coordinator);
    await open(coordinator, `/review/${id}`);
    for (const line of Object.values(await lineIdsOf(portal, id))) {
      await coordinator.locator(`input[name="verdict-${line}"][value="reject"] + label`).click();
      await coordinator.locator(`textarea[name="reason-${line}"]`).fill('Say for which class.');
    }
    await press(coordinator, 'Save decision');
    const teacher = await pageOf(story.teacher);
    await open(teacher, `/requests/${id}`);
    await look(teacher, 'rejected', findings);
    await teacher.getByRole('link', { name: 'Ask again' }).click();
    await teacher.waitForURL(/requests\/new/);
    expect(await teacher.getByLabel('Why you need it').inputValue()).toBe('For my class.');
    await look(teacher, 'ask-again', findings);
    await press(teacher, 'Send request');
    expect(await text(teacher)).toMatch(new RegExp(`In place of ${reference}`));
    await open(teacher, `/requests/${id}`);
    expect(await text(teacher)).toMatch(/Asked again in R-/);
  });

  it('three roles at twelve sites under four coordinators: one page for the person, one screen for each coordinator', async () => {
    const sites: string[] = [];
    const coordinators: { accountId: string }[] = [];
    for (const name of ['Ascension', 'Bienville', 'Caldwell', 'DeSoto']) {
      const system = await aSystem(portal.em, { name: `${name} Parish` });
      for (const at of [1, 2, 3]) sites.push(await aSite(portal.em, system, { name: `${name} School ${at}` }));
      coordinators.push(await aCoordinator(portal.em, { reach: 'system', system, lastName: name }));
    }
    const teacher = await pageOf(story.teacher);
    const [first, ...more] = sites;
    const parts = new URLSearchParams([
      ...Object.entries({ application: 'ser', role: 'ser-data', permission: 'ser-data-writer', level: 'site' }),
      ['code', first!],
      ['also', 'ser-iep-form:iep-form:iep-form-writer'],
      ['also', 'canopy:canopy-learning:instructor'],
      ...more.map((code) => ['place', `site:${code}`]),
    ]);
    await open(teacher, `/requests/new?${parts}`);
    await look(teacher, 'many-check', findings);
    await press(teacher, 'Send request');
    await look(teacher, 'many-sent', findings);
    const id = /[0-9a-f-]{36}/.exec(teacher.url())![0];
    const coordinator = await pageOf(coordinators[0]!);
    await open(coordinator, `/review/${id}`);
    await look(coordinator, 'many-review', findings);
    await coordinator.locator('input[name="verdict-all"][value="approve"] + label').click();
    await press(coordinator, 'Save decision');
    expect(coordinator.url()).toContain('done=decided');
    await open(teacher, `/requests/${id}`);
    expect(await text(teacher)).toMatch(/36 permissions: Waiting for a decision: 27 Approved: 9/);
    await look(teacher, 'many-partly', findings);
  });
});
