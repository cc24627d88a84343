import { newId } from '#kernel';
import type { SeenPage } from '../support/visitor.js';
import { formBody, startPortal, type TestPortal } from './portal.js';
import { ask, lineIdsOf, type Story, tellStory } from './story.js';

describe('asking and deciding in the portal', () => {
  let portal: TestPortal;
  let story: Story;
  beforeAll(async () => {
    portal = await startPortal();
  });
  beforeEach(async () => {
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  const step = (more = ''): string => `/requests/new?application=ser-iep-form${more}`;
  const atSchool = (): string => `&level=site&code=${story.school}`;

  it("leads through the steps; each address is a step, and Back is the browser's", async () => {
    const teacher = await portal.signedIn(story.teacher);
    expect((await teacher.open('/requests/new')).text).toMatch(/Which application do you need\?.*SER IEP Form/);
    expect(teacher.page!.text).not.toContain('Security Coordinator Reviews');
    const place = await teacher.open(step());
    expect(place.text).toContain('Heron Street Elementary School in Bayou Vermeil Parish');
    expect(place.text).toContain('Nonpublic and early-childhood sites come with the school system that serves them');
    const permissions = await teacher.open(step(atSchool()));
    expect(permissions.text).toContain('Permissions of the role IEP Form');
    const check = await teacher.open(step(`${atSchool()}&role=iep-form&permission=iep-form-writer&asked=permissions`));
    expect(check.text).toMatch(
      /Who will decide, and why Marguerite Delahoussaye .*coordinator of Bayou Vermeil Parish decides/,
    );
    expect(check.text).not.toContain('do not show that you are employed');
  });

  it('finds places by name and by code, in the page and as JSON', async () => {
    const teacher = await portal.signedIn(story.teacher);
    expect((await teacher.open(step(`&asked=place&q=old+ferry+${story.otherSchool}`))).text).toContain('1 place found');
    expect((await teacher.open(step('&asked=place&q=nowhere'))).text).toContain('No place found');
    const { html } = await teacher.open(`/places?q=${story.otherSchool}&application=ser-iep-form`, {
      accept: 'application/json',
    });
    expect(JSON.parse(html)).toEqual({
      places: [
        {
          level: 'site',
          code: story.otherSchool,
          name: 'Old Ferry High School',
          about: expect.stringContaining('School in Cypress Landing Parish'),
        },
      ],
    });
  });

  it.each([
    ['unknown application', '/requests/new?application=nope', 'cannot be requested here'],
    ['application nobody asks for', '/requests/new?application=edlink-security', 'cannot be requested here'],
    ['unknown place', '/requests/new?application=ser&level=site&code=ZZZZZZ', 'Search for it by name'],
    ['no code at all', "/requests/new?application=ser&level=system&code=';--", 'Search for it by name'],
  ])('a wish with an %s is asked again at that step', async (_, path, words) => {
    const { status, text } = await (await portal.signedIn(story.teacher)).open(path);
    expect([status, text.includes(words)]).toEqual([200, true]);
  });

  it('a role or permission that is not offered there is asked again', async () => {
    const teacher = await portal.signedIn(story.teacher);
    expect((await teacher.open(step(`${atSchool()}&role=ser-data`))).text).toContain('SER IEP Form has no such role');
    expect((await teacher.open(step(`${atSchool()}&role=iep-form&permission=ser-data-writer`))).text).toContain(
      'IEP Form has no such permission',
    );
    expect((await teacher.open(step(`${atSchool()}&role=iep-form&asked=permissions`))).text).toContain(
      'Choose at least one permission',
    );
  });

  it('a closed place is told as closed', async () => {
    await portal.em.execute(`update site set closed_on = '2020-06-30' where code = ?`, [story.otherSchool]);
    const { text } = await (await portal.signedIn(story.teacher)).open(step(`&level=site&code=${story.otherSchool}`));
    expect(text).toContain('is closed');
  });

  it('R-06 the same page sent twice, at once, is one request; the answer leads to it', async () => {
    const teacher = await portal.signedIn(story.teacher);
    await teacher.open(step(`${atSchool()}&role=iep-form&permission=iep-form-writer&permission=iep-form-approver`));
    const { hidden } = teacher.form('/requests');
    expect(hidden).toMatchObject({
      application: 'ser-iep-form',
      role: 'iep-form',
      level: 'site',
      code: story.school,
      formKey: expect.any(String),
    });
    const fields = {
      application: 'ser-iep-form',
      role: 'iep-form',
      permission: ['iep-form-writer', 'iep-form-approver'],
      level: 'site',
      code: story.school,
      formKey: hidden.formKey!,
      why: 'My class needs me.',
    };
    const body = formBody({ _token: await teacher.token(), _key: newId(), ...fields });
    const send = (): Promise<SeenPage> =>
      teacher.once('POST', '/requests', body, { 'content-type': 'application/x-www-form-urlencoded' });
    const answers = [...(await Promise.all([send(), send(), send(), send()])), await send()];
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    expect(new Set(answers.map(({ location }) => location)).size).toBe(1);
    const page = await teacher.get(answers[0]!.location!);
    expect(page.text).toMatch(/Your request was sent.*Waiting for a decision.*Marguerite Delahoussaye/);
    expect(page.text).toContain('My class needs me.');
    const home = await teacher.open('/');
    expect(home.text).toContain('Waiting for a decision Your request names who decides');
  });

  it('a text that cannot be kept comes back beside its field, with everything else as it was', async () => {
    const teacher = await portal.signedIn(story.teacher);
    const fields = {
      application: 'ser-iep-form',
      role: 'iep-form',
      permission: 'iep-form-writer',
      level: 'site',
      code: story.school,
      formKey: newId(),
      why: 'a\u202eb',
    };
    const page = await teacher.post('/requests', fields);
    expect(page.status).toBe(422);
    expect(page.html).toContain('id="why-fault"');
    expect(page.html).toContain(`name="formKey" value="${fields.formKey}"`);
    const long = await teacher.post('/requests', { ...fields, why: 'x'.repeat(2001) });
    expect([long.status, long.text.includes('at most 2,000 characters')]).toEqual([422, true]);
  });

  it('what waits already is not asked twice: 409 on the check page, which names the open request', async () => {
    const { reference } = await ask(portal, story.teacher, story.school, { permissions: ['iep-form-writer'] });
    const teacher = await portal.signedIn(story.teacher);
    const page = await teacher.post('/requests', {
      application: 'ser-iep-form',
      role: 'iep-form',
      permission: 'iep-form-writer',
      level: 'site',
      code: story.school,
      formKey: newId(),
    });
    expect(page.status).toBe(409);
    expect(page.text).toContain(reference);
    expect(page.text).toContain('Who will decide');
  });

  it('the coordinator reads who asks and decides line by line; the person is told', async () => {
    const { id } = await ask(portal, story.teacher, story.school, { why: 'Please.' });
    const { 'iep-form-writer': writer, 'iep-form-approver': approver } = await lineIdsOf(portal, id);
    const coordinator = await portal.signedIn(story.coordinator);
    const home = await coordinator.open('/');
    expect(home.text).toContain('Others wait for you One request to decide');
    expect(home.text).not.toContain('Next: request a permission');
    expect((await coordinator.open('/review')).text).toContain(
      'Odessa Thibeaux asks for SER IEP Form IEP Form Writer, IEP Form Approver at Heron Street Elementary',
    );
    const review = await coordinator.open(`/review/${id}`);
    expect(review.text).toContain(`Staff ID ${story.teacher.staffId}`);
    expect(review.text).toMatch(/Employed at Heron Street Elementary \(\w+\), Special Education Teacher/);
    expect(review.text).toMatch(/Request R-\d{4}-\d+/);
    expect(review.text).not.toContain('Not employed at this place');

    const saved = await coordinator.post(`/review/${id}`, {
      version: '1',
      [`verdict-${writer}`]: 'approve',
      [`reason-${writer}`]: '',
      [`verdict-${approver}`]: 'reject',
      [`reason-${approver}`]: 'Supervisors only.',
    });
    expect([saved.status, saved.location]).toEqual([303, `${portal.origin}/review?done=decided`]);
    expect((await coordinator.get('/review?done=decided')).text).toContain('Your decision is saved');
    expect((await coordinator.open('/review')).text).toContain('Nothing waits for you');

    const teacher = await portal.signedIn(story.teacher);
    expect((await teacher.open(`/requests/${id}`)).text).toMatch(
      /IEP Form Writer Approved .*Marguerite Delahoussaye.*IEP Form Approver Not approved .*Supervisors only\./,
    );
    expect((await teacher.open('/')).text).toMatch(/SER IEP Form IEP Form Writer Heron Street Elementary Active/);
    const notifications = await teacher.open('/notifications');
    expect(notifications.text).toMatch(/Your request for access was decided.*Supervisors only\./);
    expect(notifications.text).toContain('Notifications 1 new');
    await teacher.send({}, '/notifications/read');
    expect(teacher.page!.text).not.toContain('Notifications 1');
  });

  it('flags somebody who is not employed at the place', async () => {
    const { id } = await ask(portal, story.stranger, story.school);
    const coordinator = await portal.signedIn(story.coordinator);
    expect((await coordinator.open(`/review/${id}`)).text).toContain('Not employed at this place');
    const { id: system } = await ask(portal, story.teacher, story.school, { level: 'system', code: story.system });
    expect((await coordinator.open(`/review/${system}`)).text).not.toContain('Not employed at this place');
  });

  it('CO-4 a page that was open too long gives 409, says what happened, and keeps what was typed', async () => {
    const { id } = await ask(portal, story.teacher, story.school);
    const { 'iep-form-writer': writer, 'iep-form-approver': approver } = await lineIdsOf(portal, id);
    const [one, other] = [await portal.signedIn(story.coordinator), await portal.signedIn(story.officer)];
    await one.post(`/review/${id}`, { version: '1', [`verdict-${writer}`]: 'approve' });
    const late = await other.post(`/review/${id}`, {
      version: '1',
      [`verdict-${writer}`]: 'approve',
      [`verdict-${approver}`]: 'reject',
      [`reason-${approver}`]: 'Not needed here.',
    });
    expect(late.status).toBe(409);
    expect(late.text).toMatch(/"IEP Form Writer" was approved by Marguerite Delahoussaye/);
    expect(late.html).toContain('Not needed here.');
    expect(late.html).toContain('name="version" value="2"');
    const again = await other.post(`/review/${id}`, {
      version: '2',
      [`verdict-${approver}`]: 'reject',
      [`reason-${approver}`]: 'Not needed here.',
    });
    expect(again.status).toBe(303);
  });

  it('CO-1 a coordinator sees his own request, and is not offered to decide it', async () => {
    const { id } = await ask(portal, story.coordinator, story.school);
    const coordinator = await portal.signedIn(story.coordinator);
    expect((await coordinator.open('/review')).text).toContain('Nothing waits for you');
    const page = await coordinator.open(`/review/${id}`);
    expect(page.text).toContain('This is your own request');
    expect(page.html).not.toContain('verdict-');
    const lines = Object.values(await lineIdsOf(portal, id));
    expect((await coordinator.post(`/review/${id}`, { version: '1', [`verdict-${lines[0]}`]: 'approve' })).status).toBe(
      403,
    );
    expect(
      await portal.em.execute('select 1 from access_grant where staff_member_id = ?', [
        story.coordinator.staffMemberId,
      ]),
    ).toHaveLength(0);
  });

  it('withdraws once; the second time says there is nothing left', async () => {
    const { id } = await ask(portal, story.teacher, story.school);
    const teacher = await portal.signedIn(story.teacher);
    await teacher.open(`/requests/${id}`);
    const page = await teacher.send({}, `/requests/${id}/withdraw`);
    expect(page.text).toMatch(/What was still waiting is withdrawn.*Withdrawn .*You None given/);
    expect((await teacher.open(`/requests/${id}?done=sent`)).text).not.toContain('was sent');
    expect((await teacher.post(`/requests/${id}/withdraw`)).status).toBe(409);
  });

  it('keeps notes of both sides', async () => {
    const { id } = await ask(portal, story.teacher, story.school);
    const [teacher, coordinator] = [await portal.signedIn(story.teacher), await portal.signedIn(story.coordinator)];
    await coordinator.open(`/review/${id}`);
    await coordinator.send({ text: 'From which day?\nAnd which class?' }, `/requests/${id}/notes`);
    await teacher.open(`/requests/${id}`);
    expect(teacher.page!.html).toContain('From which day?\nAnd which class?');
    await teacher.send({ text: 'From Monday.' }, `/requests/${id}/notes`);
    expect(teacher.page!.text).toMatch(/Your notification was added.*You wrote a notification: From Monday\./);
  });

  it('somebody without Staff ID is led to link it first', async () => {
    const newcomer = await portal.signedIn(story.newcomer);
    expect((await newcomer.open('/requests/new')).text).toContain('Link your Staff ID first');
    const page = await newcomer.post('/requests', {
      application: 'ser-iep-form',
      role: 'iep-form',
      permission: 'iep-form-writer',
      level: 'site',
      code: story.school,
      formKey: newId(),
    });
    expect(page.status).toBe(409);
  });
});
