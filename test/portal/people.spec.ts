import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrantsService } from '#grants';
import { localDay, newId, systemActor } from '#kernel';
import { StaffFeedImport } from '#staff';
import { aSite, aStateOfficer, aTeacher, type TestPerson } from '../support/people.js';
import { startPortal, type TestPortal } from './portal.js';
import { ask, type Story, tellStory } from './story.js';

describe('people, through the pages', () => {
  let portal: TestPortal;
  let story: Story;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  const give = async ({ accountId, staffMemberId }: TestPerson, code: string, permission = 'iep-form-writer') =>
    portal.app.get(GrantsService, { strict: false }).give(systemActor, {
      application: 'ser-iep-form',
      role: 'iep-form',
      permission,
      location: { level: 'site', code },
      systemCode: story.system,
      accountId,
      staffMemberId,
    });
  const effective = async ({ accountId }: TestPerson): Promise<number> =>
    (await portal.app.get(GrantsService, { strict: false }).effective(accountId, undefined, portal.clock.now())).length;
  const someone = (lastName: string, site = story.school): Promise<TestPerson> =>
    aTeacher(portal.em, { firstName: 'Evangeline', lastName, site });

  it('SE-4 a leaver: the coordinator ends the employment, sees what ended and when; the session of the leaver is over', async () => {
    const person = await someone('Robichaux');
    await give(person, story.school);
    const { reference } = await ask(portal, person, story.school, { permissions: ['iep-form-approver'] });
    const leaver = await portal.signedIn(person);
    expect((await leaver.open('/notifications')).status).toBe(200);
    const coordinator = await portal.signedIn(story.coordinator);
    const address = `/people/${person.staffMemberId}`;
    const before = await coordinator.open(address);
    for (const words of [
      'Evangeline Robichaux',
      'IEP Form Writer in',
      'Ends the employment at Heron Street',
      reference,
    ])
      expect(before.text).toContain(words);

    const empty = await coordinator.post(`${address}/end`, { reason: '' });
    expect(empty.status).toBe(422);
    expect(empty.text).toContain('the person reads it');
    const wrong = await coordinator.post(`${address}/end`, { reason: 'x', lastDay: '2024-01-01' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('href="#lastDay"');

    portal.clock.advance(1000);
    const sent = await coordinator.post(`${address}/end`, { reason: 'Moved to another state.', lastDay: '' });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `${address}?done=left`]);
    expect(await effective(person)).toBe(0);
    expect((await leaver.open('/notifications')).status).toBe(303);
    const { text } = await coordinator.open(`${address}?done=left`);
    for (const words of [
      'Ended. Below is what ended with it',
      'Left as of',
      'by Marguerite Delahoussaye',
      'Moved to another state.',
      'Teacher at Heron Street Elementary',
      'IEP Form Writer in',
      `Request ${reference} for`,
      'Everything that was signed in',
      'No access where you decide.',
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('Ends the employment');
    portal.clock.advance(1000);
    const told = await (await portal.signedIn(person)).open('/notifications');
    expect(told.text).toContain('Your access has ended');
    expect(told.text).toContain('Moved to another state.');
  });

  it('who comes back finds on the home page what to ask for again, filled in', async () => {
    const person = await someone('Quibodeaux');
    await give(person, story.school);
    const officer = await portal.signedIn(story.officer);
    await officer.post(`/people/${person.staffMemberId}/end`, { reason: 'Left.' });
    portal.clock.advance(1000);
    const back = await portal.signedIn(person);
    expect((await back.open('/')).text).not.toContain('Welcome back');
    await portal.em.execute(`update employment set to_day = null where staff_member_id = ?`, [person.staffMemberId]);
    const { html, text } = await back.open('/');
    expect(text).toContain('Your access ended when you left');
    const link = /href="(\/requests\/new\?application=[^"]+)">Ask for it again/.exec(html)![1]!;
    const check = await back.open(link.replaceAll('&amp;', '&'));
    expect(check.text).toContain('Heron Street Elementary');
    expect(check.html).toContain('name="formKey"');
  });

  it('on a day to come nothing ends yet, and the page says when', async () => {
    const person = await someone('Savoie');
    await give(person, story.school);
    const officer = await portal.signedIn(story.officer);
    const lastDay = localDay(new Date(Date.now() + 10 * 86_400_000));
    const sent = await officer.post(`/people/${person.staffMemberId}/end`, { reason: 'Retires.', lastDay });
    expect(sent.headers.get('location')).toContain('done=on-the-day');
    expect(await effective(person)).toBe(1);
    expect((await officer.open(`/people/${person.staffMemberId}`)).text).toMatch(/, ends \w+ \d+, \d{4}/);
  });

  it('AC-2, AC-3 for others a person is not there, whatever they do', async () => {
    const person = await someone('Verret');
    const grantId = await give(person, story.school);
    const address = `/people/${person.staffMemberId}`;
    for (const who of [story.otherCoordinator, story.teacher, person, story.head, story.newcomer]) {
      const visitor = await portal.signedIn(who);
      for (const page of [
        await visitor.open(address),
        await visitor.open(`/people/${newId()}`),
        await visitor.open('/people/x'),
        await visitor.post(`${address}/end`, { reason: 'x' }),
        await visitor.open(`${address}/access/${grantId}`),
        await visitor.post(`${address}/access/${grantId}/revoke`, { reason: 'x' }),
      ])
        expect([page.status, page.text.includes('Verret')]).toEqual([404, false]);
    }
    expect(await effective(person)).toBe(1);
    const rows = await portal.em.execute<{ action: string }[]>(
      `select distinct action from audit_entry where result = 'refused' and target = ? order by 1`,
      [`staff-member:${person.staffMemberId}`],
    );
    expect(rows.map(({ action }) => action)).toEqual(['person.end', 'person.view']);
    const [{ seen }] = await portal.em.execute<[{ seen: number }]>(
      `select count(*)::int as seen from audit_entry where result = 'refused' and action = 'person.view-access' and target = ?`,
      [`grant:${grantId}`],
    );
    expect(seen).toBe(10);
  });

  it('the list, narrowed, and people without access by name', async () => {
    const person = await someone('Wattigny');
    await give(person, story.school);
    const idle = await someone('Wattignat');
    const coordinator = await portal.signedIn(story.coordinator);
    const all = await coordinator.open('/people');
    expect(all.text).toContain('Wattigny');
    expect(all.text).not.toContain('Wattignat');
    const found = await coordinator.open('/people?q=wattign');
    expect(found.html).toContain(`/people/${idle.staffMemberId}`);
    expect((await coordinator.open('/people?q=wattigny&application=ser')).text).toContain(
      'Nobody has access that fits',
    );
    expect((await coordinator.open('/people?q=a&q=b')).status).toBe(400);
    const other = await portal.signedIn(story.otherCoordinator);
    expect((await other.open('/people?q=wattign')).text).not.toContain('Evangeline');
    expect((await (await portal.signedIn(story.teacher)).open('/people')).status).toBe(403);
  });

  it('IM-1 the file holds the list, and no cell is a formula', async () => {
    const school = await aSite(portal.em, story.system, { name: '=HYPERLINK("http://evil.example";"x")' });
    const person = await someone('Xavier', school);
    await give(person, school);
    const coordinator = await portal.signedIn(story.coordinator);
    const file = await coordinator.open('/people/access.csv?q=xavier');
    expect(file.status).toBe(200);
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename=access-\d{4}-\d\d-\d\d\.csv$/);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    const lines = file.html.split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"";""x"")"`);
    expect((await (await portal.signedIn(story.teacher)).open('/people/access.csv')).status).toBe(403);
  });

  it('a staff file that ends many: the office confirms it, only then it goes through', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'edlink-people-'));
    const path = join(folder, 'staff.csv');
    const all = [await someone('Younger'), await someone('Young'), await someone('Youngblood')];
    writeFileSync(
      path,
      'staff_id,last_name,first_name,middle_name,birth_date,site_code,position,from,to\n' +
        all
          .map((one) => `${one.staffId},${one.lastName},Evangeline,,,${story.school},Teacher,2020-08-01,2026-01-31\n`)
          .join(''),
    );
    const feed = portal.app.get(StaffFeedImport, { strict: false });
    expect(await feed.apply(systemActor, path)).toMatchObject({ held: true });
    const officer = await portal.signedIn(await aStateOfficer(portal.em));
    const { text, html } = await officer.open('/people/staff-files');
    expect(text).toContain('3 of 3 people would leave');
    expect(text).toContain('Evangeline Youngblood');
    const id = /name="id" value="([^"]+)"/.exec(html)![1]!;
    const coordinator = await portal.signedIn(story.coordinator);
    expect((await coordinator.post('/people/staff-files', { id, answer: 'confirmed' })).status).toBe(403);
    expect((await officer.post('/people/staff-files', { id, answer: 'confirmed' })).status).toBe(303);
    expect((await officer.post('/people/staff-files', { id, answer: 'refused' })).status).toBe(409);
    expect(await feed.apply(systemActor, path)).not.toHaveProperty('held');
    expect((await officer.open('/people/staff-files')).text).toContain('Applied');
    rmSync(folder, { recursive: true });
  });
});
