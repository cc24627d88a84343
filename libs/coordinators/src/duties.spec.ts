import { newId, type SignedIn, systemActor } from '#kernel';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aDutyHolder } from '../../../test/support/duties.js';
import { aCoordinator, aHead, aSite, aStateOfficer, aSystem, aTeacher } from '../../../test/support/people.js';
import { CoordinatorsModule, CoordinatorsService, DutiesService, DutyReading, holdRouting, Leavers } from './index.js';

describe('duties that approve before or after the coordinators', () => {
  let libs: TestLibs;
  let duties: DutiesService;
  let reading: DutyReading;
  let coordinators: CoordinatorsService;
  const supervisor = 'special-education-supervisor' as const;
  const owner = 'application-owner' as const;

  beforeAll(async () => {
    libs = await startLibs([CoordinatorsModule]);
    duties = libs.app.get(DutiesService);
    reading = libs.app.get(DutyReading);
    coordinators = libs.app.get(CoordinatorsService);
  });
  afterAll(() => libs?.close());

  it('CO-3 are given and ended by the state desk, a supervisor also by the head of the system, and by nobody else', async () => {
    const { em } = libs;
    const system = await aSystem(em);
    const desk = await aStateOfficer(em);
    const head = await aHead(em, system);
    const { staffMemberId } = await aTeacher(em);
    const actors = {
      desk,
      head,
      operator: { actor: systemActor },
      coordinator: await aCoordinator(em, { reach: 'system', system }),
      other: await aHead(em, await aSystem(em)),
      nearly: await aCoordinator(em, { reach: 'state', application: 'ser' }),
      teacher: await aTeacher(em),
      holder: await aDutyHolder(em, { system }),
    };
    const may: Record<string, string[]> = { [supervisor]: ['desk', 'head', 'operator'], [owner]: ['desk', 'operator'] };
    for (const duty of [supervisor, owner])
      for (const [who, { actor }] of Object.entries(actors)) {
        const form = duty === owner ? { duty, application: 'ser' } : { duty, systemCode: system };
        const named = await codeOf(duties.name(actor, { ...form, staffMemberId }));
        expect([duty, who, named.slice(0, 4)]).toEqual([duty, who, may[duty]!.includes(who) ? 'done' : 'coor']);
        if (!named.startsWith('done')) {
          expect(named).toBe('coordinators.not-yours');
          continue;
        }
        const id = JSON.parse(named.slice(6)) as string;
        for (const [other, { actor: by }] of Object.entries(actors))
          if (!may[duty]!.includes(other)) expect(await codeOf(duties.end(by, id, 'x'))).toBe('coordinators.not-yours');
        await duties.end(actor, id, 'Somebody else does it.');
        expect(await codeOf(duties.end(actor, id, 'x'))).toBe('coordinators.already-ended');
      }
    for (const id of [newId(), 'x'])
      expect(await codeOf(duties.end(desk.actor, id, 'x'))).toBe('coordinators.not-found');
    const [row] = await em.execute<{ n: number }[]>(
      `select count(*)::int n from audit_entry where action in ('duty.name', 'duty.end')`,
    );
    expect(row!.n).toBeGreaterThanOrEqual(10);
  });

  it('nobody names himself, twice or with days that cross; person, system and application must be there', async () => {
    const { em } = libs;
    const system = await aSystem(em);
    const desk = await aStateOfficer(em);
    const head = await aHead(em, system);
    const { staffMemberId } = await aTeacher(em);
    const form = { duty: supervisor, systemCode: system, staffMemberId };
    const tries: [string, Record<string, unknown>][] = [
      ['coordinators.not-yours', { staffMemberId: desk.staffMemberId }],
      ['coordinators.not-found', { staffMemberId: newId() }],
      ['coordinators.not-found', { staffMemberId: 'x' }],
      ['sites.unknown-code', { systemCode: 'ZZZ' }],
      ['catalog.unknown-application', { application: 'gone' }],
      ['coordinators.wrong-scope', { duty: 'principal' }],
      ['coordinators.wrong-scope', { duty: owner, systemCode: undefined }],
      ['coordinators.wrong-scope', { duty: owner, application: 'ser' }],
      ['coordinators.wrong-scope', { fromDay: '2020-01-01' }],
      ['coordinators.wrong-scope', { fromDay: 'soon' }],
      ['coordinators.wrong-scope', { fromDay: '2099-01-02', toDay: '2099-01-02' }],
    ];
    for (const [code, more] of tries)
      expect([more, await codeOf(duties.name(desk.actor, { ...form, ...more }))]).toEqual([more, code]);
    expect(await codeOf(duties.name(head.actor, { ...form, staffMemberId: head.staffMemberId }))).toBe(
      'coordinators.not-yours',
    );
    const both = await Promise.all([1, 2, 3].map(() => codeOf(duties.name(desk.actor, form))));
    expect(both.filter((one) => one.startsWith('done'))).toHaveLength(1);
    expect(new Set(both)).toContain('coordinators.already');
    expect(await reading.list(system)).toMatchObject([{ staffMemberId, duty: supervisor, endedAt: null }]);
  });

  it('R-07 whoever names or ends one holds nothing of his own while the end of his assignment goes first', async () => {
    const { em } = libs;
    const system = await aSystem(em);
    const { staffMemberId } = await aTeacher(em);
    const deeds = {
      name: (actor: SignedIn) => duties.name(actor, { duty: supervisor, systemCode: system, staffMemberId }),
      end: async (actor: SignedIn) => duties.end(actor, (await aDutyHolder(em, { system })).dutyId, 'On leave'),
    };
    for (const deed of Object.values(deeds)) {
      const desk = await aStateOfficer(em);
      const leaving = em.fork();
      await leaving.begin();
      await holdRouting(leaving, 'everywhere', 'change');
      const done = codeOf(deed(desk.actor));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await leaving.execute(`update coordinator set ended_at = now() where id = ?`, [desk.coordinatorId]);
      await leaving.commit();
      expect(await done).toBe('coordinators.not-yours');
    }
  });

  it('decide steps of the duty alone; a step nobody holds the duty for is the state desk’s', async () => {
    const { em } = libs;
    const system = await aSystem(em, { name: 'Acadia Parish' });
    const site = await aSite(em, system);
    const desk = await aStateOfficer(em);
    const coordinator = await aCoordinator(em, { reach: 'system', system });
    const line = {
      application: 'ser',
      location: { level: 'site' as const, code: site },
      systemCode: system,
      requesterId: newId(),
    };
    const step = { ...line, duty: supervisor };
    const nobody = await coordinators.whoDecides(step);
    expect(nobody.stateDesk).toBe(true);
    expect(nobody.reasons[0]).toContain('has no Special Education Supervisor who can decide this');
    const holder = await aDutyHolder(em, { system });
    const routing = await coordinators.whoDecides(step);
    expect(routing.deciders).toMatchObject([
      { staffMemberId: holder.staffMemberId, coordinatorId: holder.dutyId, duty: supervisor },
    ]);
    expect(await coordinators.whoDecidesMany([step, line])).toMatchObject([
      { deciders: [{ coordinatorId: holder.dutyId }] },
      { deciders: [{ coordinatorId: coordinator.coordinatorId }] },
    ]);
    const may = (person: { staffMemberId: string }, one: typeof line): Promise<boolean> =>
      coordinators.mayDecide(person.staffMemberId, one);
    expect([await may(holder, step), await may(coordinator, step), await may(desk, step)]).toEqual([true, false, true]);
    expect([await may(holder, line), await may(coordinator, line), await may(desk, line)]).toEqual([false, true, true]);
    const without = { ...line, excluded: [coordinator.staffMemberId] };
    expect(await may(coordinator, without)).toBe(false);
    expect(await coordinators.whoDecides(without)).toMatchObject({ stateDesk: true });
    expect(await coordinators.scopesOf(holder.staffMemberId)).toEqual([]);
  });

  it('end with whoever leaves, and are where a change must look', async () => {
    const { em } = libs;
    const system = await aSystem(em);
    const holder = await aDutyHolder(em, { system });
    expect(await coordinators.systemsOf({ staffMemberIds: [holder.staffMemberId] })).toEqual({
      systems: [system],
      everywhere: false,
    });
    await em.execute(`update duty_holder set to_day = '2026-03-04' where id = ?`, [holder.dutyId]);
    expect((await coordinators.boundaries('2026-03-03', '2026-03-04')).systems).toContain(system);
    expect((await coordinators.boundaries('2026-03-04', '2026-03-05')).systems).not.toContain(system);
    await em.execute(`update duty_holder set to_day = null where id = ?`, [holder.dutyId]);
    const ended = await em.transactional(() =>
      libs.app.get(Leavers).end(systemActor, holder.staffMemberId, { reason: 'Left' }),
    );
    expect(ended).toEqual([
      { kind: 'duty', systemCode: system, words: `Special Education Supervisor of ${system} Parish` },
    ]);
    expect(await reading.list(system)).toMatchObject([{ endedReason: 'Left' }]);
    expect(await coordinators.dutiesOf(holder.staffMemberId)).toEqual([]);
  });
});
