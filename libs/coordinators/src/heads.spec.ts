import { newId, systemActor } from '#kernel';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aCoordinator, aSite, aStateOfficer, aSystem, aTeacher, signStatement } from '../../../test/support/people.js';
import { Appointments, CoordinatorHistory, CoordinatorsModule, DesignationService, HeadsService } from './index.js';

describe('heads and the history of a system', () => {
  let libs: TestLibs;
  let heads: HeadsService;

  beforeAll(async () => {
    libs = await startLibs([CoordinatorsModule]);
    heads = libs.app.get(HeadsService);
  });
  afterAll(() => libs?.close());

  it('one head at a time, whoever names at the same moment; a new one takes the place of the former', async () => {
    const system = await aSystem(libs.em);
    const desk = await aStateOfficer(libs.em);
    const people = await Promise.all(Array.from({ length: 5 }, () => aTeacher(libs.em)));
    const title = 'Superintendent';
    const outcomes = await Promise.all(
      people.map(({ staffMemberId }, at) =>
        codeOf(heads.name(at % 2 ? desk.actor : systemActor, { staffMemberId, systemCode: system, title })),
      ),
    );
    expect(outcomes.every((one) => one.startsWith('done'))).toBe(true);
    const head = (await heads.headOf(system))!;
    expect(head).toMatchObject({ systemCode: system, title, name: 'Robin Moss' });
    expect(await heads.systemsHeadedBy(head.staffMemberId)).toEqual([head]);
    const before = people.find(({ staffMemberId }) => staffMemberId !== head.staffMemberId)!;
    expect(await heads.systemsHeadedBy(before.staffMemberId)).toEqual([]);

    const again = { staffMemberId: head.staffMemberId, systemCode: system, title: ' Superintendent ' };
    expect(await codeOf(heads.name(systemActor, again))).toBe('coordinators.already');
    await heads.end(desk.actor, head.id, 'Left');
    expect(await codeOf(heads.end(desk.actor, head.id, 'Left'))).toBe('coordinators.already-ended');
    expect(await heads.headOf(system)).toBeUndefined();
  });

  it('nobody names himself; person, system and title must be there', async () => {
    const system = await aSystem(libs.em);
    const desk = await aStateOfficer(libs.em);
    const { staffMemberId } = await aTeacher(libs.em);
    const tries: [string, Partial<Parameters<HeadsService['name']>[1]>][] = [
      ['coordinators.not-yours', { staffMemberId: desk.staffMemberId }],
      ['coordinators.not-found', { staffMemberId: newId() }],
      ['coordinators.not-found', { staffMemberId: 'x' }],
      ['sites.unknown-code', { systemCode: 'ZZZ' }],
      ['coordinators.wrong-scope', { title: '' }],
      ['coordinators.wrong-scope', { title: '<b>Head</b>' }],
    ];
    for (const [code, more] of tries)
      expect([
        more,
        await codeOf(heads.name(desk.actor, { staffMemberId, systemCode: system, title: 'Head', ...more })),
      ]).toEqual([more, code]);
    for (const id of [newId(), 'x'])
      expect(await codeOf(heads.end(desk.actor, id, 'Left'))).toBe('coordinators.not-found');
  });

  it('tells a system what became of its heads, coordinators, designations and take-overs, oldest first and each once', async () => {
    const system = await aSystem(libs.em, { name: 'Acadia Parish' });
    const site = await aSite(libs.em, system, { name: 'Cypress Bend High' });
    const desk = await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Stone' });
    const head = await aTeacher(libs.em, { firstName: 'Corinne', lastName: 'Landry' });
    await heads.name(systemActor, { staffMemberId: head.staffMemberId, systemCode: system, title: 'Superintendent' });
    const first = await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Ana', lastName: 'Ruiz' });
    await aCoordinator(libs.em, {
      reach: 'system',
      system,
      firstName: 'Otis',
      lastName: 'Vale',
      application: 'ser',
      toDay: '2021-06-01',
    });
    await aCoordinator(libs.em, {
      reach: 'site',
      system,
      sites: [site],
      firstName: 'Lena',
      lastName: 'Fay',
      toDay: '2998-06-01',
    });
    await libs.app.get(Appointments).end(desk.actor, first.coordinatorId, { reason: 'On leave', takeOver: true });
    const designations = libs.app.get(DesignationService);
    const next = await aTeacher(libs.em, { firstName: 'Nell', lastName: 'Carver' });
    await signStatement(libs.em, next.staffMemberId);
    const form = {
      formKey: newId(),
      staffId: next.staffId,
      reach: 'system' as const,
      systemCode: system,
      reason: 'Next',
    };
    const id = await designations.propose(head.actor, form);
    await designations.approve(desk.actor, id, { version: 1, note: 'As we talked' });
    await designations.ask(next.actor, id, { version: 2 });
    await designations.grant(desk.actor, id, { version: 3 });

    const events = await libs.app.get(CoordinatorHistory).of(system);
    expect(events.map(({ text }) => text).sort()).toEqual(
      [
        'Corinne Landry was put on record as Superintendent.',
        'Ana Ruiz became a coordinator for Acadia Parish.',
        'Otis Vale became a coordinator for Acadia Parish, for SER only.',
        'Otis Vale came to the end of the time named, as coordinator for Acadia Parish, for SER only.',
        'Lena Fay became a coordinator for Cypress Bend High in Acadia Parish.',
        'Ana Ruiz was taken off by the state office, as coordinator for Acadia Parish. Reason: On leave',
        'The state office took over, as no coordinator of the whole school system was left.',
        'Corinne Landry designated Nell Carver as a coordinator. Reason: Next',
        'Odile Stone of the state office approved the designation of Nell Carver. Note: As we talked',
        'Nell Carver asked for coordinator access.',
        'Nell Carver became a coordinator for Acadia Parish.',
        'The state office stood back, as there is a coordinator again.',
      ].sort(),
    );
    expect(events.map(({ at }) => at.getTime())).toEqual(
      events.map(({ at }) => at.getTime()).sort((one, other) => one - other),
    );
    const at = (text: RegExp): number => events.findIndex((one) => text.test(one.text));
    expect(at(/Ana Ruiz was taken off/)).toBeLessThan(at(/took over/));
    expect(await libs.app.get(CoordinatorHistory).of(await aSystem(libs.em))).toEqual([]);
  });
});
