import type { Page } from 'playwright-core';
import {
  approveRequest,
  choose,
  type DemoWalk,
  follow,
  heading,
  press,
  text,
  walkTheDemo,
} from '../support/demo-walk.js';

describe('coordinators come and go, and open requests follow, in a browser', () => {
  let demo: DemoWalk;
  /** A page Renée Fontenot opened while she was a coordinator. */
  let opened: Page;
  beforeAll(async () => {
    demo = await walkTheDemo();
  });
  afterAll(() => demo?.stop());

  /** Opens what a mail leads to, as whoever got it. */
  async function fromMail(userName: string, words: RegExp): Promise<Page> {
    const mail = await demo.mailTo(userName, words);
    const page = await demo.as(userName);
    await page.goto(mail.links[0]!);
    return page;
  }

  it('CO-3 the state office approves what the superintendent proposed', async () => {
    const wren = await demo.as('wren');
    await wren.goto('/requests/new?application=canopy&level=site&code=001005&role=canopy-learning&permission=learner');
    await press(wren, 'Send request');
    const odile = await demo.as('odile');
    await odile.goto('/');
    await demo.look(odile, 'change-01-home-of-the-desk');
    await odile.goto('/state');
    await follow(odile, /designation to look at/);
    await demo.look(odile, 'change-02-designations');
    await follow(odile, /Corinne Leblanc/);
    await demo.look(odile, 'change-03-proposed');
    await odile.getByLabel('Note').fill('The principal may decide beside her assistant principal.');
    await press(odile, 'Approve');
    expect(await text(odile)).toContain('Approved. The person is told how to go on.');
    expect(await text(odile)).toContain('Waits for the person to ask for access');
  });

  it('CO-3 the person signs the statement and asks for access', async () => {
    const corinne = await fromMail('corinne', /approved/);
    expect(await heading(corinne)).toBe('Coordinator access');
    await corinne.goto('/');
    await demo.look(corinne, 'change-04-home-of-the-designated');
    await follow(corinne.locator('main'), 'ask for access');
    await demo.look(corinne, 'change-05-access');
    await press(corinne, 'Sign, and ask for access');
    expect(await text(corinne)).toMatch(/Tick|Choose/);
    await demo.look(corinne, 'change-06-not-agreed');
    await choose(corinne, 'I have read this');
    await press(corinne, 'Sign, and ask for access');
    expect(await text(corinne)).toContain('You asked for access. The state office is told.');
    await demo.look(corinne, 'change-07-asked');
  });

  it('CO-3 the state office sees which open requests would come to her, and grants it', async () => {
    const odile = await fromMail('odile', /Corinne Leblanc signed the statement/);
    await press(odile, 'See what changes');
    expect(await text(odile)).toContain('One goes from Lena Arceneaux to Corinne Leblanc, Lena Arceneaux');
    await demo.look(odile, 'change-08-grant-plan');
    await press(odile, 'Grant access');
    expect(await text(odile)).toContain('Granted. The person decides from the day named');
    await demo.look(odile, 'change-09-granted');
  });

  it('CO-3 she decides what was open already, and the superintendent finds every step', async () => {
    const corinne = await fromMail('corinne', /now waits for you/);
    expect(await text(corinne)).toContain('Corinne Leblanc is a security coordinator now.');
    await demo.look(corinne, 'change-10-review');
    await approveRequest(corinne);
    await corinne.getByText('Your decision is saved').waitFor();
    const gaston = await demo.as('gaston');
    await gaston.goto('/designate');
    await demo.look(gaston, 'change-11-designate');
    await follow(gaston, /Corinne Leblanc/);
    expect(await text(gaston)).toMatch(
      /Gaston Thibodeaux designated Corinne Leblanc[^]*Odile Robicheaux approved it[^]*Corinne Leblanc signed the statement and asked for access[^]*Odile Robicheaux granted access/,
    );
    await demo.look(gaston, 'change-12-steps');
  });

  it('CO-6 a coordinator sees what would happen, and stands down', async () => {
    const renee = await demo.as('renee');
    opened = await renee.context().newPage();
    await opened.goto('/review');
    await follow(opened, /Jonah Prejean/);
    await renee.goto('/my-sites');
    await demo.look(renee, 'change-13-my-sites');
    await follow(renee, /^Stand down/);
    await renee.getByLabel('Why').fill('I move to another parish.');
    await press(renee, 'See what happens');
    expect(await text(renee)).toContain('2 go from Marcus Guillory, Renée Fontenot to Marcus Guillory');
    await demo.look(renee, 'change-14-stand-down-plan');
    await press(renee, 'Stand down');
    expect(await text(renee)).toContain('You stood down. Everybody concerned is told.');
    await demo.look(renee, 'change-15-stood-down');
  });

  it('AC-6 a page she had opened before tells what changed (409) and saves nothing', async () => {
    const [answer] = await Promise.all([
      opened.waitForResponse((each) => each.request().method() === 'POST'),
      approveRequest(opened),
    ]);
    expect(answer.status()).toBe(409);
    expect(await text(opened)).toMatch(
      /Renée Fontenot stands down\. Marcus Guillory decides R-\d{4}-\d{6} now\. Nothing of this page was saved/,
    );
    await demo.look(opened, 'change-16-no-longer-yours');
  });

  it('CO-6 who asked and the head are told by mail, and the request says where it went and why', async () => {
    await demo.mailTo('gaston', /Renée Fontenot is no longer a security coordinator for Acadia Parish/);
    await demo.mailTo('renee', /2 requests for access that waited for you are decided by others now/);
    const jonah = await fromMail('jonah', /Renée Fontenot stands down/);
    expect(await text(jonah)).toMatch(/Renée Fontenot stands down\.\s+Went to Marcus Guillory\./);
    await demo.look(jonah, 'change-17-moved');
  });

  it('CO-6 the last one is refused, with what to do', async () => {
    const marcus = await demo.as('marcus');
    await marcus.goto('/my-sites');
    await follow(marcus, /^Stand down/);
    await marcus.getByLabel('Why').fill('I retire.');
    await press(marcus, 'See what happens');
    expect(await text(marcus)).toContain(
      'Acadia Parish would have no coordinator for the whole school system from now on. Have the head designate a successor first',
    );
    await demo.look(marcus, 'change-18-last-one');
  });

  it('CO-6 the state office ends it and takes over, and the system stays without a gap', async () => {
    const odile = await demo.as('odile');
    await odile.goto('/state/coverage?view=single');
    await follow(odile.locator('main'), /Marcus Guillory/);
    await demo.look(odile, 'change-19-coordinator');
    await odile.getByLabel('Why').fill('He retires.');
    await choose(odile, 'The state office takes over');
    await odile.getByRole('button', { name: 'See what changes' }).last().click();
    expect(await text(odile)).toContain('2 permissions in 2 open requests, all of them to the state office');
    expect(await text(odile)).toContain('Nobody left for the whole school system');
    await demo.look(odile, 'change-20-end-plan');
    await press(odile, 'End the duties');
    expect(await text(odile)).toMatch(/Ended .*: He retires\./);
    await demo.look(odile, 'change-21-ended');
    await demo.mailTo('marcus', /ended your duties as a security coordinator for Acadia Parish[^]*He retires/);
    await demo.mailTo('gaston', /Acadia Parish has no coordinator for the whole school system/);
    await demo.mailTo('vera', /Acadia Parish has no coordinator for the whole school system/);
    await demo.mailTo('jonah', /Marcus Guillory is no longer a security coordinator/);
  });

  it('CO-6 everybody reads that the state office stands in, and the open request is decided there', async () => {
    const odile = await demo.as('odile');
    await odile.goto('/state/coverage?view=without&q=acadia');
    expect(await text(odile)).toMatch(/Gaston Thibodeaux, Superintendent\s+The state stands in/);
    await follow(odile.locator('main'), 'Acadia Parish');
    expect(await text(odile)).toContain('The state office stands in until one is named.');
    await demo.look(odile, 'change-22-taken-over');
    const gaston = await demo.as('gaston');
    await gaston.goto('/designate');
    expect(await text(gaston)).toContain('Nobody decides for all of Acadia Parish');
    await demo.look(gaston, 'change-23-head-vacant');
    const vera = await demo.as('vera');
    await vera.goto('/review');
    await follow(vera, /Jonah Prejean/);
    expect(await text(vera)).toContain('Odile Robicheaux, Vera Lindholm at the state office');
    await demo.look(vera, 'change-24-desk-review');
    await approveRequest(vera);
    await vera.getByText('Your decision is saved').waitFor();
    const marcus = await demo.as('marcus');
    await marcus.goto('/review');
    expect(await text(marcus)).toContain('This page is not open to you.');
    await demo.look(marcus, 'change-25-former');
  });

  it('WB-4 no page has a serious accessibility fault, is wider than the screen, or breaks its own security policy', () => {
    expect(demo.faults()).toEqual([]);
  });
});
