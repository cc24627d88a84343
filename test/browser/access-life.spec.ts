import type { Locator, Page } from 'playwright-core';
import { days, localDay } from '#kernel';
import { TimeSweep } from '#requests';
import { type DemoWalk, follow, heading, press, text, walkTheDemo } from '../support/demo-walk.js';

/* One request of many lines from asking to the end of the last right, and somebody who leaves while eSER is open. */
describe('how access lives and ends, in a browser', () => {
  let demo: DemoWalk;
  beforeAll(async () => {
    demo = await walkTheDemo();
  });
  afterAll(() => demo?.stop());

  const wish = new URLSearchParams([
    ['application', 'ser-iep-form'],
    ['role', 'iep-form'],
    ['permission', 'iep-form-writer'],
    ['permission', 'iep-form-approver'],
    ['level', 'site'],
    ['code', '395005'],
    ['place', 'site:395001'],
    ['place', 'site:001005'],
    ['place', 'site:501002'],
  ]);
  const places = {
    hugo: 'Lord Beaconsfield',
    theo: 'Martin Behrman',
    lena: 'Church Point High',
    emmett: 'St. Clotilde',
  };
  let address: string;

  /** The request on the screen of somebody who decides a part of it. */
  async function review(userName: string): Promise<Page> {
    const page = await demo.as(userName);
    await page.goto('/review');
    await follow(page, /Quoc Tran/);
    await page.getByRole('heading', { name: 'Your decision' }).waitFor();
    return page;
  }
  /** One line on that screen. */
  async function line(page: Page, permission: 'Writer' | 'Approver', place: string): Promise<Locator> {
    const rest = page.locator('details:not([open])', { hasText: 'one by one' });
    if (await rest.count()) await rest.locator('summary').first().click();
    return page.getByRole('group', { name: new RegExp(`^IEP Form ${permission}(?! at (?!${place}))`) }).locator('..');
  }
  const answer = (one: Locator, word: 'Approve' | 'Approve less' | 'Reject'): Promise<void> =>
    one.getByText(word, { exact: true }).click();
  async function reject(one: Locator, reason: string): Promise<void> {
    await answer(one, 'Reject');
    await one.getByLabel('Reason').fill(reason);
  }
  async function save(page: Page): Promise<void> {
    await press(page, 'Save decision');
    await page.getByText('Your decision is saved').waitFor();
  }
  async function own(): Promise<string> {
    const page = await demo.as('quoc');
    await page.goto(address);
    return text(page);
  }

  it('CO-2 one form for four places under four coordinators; who decides each is named before it is sent', async () => {
    const page = await demo.as('quoc');
    await page.goto(`/requests/new?${wish}`);
    expect(await heading(page)).toBe('Check and send');
    const check = await text(page);
    for (const name of ['Hugo Delacroix', 'Theo Batiste', 'Lena Arceneaux', 'Emmett Savoie'])
      expect(check).toContain(name);
    expect(check).toContain('Whoever writes an IEP form should not be the one who makes it official.');
    await demo.look(page, 'life-01-check');
    await press(page, 'Send request');
    await page.waitForURL(/\/requests\/[0-9a-f-]{36}/);
    address = new URL(page.url()).pathname;
    await demo.look(page, 'life-02-sent');
    const mail = await demo.mailTo('theo', /Quoc Tran/);
    expect(mail.text).toMatch(/IEP Form Writer[\s\S]*IEP Form Approver/);
  });

  it('each coordinator has one screen with their own part; one approves a part, and the person reads why not the rest', async () => {
    const lena = await review('lena');
    const shown = await text(lena);
    expect(shown).toContain(places.lena);
    expect(shown).not.toContain(places.theo);
    await answer(await line(lena, 'Writer', places.lena), 'Approve');
    await reject(await line(lena, 'Approver', places.lena), 'Our supervisor makes the forms official.');
    await demo.look(lena, 'life-03-partial');
    await save(lena);
    expect(await own()).toContain('Our supervisor makes the forms official.');
  });

  it('less is approved: the person is asked, agrees, and has it until the earlier day', async () => {
    const hugo = await review('hugo');
    const writer = await line(hugo, 'Writer', places.hugo);
    await answer(writer, 'Approve less');
    await writer.getByText('What to approve, if less').click();
    await writer.getByLabel('Last day').fill(dayFromNow(60));
    await reject(await line(hugo, 'Approver', places.hugo), 'Not for the time being.');
    await demo.look(hugo, 'life-04-narrower');
    await save(hugo);
    const mail = await demo.mailTo('quoc', /Hugo Delacroix/);
    const quoc = await demo.as('quoc');
    await quoc.goto(mail.links.find((link) => link.includes(address)) ?? address);
    await demo.look(quoc, 'life-05-offer');
    await press(quoc, 'Take it');
    await demo.look(quoc, 'life-06-accepted');
    expect(await own()).toMatch(/Given: IEP Form Writer until/);
  });

  it('a question goes back to the person, and the answer returns it', async () => {
    const emmett = await review('emmett');
    await emmett.getByText('Something to ask the person first?').click();
    await emmett.getByLabel('Your question').fill('On which days are you at St. Clotilde?');
    await press(emmett, 'Ask the person');
    const quoc = await demo.as('quoc');
    await quoc.goto(address);
    await quoc.getByLabel('Your answer').fill('Every Tuesday.');
    await press(quoc, 'Send answer');
    const again = await review('emmett');
    expect(await text(again)).toContain('Every Tuesday.');
    await answer(await line(again, 'Writer', places.emmett), 'Approve');
    await reject(await line(again, 'Approver', places.emmett), 'One of us is enough.');
    await save(again);
  });

  it('OA-11 somebody leaves while eSER is open in another window: it refuses within a second', async () => {
    const wren = await demo.as('wren');
    await wren.goto(demo.system.settings.ESER_ORIGIN);
    await follow(wren, /Sign in/);
    await wren.waitForURL(
      (url) => url.origin === demo.system.settings.ESER_ORIGIN && !url.pathname.includes('sign-in'),
    );
    const inside = wren.url();
    expect(await text(wren)).toContain('Site 001005');
    await demo.look(wren, 'life-07-eser-inside');

    const marcus = await demo.as('marcus');
    await marcus.goto('/people');
    await follow(marcus, /Wren Castille/);
    await demo.look(marcus, 'life-08-person');
    await marcus.getByLabel('Why').last().fill('Moved to another state.');
    await press(marcus, /^End/);
    await marcus.getByRole('heading', { name: /^Left as of/ }).waitFor();
    const saved = Date.now();
    const stillOpen = async (): Promise<boolean> =>
      (await (await wren.context().request.get(inside)).text()).includes('Site 001005');
    while (await stillOpen()) expect(Date.now() - saved).toBeLessThan(1000);
    await wren.goto(inside);
    expect(await text(wren)).not.toContain('Site 001005');
    await demo.look(wren, 'life-09-eser-refuses');
    await marcus.reload();
    expect(await text(marcus)).toMatch(/told|confirmed/i);
    await demo.look(marcus, 'life-10-left');
  });

  it('five working days without an answer: the clock passes it on, and who decides instead is told and decides', async () => {
    await demo.later(12);
    await demo.system.portal.get(TimeSweep).followTime(localDay(new Date(Date.now() + days(12))));
    expect(await own()).toContain('It was not decided in time');
    await demo.look(await demo.as('quoc'), 'life-11-passed-on');
    const hugo = await review('hugo');
    expect(await text(hugo)).toContain(places.theo);
    await answer(await line(hugo, 'Writer', places.theo), 'Approve');
    await reject(await line(hugo, 'Approver', places.theo), 'Not for the time being.');
    await save(hugo);
  });

  it('access that ends is asked for longer, from the page that says when it ends', async () => {
    const quoc = await demo.as('quoc');
    await quoc.goto('/access');
    await demo.look(quoc, 'life-12-my-access');
    await follow(quoc, /keep it longer/);
    await demo.look(quoc, 'life-13-longer');
    await press(quoc, /Send|Ask/);
    await quoc.getByRole('heading', { name: /^Request R-/ }).waitFor();
    const hugo = await review('hugo');
    await demo.look(hugo, 'life-14-extension');
    await answer(hugo.locator('main'), 'Approve');
    await save(hugo);
    await quoc.goto('/access');
    expect(await text(quoc)).toMatch(new RegExp(`The last day is [A-Z][a-z]+ \\d+, ${yearFromNow()}`));
    await demo.look(quoc, 'life-15-extended');
  });

  it('WB-4 no page has a serious accessibility fault, is wider than the screen, or breaks its own security policy', () => {
    expect(demo.faults()).toEqual([]);
  });
});

const dayFromNow = (count: number): string => localDay(new Date(Date.now() + days(count)));
const yearFromNow = (): string => dayFromNow(60 + 365).slice(0, 4);
