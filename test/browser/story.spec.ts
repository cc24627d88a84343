import type { Locator, Page } from 'playwright-core';
import { choose, type DemoWalk, follow, heading, press, signIn, text, walkTheDemo } from '../support/demo-walk.js';

/** Camille Doucet of the demo's staff file: on staff at Branch Elementary School, without an account. */
const camille = {
  first: 'Camille',
  last: 'Doucet',
  userName: 'camille.doucet',
  email: 'camille.doucet@schools.example',
  passphrase: 'seven herons cross the bayou',
};

describe('from a new username to an eSER token, in a browser', () => {
  let demo: DemoWalk;
  let teacher: Page;
  let coordinator: Page;
  let portal: string;
  let eser: string;
  const look = (page: Page, name: string): Promise<void> => demo.look(page, name);

  beforeAll(async () => {
    demo = await walkTheDemo();
    portal = demo.portal;
    eser = demo.system.settings.ESER_ORIGIN;
    teacher = await demo.window();
    coordinator = await demo.window();
  });
  afterAll(() => demo?.stop());

  it('a stranger registers with a user name, a work e-mail and a passphrase', async () => {
    await teacher.goto(portal);
    await look(teacher, '01-welcome');
    await follow(teacher, 'Register');
    await teacher.getByLabel('First name').fill(camille.first);
    await teacher.getByLabel('Last name').fill(camille.last);
    await teacher.getByLabel('User name').fill(camille.userName);
    await teacher.getByLabel('Work e-mail address').fill(camille.email);
    await teacher.getByLabel('Passphrase', { exact: true }).fill('too short');
    await press(teacher, /register|create/i);
    expect(await text(teacher)).toMatch(/15/);
    await look(teacher, '02-register-faults');
    expect(await teacher.getByLabel('First name').inputValue()).toBe(camille.first);
    await teacher.getByLabel('Passphrase', { exact: true }).fill(camille.passphrase);
    await press(teacher, /register|create/i);
    expect(await heading(teacher)).toBe('Check your mail');
    await look(teacher, '03-check-your-mail');
  });

  it('confirms the address from the mail that comes, and is led on to sign in', async () => {
    const mail = await demo.system.mailbox.waitFor((each) => each.to.includes(camille.email));
    await teacher.goto(mail.links[0]!);
    expect(await heading(teacher)).toBe('Confirm your address');
    expect(teacher.url()).not.toContain('token');
    await look(teacher, '04-confirm');
    await press(teacher, /confirm/i);
    expect(await heading(teacher)).toBe('You can sign in');
    await follow(teacher.locator('main'), /sign in/i);
    await look(teacher, '05-sign-in');
    await signIn(teacher, camille.userName, camille.passphrase);
    expect(await heading(teacher)).toBe('Self Registration');
    await look(teacher, '06-home-new');
  });

  it('links the Staff ID, found by name and birth date', async () => {
    await follow(teacher, 'Link your Staff ID');
    await teacher.getByLabel('First name').fill(camille.first);
    await teacher.getByLabel('Last name').fill(camille.last);
    await teacher.getByLabel('Month').fill('4');
    await teacher.getByLabel('Day').fill('13');
    await teacher.getByLabel('Year').fill('1990');
    await press(teacher, /link my Staff ID/);
    await look(teacher, '07-staff-id-wrong');
    expect(await heading(teacher)).toBe('Link your Staff ID');
    await teacher.getByLabel('Day').fill('12');
    await press(teacher, /link my Staff ID/);
    expect(await text(teacher)).toContain('8100000020');
    await look(teacher, '08-staff-id-linked');
  });

  it('is turned away by eSER, which names the missing permission and links to the request form', async () => {
    await teacher.goto(eser);
    await look(teacher, '09-eser-stranger');
    await teacher
      .getByRole('link', { name: /sign in/i })
      .or(teacher.getByRole('button', { name: /sign in/i }))
      .first()
      .click();
    const refused = await teacher.locator('body').innerText();
    expect(refused).toContain('IEP Form Writer');
    await look(teacher, '10-eser-refused');
    await teacher
      .getByRole('link', { name: /IEP Form Writer/ })
      .first()
      .click();
    expect(teacher.url()).toContain(`${portal}/requests/new`);
    expect(teacher.url()).toContain('application=ser-iep-form');
  });

  it('asks for two permissions and reads, before sending, who will decide and why they', async () => {
    await teacher.goto(`${portal}/requests/new`);
    await look(teacher, '11-request-application');
    await choose(teacher, 'SER IEP Form');
    await press(teacher, 'Continue');
    await look(teacher, '12-request-place');
    await teacher.getByLabel(/Name or code/).fill('church point');
    await teacher.getByRole('link', { name: /Church Point High/ }).waitFor(); // the list follows the typing
    await follow(teacher, /Branch Elementary School/);
    await look(teacher, '13-request-permissions');
    await choose(teacher, 'IEP Form Writer');
    await choose(teacher, 'IEP Form Approver');
    await press(teacher, 'Continue');
    const check = await text(teacher);
    expect(check).toContain('Marcus Guillory');
    expect(check).toContain('Renée Fontenot');
    expect(check).toMatch(/no coordinator of its own/);
    await teacher.getByLabel(/Why you need it/).fill('I teach special education here since August.');
    await look(teacher, '14-request-check');
    await press(teacher, 'Send request');
    expect(teacher.url()).toMatch(/\/requests\/[0-9a-f-]{36}/);
    await look(teacher, '15-request-sent');
    // Going back and sending once more is not a second request.
    await teacher.goBack();
    await press(teacher, 'Send request');
    expect(await text(teacher)).toMatch(/already/);
    await look(teacher, '15b-request-sent-twice');
  });

  it('the coordinator gets a mail, reads who asks for what and where that person works, approves one and rejects one', async () => {
    const mail = await demo.system.mailbox.waitFor(
      (each) =>
        each.to.includes('marcus@schools.example') && /\/review\//.test(each.text) && each.text.includes('Doucet'),
    );
    await coordinator.goto(mail.links.find((link) => link.includes('/review/'))!);
    await signIn(coordinator, 'marcus', demo.passphrase);
    const page = await text(coordinator);
    expect(page).toContain('Camille Doucet');
    expect(page).toContain('Branch Elementary School (001002), Special education teacher');
    await look(coordinator, '16-review');
    const line = (permission: string): Locator =>
      coordinator.locator('form .edlink-box', { has: coordinator.locator('legend', { hasText: permission }) });
    await line('IEP Form Writer').getByText('Approve', { exact: true }).click();
    await line('IEP Form Approver').getByText('Reject', { exact: true }).click();
    await press(coordinator, 'Save decision');
    expect(await text(coordinator)).toMatch(/reason/i);
    await look(coordinator, '17-review-reason-missing');
    await line('IEP Form Approver').getByLabel('Reason').fill('Approving is done by the supervisor at your school.');
    await press(coordinator, 'Save decision');
    await coordinator.goto(`${portal}/review`);
    await look(coordinator, '18-review-list');
    expect(await text(coordinator)).not.toContain('Camille Doucet');
  });

  it('the person is told by mail and in the portal', async () => {
    const mail = await demo.system.mailbox.waitFor(
      (each) => each.to.includes(camille.email) && each.text.includes('Approving is done by the supervisor'),
    );
    expect(mail.text).toContain('IEP Form Writer');
    await teacher.goto(`${portal}/notifications`);
    expect(await text(teacher)).toContain('Approving is done by the supervisor');
    await look(teacher, '19-notifications');
    await teacher.goto(portal);
    expect(await text(teacher)).toMatch(/IEP Form Writer/);
    await look(teacher, '20-home-approved');
  });

  it('opens eSER with the same account and sees exactly what is allowed, and where', async () => {
    await teacher.goto(eser);
    await teacher
      .getByRole('link', { name: /sign in/i })
      .or(teacher.getByRole('button', { name: /sign in/i }))
      .first()
      .click();
    const inside = await teacher.locator('body').innerText();
    expect(inside).toMatch(/Write an IEP\s[^]*Site 001002/);
    expect(inside).toContain('Not open to you: needs “IEP Form Approver”');
    await look(teacher, '21-eser-inside');
    await follow(teacher, 'Write an IEP');
    await look(teacher, '22-eser-writer');
    await teacher.goBack();
    await follow(teacher, 'Make an IEP official');
    expect(await teacher.locator('body').innerText()).toMatch(/missing|need/i);
    await look(teacher, '23-eser-approver-refused');
  });

  it('signs out, and Back shows nothing (SE-6)', async () => {
    await teacher.goto(`${portal}/notifications`);
    await press(teacher, 'Sign out');
    await press(teacher.locator('main'), 'Sign out');
    expect(await heading(teacher)).toMatch(/signed out/i);
    await look(teacher, '24-signed-out');
    await teacher.goto(`${portal}/notifications`);
    expect(await heading(teacher)).toBe('Sign in');
    await teacher.goBack();
    await teacher.goBack();
    expect(await text(teacher)).not.toContain('Approving is done by the supervisor');
  });

  it('no page has a serious accessibility fault, is wider than the screen, or breaks its own security policy', () => {
    expect(demo.faults()).toEqual([]);
  });
});
