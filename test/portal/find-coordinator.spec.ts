import { aCoordinator, aCover, aSite } from '../support/people.js';
import { startPortal, type TestPortal } from './portal.js';
import { type Story, tellStory } from './story.js';

describe('find my coordinator', () => {
  let portal: TestPortal;
  let story: Story;
  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  const at = (code: string, level = 'site'): string => `/find-coordinator?level=${level}&code=${code}`;

  it('is open to everybody, searches by name and code, and works without script', async () => {
    const visitor = portal.stranger();
    expect((await visitor.open('/find-coordinator')).text).toContain('Look up who they are at yours');
    const found = await visitor.open('/find-coordinator?q=heron+street');
    expect(found.text).toContain('1 place found');
    expect(found.html).toContain(`code=${story.school}`);
    expect(found.html).not.toContain('data-places');
    expect((await visitor.open('/find-coordinator?q=nowhere')).text).toContain('No place found');
    expect((await visitor.open('/find-coordinator?q=')).html).toContain('id="q-fault"');
  });

  it('tells who decides there and since when, and nothing else of them', async () => {
    const { text } = await portal.stranger().open(at(story.school));
    expect(text).toContain('Who decides at Heron Street Elementary');
    expect(text).toMatch(/Marguerite Delahoussaye , coordinator since August 1, 2020/);
    expect(text).not.toContain(story.coordinator.staffId);
    expect(text).not.toContain('@');
    expect((await portal.stranger().open(at(story.system, 'system'))).text).toContain('Marguerite Delahoussaye');
  });

  it('AC-3 who is away, and who stands in, is told to people who are signed in only', async () => {
    const school = await aSite(portal.em, story.system, { name: 'Larkspur School' });
    const scope = { reach: 'site' as const, system: story.system, sites: [school] };
    const away = await aCoordinator(portal.em, { ...scope, firstName: 'Odette', lastName: 'Babin' });
    await aCoordinator(portal.em, { ...scope, application: 'ser', signed: false });
    const standsIn = await aCoordinator(portal.em, {
      ...scope,
      firstName: 'Cora',
      lastName: 'Mire',
      toDay: '2020-08-02',
    });
    await aCover(portal.em, away.coordinatorId, standsIn.staffMemberId);
    const teacher = await portal.signedIn(story.teacher);
    const known = (await teacher.open(at(school))).text;
    expect(known).toMatch(/Cora Mire , in place of Odette Babin/);
    const { text } = await portal.stranger().open(at(school));
    expect(text).toContain('Cora Mire');
    expect(text).not.toMatch(/Odette|away|in place of|not signed/);
  });

  it('an application with a coordinator of its own is told apart', async () => {
    const school = await aSite(portal.em, story.system, { name: 'Pelican Way School' });
    await aCoordinator(portal.em, {
      reach: 'site',
      system: story.system,
      sites: [school],
      application: 'ser',
      firstName: 'Bertille',
      lastName: 'Nunez',
    });
    const { text } = await portal.stranger().open(at(school));
    expect(text).toMatch(/Bertille Nunez/);
    expect(text).toMatch(/Marguerite Delahoussaye/);
    expect(text).not.toContain('Every application');
  });

  it('says what to do where nobody is', async () => {
    await portal.em.execute('update coordinator set ended_at = now() where id = ?', [
      story.otherCoordinator.coordinatorId,
    ]);
    const { text } = await portal.stranger().open(at(story.otherSchool));
    expect(text).toContain('Philippa Okafor');
    await portal.em.execute('update coordinator set ended_at = now() where id = ?', [story.officer.coordinatorId]);
    expect((await portal.stranger().open(at(story.otherSchool))).text).toContain(
      'Nobody is named here, so the state office decides.',
    );
  });

  it.each([
    ['an unknown code', '/find-coordinator?level=site&code=ZZZZZZ', 200, 'Search for it by name'],
    ['no code at all', "/find-coordinator?level=system&code=';--", 200, 'Search for it by name'],
    ['a level that is none', '/find-coordinator?level=planet&code=1', 200, 'Find my coordinator'],
    ['a code twice', '/find-coordinator?level=site&code=1&code=2', 400, 'Look the place up again'],
  ])('%s is asked again', async (_, path, status, words) => {
    const page = await portal.stranger().open(path);
    expect([page.status, page.text.includes(words)]).toEqual([status, true]);
  });

  it('a closed place says so', async () => {
    const school = await aSite(portal.em, story.system, { name: 'Shut Gate School' });
    await portal.em.execute(`update site set closed_on = '2020-06-30' where code = ?`, [school]);
    expect((await portal.stranger().open(at(school))).text).toContain('This place is closed');
  });
});
