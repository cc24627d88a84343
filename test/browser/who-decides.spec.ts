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

/** What somebody asks for, as eSER links to it. */
interface Wish {
  application: string;
  code: string;
  level?: 'system' | 'site';
  role: string;
  permission: string;
}

const iepForm = { application: 'ser-iep-form', role: 'iep-form', permission: 'iep-form-writer' };
const canopy = { application: 'canopy', role: 'canopy-learning', permission: 'learner' };

describe('who decides, in every set-up of coordinators, in a browser', () => {
  let demo: DemoWalk;
  beforeAll(async () => {
    demo = await walkTheDemo();
  });
  afterAll(() => demo?.stop());

  /** The last page before a request is sent, which names who will decide. */
  async function check(userName: string, wish: Wish): Promise<Page> {
    const page = await demo.as(userName);
    await page.goto(`/requests/new?${new URLSearchParams({ level: 'site', ...wish })}`);
    expect(await heading(page)).toBe('Check and send');
    return page;
  }

  async function send(userName: string, wish: Wish): Promise<Page> {
    const page = await check(userName, wish);
    await press(page, 'Send request');
    await page.waitForURL(/\/requests\/[0-9a-f-]{36}/);
    return page;
  }

  /** What somebody reads in the list of what waits. */
  async function waitingFor(userName: string): Promise<string> {
    const page = await demo.as(userName);
    await page.goto('/review');
    expect(await heading(page)).toBe('Requests waiting for you');
    return text(page);
  }

  /** Opens a request from the list of what waits. */
  async function open(userName: string, requester: string): Promise<Page> {
    const page = await demo.as(userName);
    await page.goto('/review');
    await follow(page, new RegExp(requester));
    await page.getByRole('heading', { name: 'Who asks' }).waitFor();
    return page;
  }

  async function decides(userName: string, requester: string): Promise<void> {
    const page = await open(userName, requester);
    await approveRequest(page);
    await page.getByText('Your decision is saved').waitFor();
    expect(await text(page)).not.toContain(requester);
  }

  const ownRequest = async (userName: string, title: RegExp): Promise<Page> => {
    const page = await demo.as(userName);
    await page.goto('/');
    await follow(page, title);
    await page.getByRole('heading', { name: /^Request / }).waitFor();
    return page;
  };

  it('CO-2 several for a system: both are named, one decides, the other finds it decided', async () => {
    const jonah = await ownRequest('jonah', /SER IEP Form at Branch/);
    expect(await text(jonah)).toMatch(/Marcus Guillory, Renée Fontenot \(whoever acts first\)/);
    expect(await text(jonah)).toContain(
      'This school has no coordinator of its own, so the two coordinators of Acadia Parish decide.',
    );
    await demo.look(jonah, 'who-01-request-of-two');
    const renee = await open('renee', 'Jonah Prejean');
    await demo.look(renee, 'who-02-review');
    await decides('marcus', 'Jonah Prejean');
    await approveRequest(renee); // on the page that was open all the while
    expect(await text(renee)).toContain('While you had it open: "IEP Form Writer" was approved by Marcus Guillory');
    await demo.look(renee, 'who-03-decided-meanwhile');
    expect(await waitingFor('renee')).not.toContain('Jonah Prejean');
    await demo.look(await demo.as('renee'), 'who-04-waiting');
    await jonah.reload();
    expect(await text(jonah)).toContain('Marcus Guillory approved IEP Form Writer');
  });

  it('CO-2 one for a school: she decides there, and everybody else of the system is left alone', async () => {
    const wren = await send('wren', { ...canopy, code: '001005' });
    expect(await text(wren)).toContain('This school has a coordinator of its own, who decides.');
    expect(await waitingFor('marcus')).not.toContain('Wren Castille');
    const lena = await demo.as('lena');
    await lena.goto('/my-sites');
    expect(await text(lena)).toMatch(/Church Point High School\s+School · 001005\s+Lena Arceneaux\s+One request/);
    await demo.look(lena, 'who-05-my-sites');
    await decides('lena', 'Wren Castille');
  });

  it('CO-2 a group of schools: its coordinator decides before those of the system', async () => {
    const bianca = await ownRequest('bianca', /SER IEP Form at Martin Behrman/);
    expect(await text(bianca)).toContain('the coordinator of its group of sites decides');
    await demo.look(bianca, 'who-06-group');
    expect(await waitingFor('hugo')).not.toContain('Bianca Okafor');
    const theo = await demo.as('theo');
    await theo.goto('/my-sites');
    expect(await text(theo)).toContain('Coordinator for 3 sites of Orleans Parish');
    await demo.look(theo, 'who-07-group-sites');
    await decides('theo', 'Bianca Okafor');
    await demo.mailTo('bianca', /IEP Form Approver: approved\./);
  });

  it('CO-2 SER only, for a whole system: Hugo decides SER, the general coordinator all else', async () => {
    const quoc = await check('quoc', { ...iepForm, code: '395005' });
    expect(await text(quoc)).toContain('Hugo Delacroix');
    expect(await text(quoc)).toContain('so the coordinator for SER IEP Form of Orleans Parish decides');
    expect(await text(quoc)).not.toContain('Simone Ledet');
    await demo.look(quoc, 'who-08-ser-only');
    await press(quoc, 'Send request');
    await decides('hugo', 'Quoc Tran');
    expect(await waitingFor('hugo')).not.toContain('Canopy');
  });

  it('CO-2 SER only, for nonpublic and early-childhood sites: the serving system decides SER, the diocese the rest', async () => {
    const zelie = await ownRequest('zelie', /SER IEP Form at St\. Clotilde/);
    expect(await text(zelie)).toContain('Emmett Savoie');
    expect(await text(zelie)).toContain('This site comes with the school system that serves it, Acadia Parish.');
    await demo.look(zelie, 'who-09-served');
    expect(await waitingFor('agnes')).not.toContain('Zélie Dupré');
    await demo.look(await demo.as('agnes'), 'who-10-nothing-waits');
    await decides('emmett', 'Zélie Dupré');
    await check('zelie', { ...canopy, code: '501002' });
    expect(await text(zelie)).toContain('Agnes Hebert');
    expect(await text(zelie)).not.toContain('Emmett Savoie');
    await press(zelie, 'Send request');
    await decides('agnes', 'Zélie Dupré');
    const emmett = await demo.as('emmett');
    await emmett.goto('/my-sites');
    expect(await text(emmett)).toMatch(
      /owned by Diocese of Bayou Teche\s+SER, SER IEP Form: Emmett Savoie\s+Canopy: Agnes Hebert/,
    );
    await demo.look(emmett, 'who-11-served-sites');
  });

  it('CO-2 SER only, for one school: Yvette decides SER there, and never her own request', async () => {
    const own = await check('yvette', { ...iepForm, code: '001006' });
    expect(await text(own)).toMatch(/Marcus Guillory, Renée Fontenot/);
    expect(await text(own)).toContain('nobody decides for themselves');
    await demo.look(own, 'who-12-own');
    const wren = await send('wren', { ...iepForm, code: '001006' });
    expect(await text(wren)).toContain('This school has a coordinator of its own for SER IEP Form, who decides.');
    await decides('yvette', 'Wren Castille');
    await check('wren', { ...canopy, code: '001006' });
    expect(await text(wren)).toMatch(/Marcus Guillory, Renée Fontenot/);
  });

  it('CO-6 nobody there: the state office decides, said in words, and either of the two officers may', async () => {
    const remy = await ownRequest('remy', /SER at Bright Bayou/);
    expect(await text(remy)).toMatch(/Odile Robicheaux, Vera Lindholm at the state office/);
    expect(await text(remy)).toContain(
      'Neither this site nor Lafayette Parish has a coordinator who can decide this, so the state office decides.',
    );
    await demo.look(remy, 'who-13-state-desk');
    expect(await waitingFor('odile')).toContain('Remy Broussard');
    await decides('vera', 'Remy Broussard');
    expect(await waitingFor('odile')).not.toContain('Remy Broussard');
  });

  it('CO-4 away for a week: who stands in decides, in the place of who is away, and the page says until when', async () => {
    const quoc = await ownRequest('quoc', /Canopy at Lord Beaconsfield/);
    expect(await text(quoc)).toMatch(/Aurélie Melançon \(in place of Simone Ledet, who is away until /);
    expect(await text(quoc)).toMatch(/Simone Ledet is away until \w+, \w+ \d+, and Aurélie Melançon decides instead/);
    await demo.look(quoc, 'who-14-cover');
    const aurelie = await demo.as('aurelie');
    await aurelie.goto('/my-sites');
    expect(await text(aurelie)).toContain(
      'Coordinator for Orleans Parish, in place of Simone Ledet, who is away until ',
    );
    await demo.look(aurelie, 'who-15-cover-sites');
    await decides('aurelie', 'Quoc Tran');
    const simone = await demo.as('simone');
    await simone.goto('/cover');
    expect(await text(simone)).toContain('Aurélie Melançon decides in your place from ');
    await demo.look(simone, 'who-16-covers');
  });

  it('AC-5 wrong place: who works for the system is told that the site comes with it, and goes there in one click', async () => {
    const ezra = await demo.as('ezra');
    await ezra.goto('/requests/new?application=ser-iep-form');
    await ezra.getByLabel(/Name or code/).fill('clotilde');
    await follow(ezra, /St\. Clotilde Academy/);
    expect(await text(ezra)).toContain('This site comes with Acadia Parish');
    await demo.look(ezra, 'who-17-wrong-place');
    await follow(ezra, 'Ask for Acadia Parish instead');
    await choose(ezra, 'IEP Form Writer');
    await press(ezra, 'Continue');
    expect(await text(ezra)).not.toContain('St. Clotilde');
    expect(await text(ezra)).toMatch(/Marcus Guillory, Renée Fontenot/);
    await demo.look(ezra, 'who-18-whole-system');
    await press(ezra, 'Send request');
    expect(await heading(ezra)).toMatch(/^Request R-/);
  });

  it('AC-5 a coordinator offers the whole system, and the person who asked agrees', async () => {
    const wren = await check('wren', { ...iepForm, code: '001003' });
    expect(await text(wren)).toContain('Staff records do not show that you are employed at Central Rayne');
    await press(wren, 'Send request');
    const marcus = await open('marcus', 'Wren Castille');
    await marcus.getByText('Meant for the whole school system?').click();
    await marcus.getByLabel('A word to the person').fill('You treat children in all our schools.');
    await press(marcus, 'Offer the whole system');
    await marcus.getByText('Your offer is sent').waitFor();
    await demo.look(marcus, 'who-19-offered');
    const mail = await demo.mailTo('wren', /to ask for the whole of Acadia Parish/);
    await wren.goto(mail.links[0]!);
    expect(await text(wren)).toContain('You treat children in all our schools.');
    await demo.look(wren, 'who-20-offer');
    await press(wren, 'Ask for the whole system');
    expect(await text(wren)).toMatch(/You sent the request in place of R-\d{4}-\d{6}/);
    expect(await text(wren)).toContain('All sites of Acadia Parish are asked for');
    await demo.look(wren, 'who-21-accepted');
    await decides('renee', 'Wren Castille');
  });

  it('everybody finds who decides at a school, without signing in', async () => {
    const stranger = await demo.window();
    await stranger.goto('/');
    await follow(stranger, 'Find my coordinator');
    await demo.look(stranger, 'who-22-find');
    await stranger.getByLabel(/Name or code/).fill('clotilde');
    await press(stranger, 'Search');
    await follow(stranger, /St\. Clotilde Academy/);
    expect(await heading(stranger)).toBe('Who decides at St. Clotilde Academy');
    expect(await text(stranger)).toMatch(/SER IEP Form\s+Emmett Savoie, coordinator since/);
    expect(await text(stranger)).toMatch(/Canopy\s+Agnes Hebert, coordinator since/);
    await demo.look(stranger, 'who-23-found');
    await stranger.goto('/find-coordinator?level=site&code=E01003');
    expect(await text(stranger)).toMatch(/Odile Robicheaux, state office/);
    await demo.look(stranger, 'who-24-found-state');
  });

  it('a school system is seen at a glance', async () => {
    const gaston = await demo.as('gaston');
    await gaston.goto('/designate');
    await follow(gaston, /Who decides in Acadia Parish/);
    expect(await heading(gaston)).toBe('Who decides in Acadia Parish');
    const picture = await text(gaston);
    expect(picture).toMatch(/2 with their own\s+5 in a group\s+7 by the school system/);
    expect(picture).toMatch(/Church Point Middle School\s+001006 · School\s+SER, SER IEP Form: Yvette Boudreaux/);
    expect(picture).toMatch(/belongs to Diocese of Bayou Teche\s+Canopy: Agnes Hebert/);
    await demo.look(gaston, 'who-25-picture');
  });

  it('the state office sees where somebody decides and where nobody does', async () => {
    const odile = await demo.as('odile');
    await odile.goto('/state');
    await demo.look(odile, 'who-26-office');
    await follow(odile, /systems? that hangs? on one person/);
    expect(await text(odile)).toContain('Simone Ledet');
    await demo.look(odile, 'who-27-single');
    const lists = [
      ['without', /Lafayette Parish 028/],
      ['applications', /Allen Parish 002\s+SER, SER IEP Form, Canopy/],
      ['unserved', /Every nonpublic and early-childhood school and center has a school system that serves it/],
      ['unsigned', /Everybody has signed/],
      ['coordinators', /Orleans Parish R36\s+the whole school system, SER and SER IEP Form only/],
    ] as const;
    for (const [view, entry] of lists) {
      await odile.goto(`/state/coverage?view=${view}`);
      expect(await text(odile)).toMatch(entry);
      await demo.look(odile, `who-28-coverage-${view}`);
    }
  });

  it('WB-4 no page has a serious accessibility fault, is wider than the screen, or breaks its own security policy', () => {
    expect(demo.faults()).toEqual([]);
  });
});
