import type { Browser, Page } from 'playwright-core';
import { GrantsService, GrantVerbs } from '#grants';
import { localDay, newId, systemActor } from '#kernel';
import { RequestsService } from '#requests';
import { startPortal, type TestPortal } from '../portal/portal.js';
import { ask, lineIdsOf, type Story, tellStory } from '../portal/story.js';
import { startBrowser } from '../support/browser.js';
import { type Findings, look } from '../support/camera.js';
import { aSite, aTeacher, type TestPerson } from '../support/people.js';

describe('pages of access in Chromium', () => {
  let portal: TestPortal;
  let story: Story;
  let browser: Browser;
  let person: TestPerson;
  let ids: Record<'approved' | 'ends' | 'suspended' | 'ended' | 'own', string>;
  const findings: Findings = [];

  const instant = (after: number): Date => new Date(portal.clock.now().getTime() + after * 86_400_000);
  const day = (after: number): string => localDay(instant(after));

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    const { em } = portal;
    const get = <Service>(service: new (...parts: never[]) => Service): Service =>
      portal.app.get(service, { strict: false });
    const give = (
      who: TestPerson,
      permission: string,
      {
        level = 'site',
        code = story.school,
        ...times
      }: { level?: 'site' | 'system'; code?: string; fromAt?: Date; toAt?: Date } = {},
    ): Promise<string> =>
      get(GrantsService).give(systemActor, {
        ...(permission.startsWith('ser-') ? { application: 'ser', role: 'ser-data' } : iep),
        permission,
        location: { level, code },
        systemCode: story.system,
        accountId: who.accountId,
        staffMemberId: who.staffMemberId,
        ...times,
      });
    const iep = { application: 'ser-iep-form', role: 'iep-form' };
    const pelican = await aSite(em, story.system, { name: 'Pelican Way Middle School' });
    person = await aTeacher(em, { firstName: 'Odile', lastName: 'Zeringue', site: story.school });
    const { id } = await ask(portal, person, story.school, { permissions: ['iep-form-writer'] });
    const [lineId] = Object.values(await lineIdsOf(portal, id));
    await get(RequestsService).decide(story.coordinator.actor, id, {
      version: 1,
      decisions: [{ lineId: lineId!, verdict: 'approve' }],
    });
    const [held] = await em.execute<{ id: string }[]>(`select id from access_grant where request_line_id = ?`, [
      lineId,
    ]);
    ids = {
      approved: held!.id,
      ends: await give(person, 'ser-data-reader', { level: 'system', code: story.system, toAt: instant(20) }),
      suspended: await give(person, 'iep-form-writer', { code: pelican }),
      ended: await give(person, 'ser-data-writer', { code: pelican }),
      own: await give(story.coordinator, 'iep-form-writer', { toAt: instant(40) }),
    };
    await give(person, 'iep-form-approver', { code: pelican, fromAt: instant(10), toAt: instant(300) });
    const verbs = get(GrantVerbs);
    await verbs.suspend(story.coordinator.actor, ids.suspended, { reason: 'On leave until May 15.' });
    await verbs.revoke(story.coordinator.actor, ids.ended, { reason: 'Keeps no records any more.' });
    const signal = `insert into signal (id, account_id, client_id, kind, created_at, attempts, next_attempt_at, sent_at) values (?, ?, 'eser', 'logout', ?, 1, now(), ?)`;
    await em.execute(signal, [newId(), person.accountId, instant(0.001), null]);
    for (const [lastName, after] of [
      ['Abshire', 15],
      ['Badeaux', 25],
      ['Castille', 80],
    ] as const)
      await give(await aTeacher(em, { firstName: 'Ismay', lastName, site: story.school }), 'iep-form-writer', {
        toAt: instant(after),
      });
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
    const of = (grant: keyof typeof ids, who = person): string => `/people/${who.staffMemberId}/access/${ids[grant]}`;
    const asOf = `/people/as-of?${new URLSearchParams({ level: 'site', code: story.school, what: 'ser-iep-form', day: day(0) })}`;
    const visits: [name: string, who: { accountId: string }, path: string][] = [
      ['mine', person, '/access'],
      ['mine-empty', story.stranger, '/access'],
      ['mine-unlinked', story.newcomer, '/access'],
      ['home', person, '/'],
      ['give-up', person, `/access/${ids.approved}/give-up`],
      ['longer', person, `/access/${ids.ends}/longer`],
      ['people', story.coordinator, '/people'],
      ['people-ends', story.coordinator, '/people?ends=30'],
      ['person', story.coordinator, `/people/${person.staffMemberId}`],
      ['grant', story.coordinator, of('approved')],
      ['grant-ends', story.coordinator, of('ends')],
      ['grant-suspended', story.coordinator, of('suspended')],
      ['grant-ended', story.coordinator, of('ended')],
      ['grant-own', story.coordinator, of('own', story.coordinator)],
      ['as-of', story.officer, '/people/as-of?q=heron'],
      ['as-of-form', story.officer, `/people/as-of?level=site&code=${story.school}`],
      ['as-of-answer', story.officer, asOf],
      ['as-of-nobody', story.officer, asOf.replace(day(0), day(-5))],
      ['as-of-faults', story.officer, `/people/as-of?level=site&code=${story.school}&day=2999-01-01`],
      [
        'as-of-person',
        story.officer,
        `/people/as-of/person?${new URLSearchParams({ staffId: person.staffId, from: day(-30), through: day(0), believed: day(0) })}`,
      ],
    ];
    const windows = new Map<string, Page>();
    for (const [name, who, path] of visits) {
      const page = windows.get(who.accountId) ?? (await pageOf(who));
      windows.set(who.accountId, page);
      await page.goto(portal.origin + path);
      await look(page, `access-${name}`, findings);
    }
    expect(findings).toEqual([]);
  });

  it('gives up by mouse, and everything that ends is ticked with one box and goes on', async () => {
    const mine = await pageOf(person);
    await mine.goto(`${portal.origin}/access`);
    await mine.click(`a[href="/access/${ids.suspended}/give-up"]`);
    await mine.click('button:has-text("Give it up")');
    await mine.waitForURL(/done=given-up/);
    await look(mine, 'access-given-up', findings);
    const list = await pageOf(story.coordinator);
    await list.goto(`${portal.origin}/people?ends=30`);
    await list.check('label[for="tick-all"]').catch(() => list.click('label[for="tick-all"]'));
    expect(await list.locator('input[name="grant"]:checked').count()).toBe(3);
    await list.fill('#lastDay', day(200));
    await look(list, 'access-people-ticked', findings);
    await list.click('button:has-text("Let it go on")');
    await list.waitForSelector('text=3 of 3 go on through');
    await look(list, 'access-renewed', findings);
    expect(findings).toEqual([]);
  });
});
