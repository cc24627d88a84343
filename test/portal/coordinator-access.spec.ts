import { DesignationService, HeadsService } from '#coordinators';
import { newId, systemActor } from '#kernel';
import { aTeacher, type TestPerson } from '../support/people.js';
import { startPortal, type TestPortal } from './portal.js';
import { type Story, tellStory } from './story.js';

describe('asking for coordinator access', () => {
  let portal: TestPortal;
  let story: Story;
  let head: TestPerson;
  let person: TestPerson;
  let id: string;
  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    head = await aTeacher(portal.em, { firstName: 'Regis', lastName: 'Comeaux', site: story.school });
    await portal.app
      .get(HeadsService, { strict: false })
      .name(systemActor, { staffMemberId: head.staffMemberId, systemCode: story.system, title: 'Superintendent' });
  });
  beforeEach(async () => {
    person = await aTeacher(portal.em, { firstName: 'Wilma', lastName: 'Arceneaux', site: story.school });
    id = await designations().propose(head.actor, {
      formKey: newId(),
      staffId: person.staffId,
      reach: 'system',
      systemCode: story.system,
      reason: 'She follows Marguerite.',
    });
  });
  afterAll(() => portal?.stop());

  const designations = (): DesignationService => portal.app.get(DesignationService, { strict: false });
  const approve = (): Promise<void> => designations().approve(story.officer.actor, id, { version: 1 });
  const path = (more = ''): string => `/coordinator-access/${id}${more}`;

  it('waits for the state office first; then the person signs and asks; then sees it granted', async () => {
    const visitor = await portal.signedIn(person);
    const early = await visitor.open(path());
    expect(early.text).toContain('The state office looks at it first');
    expect(early.html).not.toContain('name="agree"');
    await approve();
    expect((await visitor.open('/')).html).toContain(`href="${path()}"`);
    const ready = await visitor.open(path());
    expect(ready.text).toMatch(/It is your turn: ask for access.*She follows Marguerite/);
    await visitor.send({}, path());
    expect([visitor.page!.status, visitor.page!.html.includes('id="agree-fault"')]).toEqual([422, true]);
    await visitor.send({ agree: 'yes' }, path());
    expect(visitor.page!.text).toMatch(/You asked for access\. The state office is told/);
    expect(visitor.page!.text).toMatch(
      /Regis Comeaux designated .*Philippa Okafor approved it .*Wilma Arceneaux signed the statement and asked for access/,
    );
    expect((await visitor.open('/review')).status).toBe(403);
    expect((await visitor.open('/')).html).not.toContain(path());
    await designations().grant(story.officer.actor, id, { version: 3 });
    expect((await visitor.open(path())).text).toContain('You are a security coordinator.');
    expect((await visitor.open('/review')).status).toBe(200);
  });

  it('sent twice, or on an old page: 409 with how it stands now', async () => {
    await approve();
    const visitor = await portal.signedIn(person);
    await visitor.open(path());
    const { hidden } = visitor.form(path());
    const fields = { version: hidden.version!, statement: hidden.statement!, agree: 'yes' };
    const answers = await Promise.all([visitor.post(path(), fields), visitor.post(path(), fields)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect((await visitor.post(path('/withdraw'), { version: '2' })).status).toBe(409);
    expect((await visitor.open(path())).text).toContain('You asked for access. The state office grants it');
  });

  it.each(['0', '1.5', 'x', '99999999999', ''])(
    'a damaged form, with version "%s", is not read: 400',
    async (version) => {
      const visitor = await portal.signedIn(person);
      expect((await visitor.post(path('/withdraw'), { version })).status).toBe(400);
      expect((await visitor.post(path(), { version, agree: 'yes' })).status).toBe(400);
    },
  );

  it('the person may decline', async () => {
    const visitor = await portal.signedIn(person);
    await visitor.open(path());
    await visitor.send({}, path('/withdraw'));
    expect(visitor.page!.text).toContain('You declined');
    expect((await visitor.post(path('/withdraw'), { version: '2' })).status).toBeGreaterThanOrEqual(403);
  });

  it('AC-2 to anybody else it is not there, to the head and the state office neither', async () => {
    await approve();
    for (const other of [story.teacher, story.coordinator, story.officer, head, story.newcomer]) {
      const visitor = await portal.signedIn(other);
      expect((await visitor.open(path())).status).toBe(404);
      expect((await visitor.post(path(), { version: '2', agree: 'yes' })).status).toBe(404);
      expect((await visitor.post(path('/withdraw'), { version: '2' })).status).toBe(404);
    }
    for (const absent of [newId(), "1' or '1'='1", 'x'.repeat(3000)])
      expect(
        (await (await portal.signedIn(person)).open(`/coordinator-access/${encodeURIComponent(absent)}`)).status,
      ).toBe(404);
  });
});
