import { Appointments, CoverService } from '#coordinators';
import { localDay, newId, systemActor } from '#kernel';
import { aCoordinator, aSite, aTeacher, sentAt, type TestCoordinator } from '../support/people.js';
import { startPortal, type TestPortal } from './portal.js';
import { ask, lineIdsOf, type Story, tellStory } from './story.js';

describe('the waiting list and what follows from changes', () => {
  let portal: TestPortal;
  let story: Story;
  let second: TestCoordinator;
  beforeAll(async () => {
    portal = await startPortal();
  });
  beforeEach(async () => {
    story = await tellStory(portal);
    second = await aCoordinator(portal.em, {
      reach: 'system',
      system: story.system,
      firstName: 'Theo',
      lastName: 'Guidry',
    });
  });
  afterAll(() => portal?.stop());

  it('is filtered by name, application, site and age; the oldest comes first', async () => {
    const other = await aSite(portal.em, story.system, { name: 'Ibis Lane School' });
    const { id: old } = await ask(portal, story.stranger, other, { permissions: ['iep-form-writer'] });
    await sentAt(portal.em, old, new Date(Date.now() - 9 * 86_400_000));
    await ask(portal, story.teacher, story.school);
    await ask(portal, story.teacher, story.school, {
      application: 'ser',
      role: 'ser-data',
      permissions: ['ser-data-writer'],
    });
    const visitor = await portal.signedIn(story.coordinator);
    const shown = async (query: string): Promise<string> => (await visitor.open(`/review${query}`)).text;
    expect(await shown('')).toMatch(/3 requests wait for you\..*Lionel Brasseaux.*waits for 9 days.*Odessa Thibeaux/);
    expect(await shown('?q=thibeaux')).toMatch(/3 requests wait for you\. 2 fit what you look for/);
    expect(await shown('?application=ser')).toMatch(/One fits.*Odessa Thibeaux asks for SER SER Data Writer/);
    expect(await shown(`?site=${other}`)).toMatch(/One fits what you look for at Ibis Lane School/);
    expect(await shown('?older=7')).toMatch(/One fits.*Lionel/);
    expect(await shown('?q=nobody')).toContain('Nothing that waits for you fits this filter');
    expect(await shown('?older=8&application=nope')).toContain('Nothing that waits');
    expect((await visitor.open('/review?q=a&q=b')).status).toBe(400);
  });

  it('CO-4 who was coordinator until a moment ago hears what changed, with 409, and nothing is decided', async () => {
    const { id } = await ask(portal, story.teacher, story.school);
    const [line] = Object.values(await lineIdsOf(portal, id));
    const visitor = await portal.signedIn(story.coordinator);
    await visitor.open(`/review/${id}`);
    await portal.app
      .get(Appointments, { strict: false })
      .end(systemActor, story.coordinator.coordinatorId, { reason: 'Left the school system.' });
    const page = await visitor.post(`/review/${id}`, { version: '1', [`verdict-${line}`]: 'approve' });
    expect(page.status).toBe(409);
    expect(page.text).toMatch(/Theo Guidry decides R-\d{4}-\d+ now/);
    expect(
      await portal.em.execute(`select 1 from request_line where request_id = ? and status <> 'pending'`, [id]),
    ).toEqual([]);
    // Somebody who never decided here gets nothing of it.
    expect(
      (
        await (
          await portal.signedIn(story.stranger)
        ).post(`/review/${id}`, { version: '1', [`verdict-${line}`]: 'approve' })
      ).status,
    ).toBe(404);
  });

  it('a coordinator covered by another meanwhile still may decide; the page says who stands in', async () => {
    const helper = await aCoordinator(portal.em, {
      reach: 'site',
      system: story.system,
      sites: [await aSite(portal.em, story.system)],
      firstName: 'Ana',
      lastName: 'Ruizdam',
    });
    const { id } = await ask(portal, story.teacher, story.school);
    const today = portal.clock.now();
    await portal.app.get(CoverService, { strict: false }).name(second.actor, {
      coordinatorId: second.coordinatorId,
      staffMemberId: helper.staffMemberId,
      fromDay: localDay(today),
      toDay: localDay(new Date(today.getTime() + 9 * 86_400_000)),
    });
    const { text } = await (await portal.signedIn(helper)).open(`/review/${id}`);
    expect(text).toMatch(/Why this came to you .*Ana Ruizdam \(in place of Theo Guidry , who is away until/);
    expect((await (await portal.signedIn(helper)).open('/review')).text).toContain('Odessa Thibeaux');
    expect((await (await portal.signedIn(second)).open('/review')).text).not.toContain('Odessa Thibeaux');
  });

  it('the whole system is offered; the requester accepts, and the new request names the old one', async () => {
    const { id, reference } = await ask(portal, story.teacher, story.school, {
      application: 'ser',
      role: 'ser-data',
      permissions: ['ser-data-writer'],
    });
    const visitor = await portal.signedIn(story.coordinator);
    await visitor.open(`/review/${id}`);
    await visitor.send({ note: 'You keep records of all schools.' }, `/review/${id}/suggest`);
    expect(visitor.page!.text).toMatch(/Your offer is sent.*Marguerite Delahoussaye offered on/);
    expect(visitor.page!.html).not.toContain(`action="/review/${id}/suggest"`);
    expect((await visitor.post(`/review/${id}/suggest`, { version: '1' })).status).toBe(409);

    const teacher = await portal.signedIn(story.teacher);
    await teacher.open(`/requests/${id}`);
    expect(teacher.page!.text).toMatch(/Ask for the whole school system instead\?.*You keep records of all schools\./);
    await teacher.send({ answer: 'accept' }, `/requests/${id}/suggestion`);
    expect(teacher.page!.text).toMatch(new RegExp(`sent in place of the one before.*In place of ${reference}`));
    expect(teacher.page!.text).toContain('Bayou Vermeil Parish');
    const old = await teacher.open(`/requests/${id}`);
    expect(old.text).toMatch(/You asked for the whole of Bayou Vermeil Parish instead.*Withdrawn/);
    const again = await teacher.post(`/requests/${id}/suggestion`, { suggestionId: newId(), answer: 'accept' });
    expect(again.status).toBe(404);
  });

  it('declined, the request goes on; answered twice, the second hears so', async () => {
    const { id } = await ask(portal, story.teacher, story.school, {
      application: 'ser',
      role: 'ser-data',
      permissions: ['ser-data-writer'],
    });
    const visitor = await portal.signedIn(story.coordinator);
    await visitor.open(`/review/${id}`);
    await visitor.send({}, `/review/${id}/suggest`);
    const teacher = await portal.signedIn(story.teacher);
    await teacher.open(`/requests/${id}`);
    const { hidden } = teacher.form(`/requests/${id}/suggestion`);
    const fields = { suggestionId: hidden.suggestionId!, answer: 'decline' };
    const answers = await Promise.all([
      teacher.post(`/requests/${id}/suggestion`, fields),
      teacher.post(`/requests/${id}/suggestion`, fields),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect((await teacher.open(`/requests/${id}?done=declined`)).text).toMatch(
      /Your request goes on as it is.*Waiting for a decision/,
    );
    expect((await teacher.post(`/requests/${id}/suggestion`, { answer: 'maybe' })).status).toBe(400);
  });

  it('AC-2 nobody else offers or answers', async () => {
    const { id } = await ask(portal, story.teacher, story.school);
    const other = await portal.signedIn(story.otherCoordinator);
    expect((await other.post(`/review/${id}/suggest`, { version: '1' })).status).toBe(404);
    const fields = { suggestionId: newId(), answer: 'accept' };
    for (const person of [story.stranger, story.coordinator, story.otherCoordinator])
      expect((await (await portal.signedIn(person)).post(`/requests/${id}/suggestion`, fields)).status).toBe(404);
  });

  it('a person who works elsewhere is warned at once; one of a school system office is led to the system', async () => {
    const office = await aSite(portal.em, story.system, { name: 'Vermeil Board Office', kind: 'central-office' });
    const diocese = await portal.em.execute<{ code: string }[]>(
      `insert into school_system (code, name, name_key, kind) values ('D' || floor(random() * 900000 + 100000)::text, 'Diocese of Sedge Bay', 'diocese of sedge bay', 'nonpublic') returning code`,
    );
    const nonpublic = await aSite(portal.em, diocese[0]!.code, { name: 'Saint Brendan School', kind: 'nonpublic' });
    await portal.em.execute(
      `insert into site_serving (id, site_code, system_code, from_day) values (?, ?, ?, '2020-01-01')`,
      [newId(), nonpublic, story.system],
    );
    const clerk = await aTeacher(portal.em, { firstName: 'Ondine', lastName: 'Savoy', site: office });
    const visitor = await portal.signedIn(clerk);
    const step = (code: string): string => `/requests/new?application=ser&level=site&code=${code}`;
    const served = await visitor.open(step(nonpublic));
    expect(served.text).toContain('This site comes with Bayou Vermeil Parish');
    expect(served.html).toContain(`application=ser&amp;level=system&amp;code=${story.system}`);
    const elsewhere = await visitor.open(step(story.otherSchool));
    expect(elsewhere.text).toContain(
      'do not show that you are employed at Old Ferry High School; they show Vermeil Board',
    );
    expect((await visitor.open(step(office))).text).not.toContain('do not show');
  });
});
