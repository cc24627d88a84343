import type { Browser, Page } from 'playwright-core';
import { RequestQuestions } from '#requests';
import { startPortal, type TestPortal } from '../portal/portal.js';
import { ask, type Story, tellStory } from '../portal/story.js';
import { startBrowser } from '../support/browser.js';
import { type Findings, look } from '../support/camera.js';

describe('long lists and charts', () => {
  const findings: Findings = [];
  let portal: TestPortal;
  let browser: Browser;
  let story: Story;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    const { id } = await ask(portal, story.teacher, story.school);
    const { id: asked } = await ask(portal, story.stranger, story.school, { permissions: ['iep-form-writer'] });
    await portal.app.get(RequestQuestions, { strict: false }).ask(story.coordinator.actor, asked, {
      question: 'Which class is it for?',
    });
    await manyLike(id, 130);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await portal?.stop();
  });

  /** As many requests like one, sent over eleven weeks; two thirds were decided since. */
  async function manyLike(id: string, count: number): Promise<void> {
    const { em } = portal;
    await em.execute(
      `insert into permission_request (id, reference, account_id, staff_member_id, submitted_at, form_key, form_hash)
       select gen_random_uuid(), 'R-2025-' || lpad(n::text, 6, '0'), account_id, staff_member_id, submitted_at - n * interval '14 hours', 'many' || n, form_hash
       from permission_request, generate_series(1, ?::int) n where id = ?`,
      [count, id],
    );
    await em.execute(
      `insert into request_line (id, request_id, position, application, role, permission, level, code, system_code, status, routing, state_desk, decided_at, decided_by)
       select gen_random_uuid(), r.id, 0, application, role, permission, level, code, system_code,
         case when n % 2 = 1 then 'pending' when n % 10 = 0 then 'rejected' else 'approved' end, routing, false,
         case when n % 2 = 0 then r.submitted_at + n % 9 * interval '11 hours' end, case when n % 2 = 0 then ?::uuid end
       from (select *, right(reference, 6)::int as n from permission_request where reference like 'R-2025-%') r, request_line l
       where l.request_id = ? and l.position = 0`,
      [story.coordinator.staffMemberId, id],
    );
    await em.execute(
      `insert into request_decider (line_id, staff_member_id, coordinator_id) select l.id, ?, ?
       from request_line l join permission_request r on r.id = l.request_id where r.reference like 'R-2025-%'`,
      [story.coordinator.staffMemberId, story.coordinator.coordinatorId],
    );
    await em.execute(
      `insert into message (id, recipient_kind, recipient_id, kind, facts, queued_at, state)
       select gen_random_uuid(), recipient_kind, recipient_id, kind, facts, queued_at - n * interval '1 hour', 'sent'
       from message, generate_series(1, 60) n where kind = 'request.submitted' and recipient_id = ?`,
      [story.coordinator.accountId],
    );
  }

  async function pageOf(person: { accountId: string }): Promise<Page> {
    const visitor = await portal.signedIn(person);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    await context.addCookies([...visitor.cookies].map(([name, { value }]) => ({ name, value, url: portal.origin })));
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => message.type() === 'error' && findings.push(`${page.url()}: ${message.text()}`));
    return page;
  }

  it('the waiting list leads on and back and keeps its filter; what waits for an answer is apart', async () => {
    const page = await pageOf(story.coordinator);
    await page.goto(`${portal.origin}/review?q=thibeaux`);
    await look(page, 'f-review-first', findings);
    const next = page.getByRole('link', { name: 'Next' }).first();
    await next.click();
    expect(page.url()).toContain('q=thibeaux');
    await look(page, 'f-review-next', findings);
    await page.getByRole('link', { name: 'Previous' }).first().click();
    expect(page.url()).toContain('q=thibeaux');
    await page.goto(`${portal.origin}/review?show=asked`);
    expect(await page.getByRole('status').textContent()).toContain('One request waits for an answer');
    await look(page, 'f-review-asked', findings);
    await page.goto(`${portal.origin}/notifications`);
    await look(page, 'f-notifications', findings);
    await page.getByRole('link', { name: 'Next' }).click();
    expect(await page.getByRole('link', { name: 'First page' }).count()).toBe(1);
  });

  it('my requests, page by page', async () => {
    const page = await pageOf(story.teacher);
    await page.goto(portal.origin);
    await look(page, 'f-home', findings);
    await page.getByRole('link', { name: 'All your requests' }).click();
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByRole('link', { name: 'Next' }).click();
    expect(await page.getByRole('link', { name: 'Next' }).count()).toBe(0);
    await look(page, 'f-requests-last', findings);
  });

  it('charts show what waits, what is decided and how fast, and say the same in words', async () => {
    for (const [name, person] of [
      ['f-charts', story.coordinator],
      ['f-charts-state', story.officer],
      ['f-charts-empty', story.otherCoordinator],
    ] as const) {
      const page = await pageOf(person);
      await page.goto(`${portal.origin}/charts`);
      if (name !== 'f-charts-empty') await page.getByText('As a table').click();
      await look(page, name, findings);
    }
  });

  it('pages have no faults axe finds, and nothing is wider than a phone', () => expect(findings).toEqual([]));
});
