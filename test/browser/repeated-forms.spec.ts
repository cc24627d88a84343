import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startPortal, type TestPortal } from '../portal/portal.js';
import { ask, type Story, tellStory } from '../portal/story.js';
import { startBrowser } from '../support/browser.js';
import { aTeacher, type TestPerson } from '../support/people.js';

describe('R-06 forms that come twice, in Chromium', () => {
  let portal: TestPortal;
  let story: Story;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let teacher: TestPerson;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await portal?.stop();
  });
  beforeEach(async () => {
    teacher = await aTeacher(portal.em, { site: story.school });
    await signIn(teacher);
  });
  afterEach(() => context.close());

  async function signIn(person: { accountId: string }): Promise<void> {
    const visitor = await portal.signedIn(person);
    context = await browser.newContext();
    await context.addCookies([...visitor.cookies].map(([name, { value }]) => ({ name, value, url: portal.origin })));
    page = await context.newPage();
  }
  const count = async (sql: string, ...params: unknown[]): Promise<number> =>
    Number((await portal.em.fork().execute<{ count: string }[]>(sql, params))[0]!.count);
  const notes = (id: string): Promise<number> => count('select count(*) from request_note where request_id = ?', id);
  const noteForm = (id: string) => page.locator(`form[action="/requests/${id}/notes"]`);
  async function note(id: string, text: string): Promise<void> {
    await noteForm(id).locator('textarea').fill(text);
    await noteForm(id).locator('button').click();
    await page.waitForURL('**/*done=noted');
  }

  it('a double click on Send makes one request, and ends on its page', async () => {
    await page.goto(
      `${portal.origin}/requests/new?application=ser-iep-form&level=site&code=${story.school}&role=iep-form&permission=iep-form-writer`,
    );
    await page.locator('form[action="/requests"] button').last().dblclick();
    await page.waitForURL('**/requests/*?done=sent');
    expect(await page.locator('main').textContent()).toContain('Your request was sent');
    expect(
      await count('select count(*) from permission_request where staff_member_id = ?', teacher.staffMemberId),
    ).toBe(1);
  });

  it('a double click adds one note', async () => {
    const { id } = await ask(portal, teacher, story.school);
    await page.goto(`${portal.origin}/requests/${id}`);
    await noteForm(id).locator('textarea').fill('I start on Monday.');
    await noteForm(id).locator('button').dblclick();
    await page.waitForURL('**/*done=noted');
    expect(await notes(id)).toBe(1);
  });

  it('back, and the same once more: done once; something else is something new', async () => {
    const { id } = await ask(portal, teacher, story.school);
    await page.goto(`${portal.origin}/requests/${id}`);
    await note(id, 'I start on Monday.');
    await page.goBack();
    await note(id, 'I start on Monday.');
    expect(await notes(id)).toBe(1);
    await page.goBack();
    await note(id, 'On Tuesday, they say now.');
    expect(await notes(id)).toBe(2);
    // On the page that came after, the same words are meant anew.
    await note(id, 'On Tuesday, they say now.');
    expect(await notes(id)).toBe(3);
  });
});
