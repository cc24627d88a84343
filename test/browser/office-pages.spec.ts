import type { Browser, Page } from 'playwright-core';
import { DesignationService } from '#coordinators';
import { newId } from '#kernel';
import { aDisagreement, type OfficeStory, previewRegister, tellOfficeStory } from '../portal/office-story.js';
import { startPortal, type TestPortal } from '../portal/portal.js';
import { startBrowser } from '../support/browser.js';
import { type Findings, look } from '../support/camera.js';

describe('pages of the state office and of heads in Chromium', () => {
  let portal: TestPortal;
  let story: OfficeStory;
  let browser: Browser;
  let designationId: string;
  let changeId: string;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellOfficeStory(portal);
    designationId = await portal.app.get(DesignationService, { strict: false }).propose(story.head.actor, {
      formKey: newId(),
      staffId: story.candidate.staffId,
      reach: 'group',
      systemCode: story.system,
      siteCodes: story.schools.slice(5, 8),
      reason: 'He keeps the lists of the three schools on the east bank already.',
    });
    await aDisagreement(portal, story, story.schools[3]!);
    changeId = await previewRegister(portal, story, (rows) =>
      rows
        .filter((row) => ![story.schools[7], story.schools[8]].includes(row[3]))
        .map((row) => (row[3] === story.schools[4] ? row.with(4, 'Pelican Bay Elementary') : row)),
    );
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await portal?.stop();
  });

  async function pageFor(person: { accountId: string }): Promise<Page> {
    const visitor = await portal.signedIn(person);
    const context = await browser.newContext();
    await context.addCookies([...visitor.cookies].map(([name, { value }]) => ({ name, value, url: portal.origin })));
    return context.newPage();
  }

  it('WB-4 the office finds its pages fit for axe and for a phone', async () => {
    const page = await pageFor(story.officer);
    const findings: Findings = [];
    const visit = async (name: string, path: string): Promise<void> => {
      await page.goto(portal.origin + path);
      await look(page, `office-${name}`, findings);
    };
    await visit('overview', '/state');
    for (const view of ['without', 'single', 'applications', 'unserved', 'unsigned', 'coordinators'])
      await visit(`coverage-${view}`, `/state/coverage?view=${view}`);
    await visit('coverage-search', '/state/coverage?view=coordinators&q=zzz');
    await visit('designations', '/state/designations');
    await visit('designation', `/state/designations/${designationId}`);
    await visit('coordinator', `/state/coordinators/${story.coordinator.coordinatorId}`);
    await visit(
      'coordinator-cover',
      `/state/coordinators/${story.coordinator.coordinatorId}?who=${story.candidate.staffId}`,
    );
    await visit('coordinator-covered', `/state/coordinators/${story.group.coordinatorId}`);
    await visit('places', '/state/places?q=parish');
    await visit('place', `/state/places/site/${story.nonpublic}`);
    await visit('place-system', `/state/places/system/${story.system}`);
    await visit('register', '/state/register');
    await visit('register-change', `/state/register/${changeId}`);
    await visit('disagreements', '/state/disagreements');
    await visit('disputes', '/state/disputes');
    await visit('system', `/systems/${story.system}`);
    await visit('system-vacant', `/systems/${story.vacant}`);
    expect(findings).toEqual([]);
  });

  it('WB-4 a head finds the form to designate fit for axe and for a phone', async () => {
    const page = await pageFor(story.head);
    const findings: Findings = [];
    await page.goto(`${portal.origin}/designate`);
    await look(page, 'head-designate', findings);
    await page.click('text=Sites, for a group or one site');
    await page.click('text=Send to the state office');
    await look(page, 'head-designate-faults', findings);
    await page.goto(`${portal.origin}/designate/${designationId}`);
    await look(page, 'head-designated', findings);
    await page.goto(`${portal.origin}/systems/${story.system}`);
    await look(page, 'head-system', findings);
    expect(findings).toEqual([]);
  });

  it('CO-6 the plan of an ending is seen before it is saved', async () => {
    const page = await pageFor(story.officer);
    const findings: Findings = [];
    await page.goto(`${portal.origin}/state/coordinators/${story.coordinator.coordinatorId}`);
    await page.fill('#reason', 'She retires.');
    await page.click('form[action$="/end"] button');
    await look(page, 'office-end-refused', findings);
    await page.click('label[for=takeOver]');
    await page.click('form[action$="/end"] button');
    await look(page, 'office-end-plan', findings);
    expect(findings).toEqual([]);
  });
});
