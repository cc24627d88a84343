import { CatalogService } from '#catalog';
import { CoordinatorsService } from '#coordinators';
import { newId } from '#kernel';
import { RequestsService } from '#requests';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aCover,
  aHead,
  anAccount,
  anAssignment,
  aSite,
  aStaffMember,
  aStateOfficer,
  aSystem,
  aTeacher,
  signStatement,
  type TestPerson,
} from '../../../test/support/people.js';
import { Coverage, type CoverageNumbers, OversightModule } from './index.js';

describe('coverage', () => {
  let libs: TestLibs;
  let coverage: Coverage;
  let desk: TestPerson;

  beforeAll(async () => {
    libs = await startLibs([OversightModule]);
    coverage = libs.app.get(Coverage);
    desk = await aStateOfficer(libs.em);
  });
  afterAll(() => libs?.close());

  /** What the numbers changed by while something was done. */
  const grown = async (work: () => Promise<unknown>): Promise<Partial<CoverageNumbers>> => {
    const before = await coverage.overview(desk.actor);
    await work();
    const after = await coverage.overview(desk.actor);
    const pairs = Object.entries(after).map(([key, now]) => [
      key,
      typeof now === 'number' ? now - Number(before[key as keyof CoverageNumbers]) : 0,
    ]);
    return Object.fromEntries(pairs.filter(([, by]) => by !== 0)) as Partial<CoverageNumbers>;
  };
  const systems = async (list: Promise<{ items: { system: { code: string } }[]; total: number }>): Promise<string[]> =>
    (await list).items.map(({ system }) => system.code);

  it('CO-6: a system with nobody, with one, with two people, and what keeps people from deciding', async () => {
    let system = '';
    expect(await grown(async () => (system = await aSystem(libs.em, { name: 'Bayou Clair Parish' })))).toEqual({
      systems: 1,
      withoutCoordinator: 1,
      onlyState: 3,
    });
    const filter = { text: 'bayou CLAIR' };
    expect(await coverage.withoutCoordinator(desk.actor, filter)).toEqual({
      items: [{ system: { code: system, name: 'Bayou Clair Parish' }, heads: [], takenOver: false, hindered: [] }],
      total: 1,
      page: 1,
      pages: 1,
    });
    const head = await aHead(libs.em, system, { firstName: 'Corinne', lastName: 'Landry' });

    const one = await aCoordinator(libs.em, { reach: 'system', system, signed: false, lastName: 'Ott' });
    expect(await coverage.withoutCoordinator(desk.actor, filter)).toMatchObject({
      items: [
        {
          heads: [{ staffMemberId: head.staffMemberId, name: 'Corinne Landry', title: 'Superintendent' }],
          hindered: [{ name: 'Dana Ott', hindrance: 'unsigned' }],
        },
      ],
    });
    await anAssignment(libs.em, one.staffMemberId, { reach: 'site', system, sites: [await aSite(libs.em, system)] });
    expect(await systems(coverage.withoutCoordinator(desk.actor, filter))).toEqual([]);
    expect(await coverage.single(desk.actor, filter)).toMatchObject({
      items: [
        {
          system: { code: system },
          coordinator: { name: 'Dana Ott', sinceDay: '2020-08-01', open: 0, coordinatorId: one.coordinatorId },
        },
      ],
      total: 1,
    });

    await aCoordinator(libs.em, { reach: 'system', system });
    expect(await systems(coverage.single(desk.actor, filter))).toEqual([]);
    await libs.em.execute(`update coordinator set ended_at = '2026-03-02T12:00:00Z' where system_code = ?`, [system]);
    const [vacant] = (await coverage.withoutCoordinator(desk.actor, filter)).items;
    expect(vacant).toMatchObject({ sinceDay: '2026-03-02', hindered: [] });
  });

  it('CO-6: who is away is answered by whoever stands in, or by nobody', async () => {
    const system = await aSystem(libs.em);
    const here = { systemCode: system };
    const away = await aCoordinator(libs.em, { reach: 'system', system });
    const { staffMemberId } = await aStaffMember(libs.em);
    const cover = await aCover(libs.em, away.coordinatorId, staffMemberId, { application: 'ser' });
    expect(await systems(coverage.withoutCoordinator(desk.actor, here))).toEqual([]);
    expect((await coverage.onlyState(desk.actor, here)).items).toEqual([
      { system: { code: system, name: expect.any(String) }, applications: ['SER'] },
    ]);

    await libs.em.execute(`update coordinator_cover set application = null where id = ?`, [cover]);
    expect(await systems(coverage.withoutCoordinator(desk.actor, here))).toEqual([system]);
    expect((await coverage.onlyState(desk.actor, here)).items[0]!.applications).toHaveLength(3);
    await libs.em.execute(`update coordinator_cover set to_day = '2021-01-01' where id = ?`, [cover]);
    expect(await systems(coverage.withoutCoordinator(desk.actor, here))).toEqual([]);
  });

  it('CO-6: a system that hangs on one person tells when that one is away and who stands in', async () => {
    const system = await aSystem(libs.em);
    const one = await aCoordinator(libs.em, { reach: 'system', system, lastName: 'Ott' });
    const covers = async () => (await coverage.single(desk.actor, { systemCode: system })).items[0]!.covers;
    expect(await covers()).toEqual([]);
    const standIn = await aTeacher(libs.em, { firstName: 'Ana', lastName: 'Ruiz' });
    await signStatement(libs.em, standIn.staffMemberId);
    const later = { application: 'ser', fromDay: '2998-01-01', toDay: '2998-01-08' };
    await aCover(libs.em, one.coordinatorId, standIn.staffMemberId, later);
    await aCover(libs.em, one.coordinatorId, standIn.staffMemberId, { fromDay: '2020-01-01', toDay: '2020-01-08' });
    await aCover(libs.em, one.coordinatorId, standIn.staffMemberId, { fromDay: '2020-08-01', toDay: '2997-01-01' });
    const told = { name: 'Ana Ruiz', coversFor: 'Dana Ott' };
    expect(await covers()).toEqual([
      { ...told, fromDay: '2020-08-01', toDay: '2997-01-01' },
      { ...told, ...later, application: 'SER' },
    ]);
  });

  it('CO-2: an application is without a coordinator exactly where routing sends the whole system to the state', async () => {
    const applications = libs.app
      .get(CatalogService, { strict: false })
      .applications()
      .filter(({ requestable }) => requestable);
    const routing = libs.app.get(CoordinatorsService, { strict: false });
    let seed = 20_261;
    const random = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
    const codes: string[] = [];
    for (let count = 0; count < 40; count += 1) {
      const system = await aSystem(libs.em);
      codes.push(system);
      const site = await aSite(libs.em, system);
      for (let many = random(4); many > 0; many -= 1) {
        const person = random(5) ? await aTeacher(libs.em) : await aStaffMember(libs.em);
        const coordinator = await anAssignment(libs.em, person.staffMemberId, {
          reach: random(3) ? 'system' : 'site',
          system,
          sites: [site],
          application: random(2) ? undefined : applications[random(3)]!.code,
          signed: random(4) > 0,
          fromDay: random(6) ? '2020-08-01' : '2999-01-01',
        });
        const standIn = random(2) ? await aTeacher(libs.em) : await aStaffMember(libs.em);
        if (!random(3))
          await aCover(libs.em, coordinator, standIn.staffMemberId, {
            sites: random(3) ? undefined : [site],
            application: random(2) ? undefined : applications[random(3)]!.code,
          });
      }
    }
    const lines = codes.flatMap((code) =>
      applications.map(({ code: application }) => ({
        application,
        location: { level: 'system' as const, code },
        systemCode: code,
        requesterId: newId(),
      })),
    );
    const routed = await routing.whoDecidesMany(lines);
    const gaps = lines.filter((_, index) => routed[index]!.stateDesk);
    expect(gaps.length).toBeGreaterThan(20);
    for (const code of codes) {
      const { items } = await coverage.onlyState(desk.actor, { systemCode: code });
      const names = gaps
        .filter(({ systemCode }) => systemCode === code)
        .map(({ application }) => applications.find((one) => one.code === application)!.name);
      expect([code, items.flatMap((item) => item.applications)]).toEqual([code, names]);
    }
  });

  it('AC-5: nonpublic and early-childhood sites nobody serves; served ones and public ones are none of them', async () => {
    const diocese = await aSystem(libs.em, { kind: 'nonpublic', name: 'Diocese of Lake Verret' });
    const parish = await aSystem(libs.em);
    const site = await aSite(libs.em, diocese, { kind: 'nonpublic', name: 'St. Aurelia School' });
    await aSite(libs.em, parish);
    for (const kind of ['central-office', 'support'] as const) await aSite(libs.em, diocese, { kind });
    expect((await coverage.unserved(desk.actor, { text: 'verret' })).items).toEqual([
      {
        site: { code: site, name: 'St. Aurelia School' },
        kind: 'Nonpublic',
        owner: { code: diocese, name: 'Diocese of Lake Verret' },
      },
    ]);
    const serve = async (): Promise<unknown> =>
      libs.em.execute(
        `insert into site_serving (id, site_code, system_code, from_day) values (gen_random_uuid(), ?, ?, '2024-01-01')`,
        [site, parish],
      );
    expect(await grown(serve)).toEqual({ unserved: -1 });
    expect((await coverage.unserved(desk.actor, { systemCode: diocese })).total).toBe(0);
    const close = (): Promise<unknown> =>
      libs.em.execute(`update school_system set closed_on = '2025-01-01' where code = ?`, [parish]);
    expect(await grown(close)).toMatchObject({ systems: -1 });
  });

  it('coordinators by system with since when, limit and open load; unsigned ones alone', async () => {
    const system = await aSystem(libs.em, { name: 'Cane River Parish' });
    const [one, two] = [await aSite(libs.em, system), await aSite(libs.em, system)];
    const group = await aCoordinator(libs.em, {
      reach: 'group',
      system,
      sites: [one, two],
      application: 'ser',
      fromDay: '2024-08-01',
      lastName: 'Abbott',
    });
    await aCoordinator(libs.em, {
      reach: 'site',
      system,
      sites: [one],
      signed: false,
      toDay: '2999-01-01',
      lastName: 'Boyer',
    });
    const teacher = await aTeacher(libs.em);
    await libs.app.get(RequestsService, { strict: false }).submit(teacher.actor, {
      wishes: [
        {
          application: 'ser',
          role: 'ser-data',
          permissions: ['ser-data-writer', 'ser-data-reader'],
          location: { level: 'site', code: two },
        },
      ],
      formKey: newId(),
    });
    const list = await coverage.coordinators(desk.actor, { text: 'cane river' });
    expect(list.items).toEqual([
      {
        coordinatorId: group.coordinatorId,
        staffMemberId: group.staffMemberId,
        name: 'Dana Abbott',
        reach: 'group',
        system: { code: system, name: 'Cane River Parish' },
        application: 'SER',
        sinceDay: '2024-08-01',
        sites: 2,
        open: 1,
        oldest: expect.any(Date),
      },
      expect.objectContaining({ name: 'Dana Boyer', hindrance: 'unsigned', untilDay: '2999-01-01', open: 0, sites: 1 }),
    ]);
    expect((await coverage.coordinators(desk.actor, { text: 'boyer' })).total).toBe(1);
    expect((await coverage.coordinators(desk.actor, { systemCode: system, only: 'unsigned' })).items).toHaveLength(1);
    expect((await coverage.coordinators(desk.actor)).items[0]).not.toHaveProperty('system');

    await libs.em.execute(`update coordinator set ended_at = now(), ended_reason = 'Moved away' where id = ?`, [
      group.coordinatorId,
    ]);
    expect(await coverage.coordinator(desk.actor, group.coordinatorId)).toMatchObject({
      name: 'Dana Abbott',
      siteList: [{ code: one }, { code: two }],
      endedOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      endedReason: 'Moved away',
    });
    expect(await codeOf(coverage.coordinator(desk.actor, "x' or true"))).toBe('oversight.not-found');
  });

  it('CO-2: two assignments of one person that differ in the application only are one line; others stay apart', async () => {
    const system = await aSystem(libs.em);
    const sites = [await aSite(libs.em, system), await aSite(libs.em, system)];
    const scope = { reach: 'group' as const, system, sites };
    const one = await aCoordinator(libs.em, { ...scope, application: 'ser', lastName: 'Abbott' });
    const form = await anAssignment(libs.em, one.staffMemberId, { ...scope, application: 'ser-iep-form' });
    await anAssignment(libs.em, one.staffMemberId, { ...scope, sites: [sites[0]!], application: 'ser' });
    await anAssignment(libs.em, one.staffMemberId, { ...scope, application: 'canopy', fromDay: '2024-08-01' });
    await anAssignment(libs.em, one.staffMemberId, { reach: 'system', system });
    await aCoordinator(libs.em, { ...scope, application: 'ser-iep-form', lastName: 'Boyer' });
    const { items, total } = await coverage.coordinators(desk.actor, { systemCode: system });
    expect(total).toBe(5);
    const told = items.map(({ name, sites: count, application }) => [name, count, application]);
    expect(told).toHaveLength(5);
    expect(told).toEqual(
      expect.arrayContaining([
        ['Dana Abbott', 2, 'SER and SER IEP Form'],
        ['Dana Abbott', 1, 'SER'],
        ['Dana Abbott', 2, expect.stringContaining('Canopy')],
        ['Dana Abbott', 0, undefined],
        ['Dana Boyer', 2, 'SER IEP Form'],
      ]),
    );
    expect(items.find(({ assignments }) => assignments)).toMatchObject({
      coordinatorId: one.coordinatorId,
      assignments: [
        { coordinatorId: one.coordinatorId, application: 'SER' },
        { coordinatorId: form, application: 'SER IEP Form' },
      ],
    });
    expect(await coverage.coordinator(desk.actor, form)).toMatchObject({ application: 'SER IEP Form' });
  });

  it('long lists are cut into pages; beyond the last comes the last', async () => {
    for (let count = 0; count < 51; count += 1) await aSystem(libs.em, { name: `Prairie Long ${count} Parish` });
    const page = (number: number): ReturnType<Coverage['withoutCoordinator']> =>
      coverage.withoutCoordinator(desk.actor, { text: 'prairie long', page: number });
    expect([(await page(1)).items.length, (await page(2)).items.length]).toEqual([50, 1]);
    expect(await page(99)).toMatchObject({ page: 2, pages: 2, total: 51 });
    expect(await page(Number.NaN)).toMatchObject({ page: 1 });
    expect((await coverage.withoutCoordinator(desk.actor, { text: '%_\\' })).total).toBe(0);
  });

  it('is for the state desk: not for coordinators, heads, people without a Staff ID, or the state’s coordinator of one application', async () => {
    const system = await aSystem(libs.em);
    const coordinator = await aCoordinator(libs.em, { reach: 'system', system });
    const limited = await aCoordinator(libs.em, { reach: 'state', application: 'ser' });
    const head = await aHead(libs.em, system);
    const nobody = { client: 'portal' as const, accountId: await anAccount(libs.em) };
    for (const actor of [coordinator.actor, limited.actor, head.actor, nobody])
      for (const ask of [
        () => coverage.overview(actor),
        () => coverage.withoutCoordinator(actor),
        () => coverage.single(actor),
        () => coverage.onlyState(actor),
        () => coverage.unserved(actor),
        () => coverage.coordinators(actor),
        () => coverage.coordinator(actor, coordinator.coordinatorId),
      ])
        expect(await codeOf(ask())).toBe('oversight.not-yours');
  });
});
