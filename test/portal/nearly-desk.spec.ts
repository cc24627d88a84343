import { CoverService, DesignationService } from '#coordinators';
import { days, localDay, newId } from '#kernel';
import { routesOf } from '#web';
import { aCoordinator, aCover, aHead, aTeacher, signStatement, type TestPerson } from '../support/people.js';
import { startPortal, type TestPortal } from './portal.js';
import { type Story, tellStory } from './story.js';

describe('people who are nearly what a page is for', () => {
  let portal: TestPortal;
  let story: Story;
  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  const lib = <Lib>(service: new (...parts: never[]) => Lib): Lib => portal.app.get(service, { strict: false });
  const inDays = (count: number): string => localDay(new Date(Date.now() + days(count)));
  const designated = async (): Promise<string> =>
    lib(DesignationService).propose(story.head.actor, {
      formKey: newId(),
      staffId: (await aTeacher(portal.em)).staffId,
      reach: 'system',
      systemCode: story.system,
      reason: 'Takes over',
    });

  it('CO-3 AC-6 the state pages and verbs are for the state desk alone, not for who stands in there or has a part of it', async () => {
    const standsIn = await aTeacher(portal.em);
    await signStatement(portal.em, standsIn.staffMemberId);
    await aCover(portal.em, story.officer.coordinatorId, standsIn.staffMemberId);
    const people: TestPerson[] = [
      standsIn,
      await aCoordinator(portal.em, { reach: 'state', application: 'ser' }),
      story.head,
      story.coordinator,
    ];
    const ids = { designation: await designated(), coordinator: story.otherCoordinator.coordinatorId };
    const idOf = (path: string): string => (path.includes('designations') ? ids.designation : ids.coordinator);
    const state = routesOf(portal.app).filter(({ access }) => access === 'state-desk');
    expect(state.length).toBeGreaterThan(20);
    for (const person of people) {
      const visitor = await portal.signedIn(person);
      for (const { method, path } of state) {
        const address = path.replace(':id', idOf(path)).replace(':level', 'site').replace(':code', story.school);
        const body = { version: '1', reason: 'No.', note: '', planHash: 'ab', headId: newId(), coverId: newId() };
        const page = method === 'GET' ? await visitor.open(address) : await visitor.post(address, body);
        expect([path, page.status]).toEqual([path, 403]);
      }
    }
    expect((await lib(DesignationService).get(story.officer.actor, ids.designation)).status).toBe('proposed');
  });

  it('AC-2 CO-3 nobody reaches designations, assignments and covers of another school system', async () => {
    const id = await designated();
    const coverId = await aCover(
      portal.em,
      story.coordinator.coordinatorId,
      (await aTeacher(portal.em)).staffMemberId,
      {
        fromDay: inDays(3),
        toDay: inDays(5),
      },
    );
    const others = [story.otherCoordinator, await aHead(portal.em, 'ZZZ'), story.stranger];
    for (const person of others) {
      const visitor = await portal.signedIn(person);
      const { coordinatorId } = story.coordinator;
      const cover = { for: coordinatorId, person: person.staffMemberId, fromDay: inDays(1), lastDay: inDays(2) };
      const tried: [string, number][] = [];
      for (const [path, body] of [
        [`/designate/${id}/withdraw`, { version: '1' }],
        [`/coordinator-access/${id}`, { version: '1' }],
        [`/coordinator-access/${id}/withdraw`, { version: '1' }],
        [`/my-scope/${coordinatorId}/stand-down`, { reason: 'No.' }],
        ['/cover', cover],
        [`/cover/${coverId}/end`, {}],
      ] as [string, Record<string, string>][])
        tried.push([path, (await visitor.post(path, body)).status]);
      for (const path of [
        `/designate/${id}`,
        `/coordinator-access/${id}`,
        `/my-scope/${coordinatorId}/stand-down`,
        `/cover/new?for=${coordinatorId}&q=a`,
        `/systems/${story.system}`,
      ])
        tried.push([path, (await visitor.open(path)).status]);
      expect(tried.filter(([, status]) => ![403, 404].includes(status))).toEqual([]);
    }
    expect((await lib(DesignationService).get(story.head.actor, id)).status).toBe('proposed');
    expect((await lib(CoverService).of(story.coordinator.staffMemberId)).given.map((each) => each.id)).toEqual([
      coverId,
    ]);
  });
});
