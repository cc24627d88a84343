import type { Browser, BrowserContext, Page } from 'playwright-core';
import { minutes } from '#kernel';
import { aTeacher } from '../support/people.js';
import { startPortal, type TestPortal } from '../portal/portal.js';
import { ask, type Story, tellStory } from '../portal/story.js';
import { accessibilityFaults, startBrowser } from '../support/browser.js';

/** 40 ways to run in somebody's page. */
const payloads = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  "'><script>alert(1)</script>",
  '<img src=x onerror=alert(1)>',
  '"><img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg/onload=alert(1)//',
  '<body onload=alert(1)>',
  '<iframe src=javascript:alert(1)>',
  '<iframe srcdoc="<script>parent.alert(1)</script>">',
  '<a href=javascript:alert(1) autofocus>x</a>',
  '<details open ontoggle=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '" autofocus onfocus=alert(1) x="',
  "' autofocus onfocus=alert(1) x='",
  '</textarea><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '--><script>alert(1)</script>',
  ']]><script>alert(1)</script>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<object data=javascript:alert(1)>',
  '<embed src=javascript:alert(1)>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<base href=//evil.test/>',
  '<link rel=stylesheet href=//evil.test/x.css>',
  '<style>@import "//evil.test";</style>',
  '<form action=//evil.test><button autofocus>x',
  '<button formaction=javascript:alert(1)>x',
  '<video><source onerror=alert(1)>',
  '<marquee onstart=alert(1)>',
  '<select autofocus onfocus=alert(1)>',
  '<keygen autofocus onfocus=alert(1)>',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '<x onclick=alert(1)>x',
  '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
];

describe('what script adds to the portal', () => {
  let portal: TestPortal;
  let story: Story;
  let browser: Browser;
  let context: BrowserContext;
  let requestId: string;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    browser = await startBrowser();
  });
  beforeEach(async () => {
    const { accountId, actor, ...person } = await aTeacher(portal.em, {
      firstName: 'Odessa',
      lastName: 'Thibeaux',
      site: story.school,
    });
    story.teacher = { accountId, actor, ...person };
    ({ id: requestId } = await ask(portal, story.teacher, story.school));
    context = await browser.newContext();
    await letIn(story.teacher);
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await browser?.close();
    await portal?.stop();
  });

  async function letIn(person: { accountId: string }): Promise<void> {
    const { cookies } = await portal.signedIn(person);
    await context.addCookies([...cookies].map(([name, { value }]) => ({ name, value, url: portal.origin })));
  }

  async function openRequest(): Promise<Page> {
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`${portal.origin}/requests/${requestId}`);
    return page;
  }

  /** Time passes here and at the server. */
  async function pass(page: Page, milliseconds: number): Promise<void> {
    portal.clock.advance(milliseconds);
    await page.clock.fastForward(milliseconds);
  }

  it('SE-3 warns five minutes before the session ends, is read by axe, extends it and keeps what was typed', async () => {
    const page = await openRequest();
    await page.fill('textarea[name=text]', 'I start on Monday.');
    await pass(page, minutes(24));
    expect(await page.locator('dialog').isVisible()).toBe(false);
    await pass(page, minutes(2));
    const dialog = page.getByRole('alertdialog', { name: 'Are you still there?' });
    await dialog.waitFor();
    expect(await dialog.textContent()).toContain('In 4 minutes you will be signed out');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Stay signed in');
    const extended = page.waitForResponse((response) => response.url().endsWith('/session/extend'));
    await page.keyboard.press('Enter');
    expect((await extended).status()).toBe(204);
    await dialog.waitFor({ state: 'hidden' });
    expect(await page.inputValue('textarea[name=text]')).toBe('I start on Monday.');

    await pass(page, minutes(20));
    expect(await dialog.isVisible()).toBe(false);
    await page.click('text=Add notification');
    await page.getByText('Your notification was added').waitFor();
  });

  it('SE-3 when nobody answers, what was typed comes back after the next sign-in, in this tab only', async () => {
    const page = await openRequest();
    await page.fill('textarea[name=text]', 'I start on Monday.');
    const left = page.waitForURL(/\/sign-in\?returnTo=/);
    await pass(page, minutes(26));
    await pass(page, minutes(5));
    await left;
    expect(page.url()).toContain(encodeURIComponent(`/requests/${requestId}`));

    await letIn(story.teacher);
    await page.goto(`${portal.origin}/requests/${requestId}`);
    expect(await page.inputValue('textarea[name=text]')).toBe('I start on Monday.');
    const other = await context.newPage();
    await other.goto(`${portal.origin}/requests/${requestId}`);
    expect(await other.inputValue('textarea[name=text]')).toBe('');
  });

  it('SE-3 another tab that was used keeps this one from warning', async () => {
    const page = await openRequest();
    await pass(page, minutes(24));
    const other = await context.newPage();
    await other.clock.install({ time: (await page.evaluate('Date.now()')) as number });
    await other.goto(`${portal.origin}/notifications`);
    await pass(page, minutes(3));
    expect(await page.locator('dialog').isVisible()).toBe(false);
  });

  it('finds places while one types; the list is chosen from by keyboard', async () => {
    const page = await context.newPage();
    await page.goto(`${portal.origin}/requests/new?application=ser-iep-form`);
    await page.getByLabel('Name or code of a school or school system').pressSequentially('old fer', { delay: 20 });
    await page.getByText('1 place found').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Old Ferry High School');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`level=site&code=${story.otherSchool}`));
    expect(await page.textContent('h1')).toBe('What do you need to do?');
  });

  it('puts the reader at the summary of faults, and from there at the field', async () => {
    const page = await context.newPage();
    await page.goto(`${portal.origin}/requests/${requestId}`);
    await page.click('text=Add notification');
    await page.waitForFunction(`document.activeElement.id === 'faults'`);
    await page.click('#faults a');
    await page.waitForFunction(`document.activeElement.name === 'text'`);
  });

  it('SE-6 after signing out, Back shows nothing of the person', async () => {
    const page = await context.newPage();
    await page.goto(`${portal.origin}/`);
    await page.goto(`${portal.origin}/requests/${requestId}`);
    expect(await page.textContent('body')).toContain('Heron Street');
    await page.click('header >> text=Sign out');
    await page.getByText('You are signed out').waitFor();
    await page.goBack();
    await page.waitForLoadState();
    expect(await page.textContent('body')).not.toContain('Heron Street');
    await page.goBack();
    expect(await page.textContent('body')).not.toContain('Thibeaux');
    expect((await context.cookies()).filter(({ name }) => name === 'edlink_portal')).toHaveLength(0);
  });

  it('WB-2 no other page can frame ours', async () => {
    const page = await context.newPage();
    await page.route('http://elsewhere.test/', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="${portal.origin}/"></iframe>` }),
    );
    const asked = page.waitForRequest(`${portal.origin}/`);
    await page.goto('http://elsewhere.test/');
    await asked;
    await page.waitForLoadState('networkidle');
    expect(page.frames()[1]?.url()).toMatch(/^chrome-error:/);
    expect(await page.frames()[1]?.content()).not.toContain('EdLink');
  });

  it('WB-4 forty payloads in names, places, notes and reasons run nowhere', async () => {
    const complaints: string[] = [];
    const watch = (page: Page): void => {
      page.on('dialog', (dialog) => void (complaints.push(`dialog ${dialog.message()}`), dialog.dismiss()));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => request.url().startsWith(portal.origin) || complaints.push(request.url()));
    };
    const all = payloads.join('\n');
    const person = await aTeacher(portal.em, {
      firstName: payloads[0],
      lastName: all,
      site: story.school,
      position: all,
    });
    await portal.em.execute('update site set name = ? where code = ?', [all, story.school]);
    const { id } = await ask(portal, person, story.school, {
      application: 'ser',
      role: 'ser-data',
      permissions: ['ser-data-writer'],
      why: all,
    });
    await portal.em.execute(
      `insert into request_note (id, request_id, author_account_id, author_id, text, written_at) select gen_random_uuid(), ?, ?, ?, ?, now()`,
      [id, person.accountId, person.staffMemberId, all],
    );
    for (const [who, paths] of [
      [story.coordinator, ['/review', `/review/${id}`, '/notifications']],
      [
        person,
        [
          '/',
          `/requests/${id}`,
          '/staff-id',
          '/requests/new?application=ser',
          `/requests/new?application=ser&asked=place&q=${encodeURIComponent(payloads[4]!)}`,
        ],
      ],
    ] as const) {
      await letIn(who);
      const page = await context.newPage();
      watch(page);
      for (const path of paths) {
        const answer = await page.goto(portal.origin + path);
        expect(answer?.status()).toBe(200);
        await page.waitForTimeout(50);
      }
    }
    // The list that follows the typing is made by script: names must be text there too.
    const page = await context.newPage();
    watch(page);
    await page.goto(`${portal.origin}/requests/new?application=ser`);
    await portal.em.execute(`update site set name_key = 'payload' where code = ?`, [story.school]);
    await page.getByLabel('Name or code of a school or school system').pressSequentially('payload', { delay: 20 });
    await page.getByText('1 place found').waitFor();
    expect(await page.locator('#found script, #found img, #found iframe').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
