import { newId, type SignedIn } from '#kernel';
import { RequestsService } from '#requests';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aCover,
  aHead,
  anAccount,
  anAssignment,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  signStatement,
  type TestPerson,
} from '../../../test/support/people.js';
import { Coverage, FindCoordinator, OversightModule, type SystemPicture } from './index.js';

describe('who decides in a system', () => {
  let libs: TestLibs;
  let coverage: Coverage;
  let find: FindCoordinator;
  let desk: TestPerson;
  let system: string;
  let school: string;
  let other: string;

  beforeAll(async () => {
    libs = await startLibs([OversightModule]);
    coverage = libs.app.get(Coverage);
    find = libs.app.get(FindCoordinator);
    desk = await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Prejean' });
  });
  afterAll(() => libs?.close());
  beforeEach(async () => {
    system = await aSystem(libs.em, { name: 'Teche Parish' });
    school = await aSite(libs.em, system, { name: 'Alder High' });
    other = await aSite(libs.em, system, { name: 'Birch Elementary' });
  });

  const picture = (actor: SignedIn = desk.actor, more = {}): Promise<SystemPicture> =>
    coverage.system(actor, system, more);
  const aServedSite = async (name: string): Promise<{ diocese: string; site: string }> => {
    const diocese = await aSystem(libs.em, { kind: 'nonpublic', name: `Diocese of ${name}` });
    const site = await aSite(libs.em, diocese, { name: `${name} Academy`, kind: 'nonpublic' });
    await libs.em.execute(
      `insert into site_serving (id, site_code, system_code, from_day) values (gen_random_uuid(), ?, ?, '2024-01-01')`,
      [site, system],
    );
    return { diocese, site };
  };

  it('CO-2, AC-5: the picture shows own and served sites, groups, covers, heads, and who decides for each', async () => {
    await aHead(libs.em, system);
    const whole = await aCoordinator(libs.em, { reach: 'system', system, lastName: 'Whole', fromDay: '2023-07-01' });
    const own = await aCoordinator(libs.em, { reach: 'site', system, sites: [school], lastName: 'Own' });
    const group = { reach: 'group' as const, system, sites: [school, other] };
    const ser = await aCoordinator(libs.em, { ...group, application: 'ser', lastName: 'Ser' });
    await aCoordinator(libs.em, { ...group, lastName: 'Group' });
    const cover = await aTeacher(libs.em, { firstName: 'Ana', lastName: 'Ruiz' });
    await signStatement(libs.em, cover.staffMemberId);
    await aCover(libs.em, ser.coordinatorId, cover.staffMemberId, { sites: [other], toDay: '2999-08-14' });
    const { diocese, site } = await aServedSite('Vermilion');

    const seen = await picture();
    expect(seen).toMatchObject({
      system: { code: system, name: 'Teche Parish' },
      kind: 'Parish school system',
      open: true,
      takenOver: false,
      heads: [{ name: 'Corinne Landry', title: 'Superintendent' }],
      groups: [
        { coordinators: [{ name: 'Dana Group' }, { name: 'Dana Ser' }], sites: [{ code: school }, { code: other }] },
      ],
      covers: [{ name: 'Ana Ruiz', coversFor: 'Dana Ser', application: 'SER', sites: 1, toDay: '2999-08-14' }],
      whole: [{ deciders: [{ name: 'Dana Whole', sinceDay: '2023-07-01', reach: 'system' }], stateDesk: false }],
      sites: { total: 3, page: 1, pages: 1 },
    });
    expect(seen.coordinators.map(({ name }) => name)).toEqual(['Dana Whole', 'Dana Group', 'Dana Ser', 'Dana Own']);
    expect(seen.whole[0]).not.toHaveProperty('applications');

    const [alder, birch, academy] = seen.sites.items;
    expect(alder).toMatchObject({
      site: { code: school, name: 'Alder High' },
      kind: 'School',
      owned: true,
      served: false,
      deciders: [{ deciders: [{ staffMemberId: own.staffMemberId, reach: 'site' }] }],
    });
    expect(birch!.deciders).toEqual([
      {
        applications: ['SER'],
        stateDesk: false,
        deciders: [
          {
            staffMemberId: cover.staffMemberId,
            name: 'Ana Ruiz',
            reach: 'group',
            application: 'SER',
            coversFor: 'Dana Ser',
            untilDay: '2999-08-14',
          },
        ],
      },
      {
        applications: ['SER IEP Form', expect.any(String)],
        stateDesk: false,
        deciders: [expect.objectContaining({ name: 'Dana Group' })],
      },
    ]);
    // The parish decides for what is served, its owner for the rest; here nobody but the state.
    expect(academy).toMatchObject({
      site: { code: site },
      kind: 'Nonpublic',
      owned: false,
      served: true,
      owner: { code: diocese },
      deciders: [
        { applications: ['SER', 'SER IEP Form'], deciders: [{ staffMemberId: whole.staffMemberId }] },
        { stateDesk: true },
      ],
    });
    expect((await picture(desk.actor, { text: 'birch' })).sites.items).toHaveLength(1);
    expect((await picture(desk.actor, { siteCodes: [school, 'X'] })).sites.items).toEqual([alder]);
    expect((await picture(desk.actor, { siteCodes: [] })).sites.items).toEqual([]);
  });

  it('AC-6: opens for its coordinators, their covers, its head and the state desk; for others it does not exist', async () => {
    const elsewhere = await aSystem(libs.em);
    const own = await aCoordinator(libs.em, { reach: 'site', system, sites: [school] });
    const standsIn = await aTeacher(libs.em);
    await aCover(libs.em, own.coordinatorId, standsIn.staffMemberId);
    const head = await aHead(libs.em, system);
    for (const actor of [own.actor, standsIn.actor, head.actor, desk.actor])
      expect(await picture(actor)).toMatchObject({ system: { code: system } });

    const strangers = [
      (await aTeacher(libs.em, { site: school })).actor,
      (await aCoordinator(libs.em, { reach: 'system', system: elsewhere })).actor,
      (await aHead(libs.em, elsewhere)).actor,
      { client: 'portal' as const, accountId: await anAccount(libs.em) },
    ];
    for (const actor of strangers) expect(await codeOf(picture(actor))).toBe('oversight.not-found');
    await libs.em.execute(`update coordinator set ended_at = now() where id = ?`, [own.coordinatorId]);
    await libs.em.execute(`update system_head set ended_at = now() where system_code = ?`, [system]);
    for (const actor of [own.actor, standsIn.actor, head.actor])
      expect(await codeOf(picture(actor))).toBe('oversight.not-found');
    for (const code of ['ZZZ', '', "'", 'x'.repeat(5000)])
      expect(await codeOf(coverage.system(desk.actor, code))).toBe('oversight.not-found');
  });

  it('AC-3: what waits for a colleague in another system is not counted here', async () => {
    const elsewhere = await aSystem(libs.em);
    const both = await aCoordinator(libs.em, { reach: 'system', system });
    await anAssignment(libs.em, both.staffMemberId, { reach: 'system', system: elsewhere });
    const near = await aCoordinator(libs.em, { reach: 'site', system, sites: [school] });
    const ask = async (code: string): Promise<void> => {
      const { actor } = await aTeacher(libs.em);
      await libs.app.get(RequestsService, { strict: false }).submit(actor, {
        wishes: [
          { application: 'ser', role: 'ser-data', permissions: ['ser-data-writer'], location: { level: 'site', code } },
        ],
        formKey: newId(),
      });
    };
    for (const code of [other, await aSite(libs.em, elsewhere), await aSite(libs.em, elsewhere)]) await ask(code);
    const { coordinators } = await picture(near.actor);
    expect(coordinators.map(({ staffMemberId, open }) => [staffMemberId, open])).toEqual([
      [both.staffMemberId, 1],
      [near.staffMemberId, 0],
    ]);
    const all = await coverage.coordinators(desk.actor, { systemCode: system });
    expect(all.items.find(({ reach }) => reach === 'system')).toMatchObject({ open: 3 });
  });

  it('find my coordinator: names and since when, by application, with the reason', async () => {
    await aCoordinator(libs.em, { reach: 'system', system, lastName: 'Whole' });
    await aCoordinator(libs.em, { reach: 'site', system, sites: [school], application: 'ser', lastName: 'Ser' });
    const { place, answers } = await find.at({ level: 'site', code: school });
    expect(place.name).toBe('Alder High');
    expect(answers).toMatchObject([
      {
        applications: [{ code: 'ser', name: 'SER' }],
        deciders: [{ name: 'Dana Ser', application: 'SER', sinceDay: '2020-08-01' }],
        stateDesk: false,
      },
      { applications: [{ code: 'ser-iep-form' }, { code: 'canopy' }], deciders: [{ name: 'Dana Whole' }] },
    ]);
    expect(answers[0]!.reasons.join(' ')).toMatch(/coordinator/);
  });

  it('CO-2: somebody who decides SER and SER IEP Form by two assignments is told once, on the picture and to people', async () => {
    const scope = { reach: 'site' as const, system, sites: [school] };
    const one = await aCoordinator(libs.em, { ...scope, application: 'ser', lastName: 'Pair' });
    await anAssignment(libs.em, one.staffMemberId, { ...scope, application: 'ser-iep-form' });
    const { answers } = await find.at({ level: 'site', code: school });
    expect(answers).toMatchObject([
      {
        applications: [{ code: 'ser' }, { code: 'ser-iep-form' }],
        deciders: [{ name: 'Dana Pair', application: 'SER and SER IEP Form' }],
        reasons: ['This school has a coordinator of its own for SER and SER IEP Form, who decides.'],
      },
      { applications: [{ code: 'canopy' }], stateDesk: true },
    ]);
    const { coordinators, sites } = await picture();
    expect(coordinators.map(({ name, application }) => [name, application])).toEqual([
      ['Dana Pair', 'SER and SER IEP Form'],
    ]);
    expect(sites.items[0]!.deciders[0]).toMatchObject({
      applications: ['SER', 'SER IEP Form'],
      deciders: [{ name: 'Dana Pair' }],
    });
  });

  it('AC-5: for a served site the serving system is named; where nobody is on record the state desk decides', async () => {
    await aCoordinator(libs.em, { reach: 'system', system, lastName: 'Whole' });
    const { diocese, site } = await aServedSite('Calcasieu');
    const { answers } = await find.at({ level: 'site', code: site });
    expect(answers).toMatchObject([
      {
        deciders: [{ name: 'Dana Whole' }],
        reasons: [expect.stringContaining('serves it, Teche Parish'), expect.any(String)],
      },
      { applications: [{ code: 'canopy' }], stateDesk: true, deciders: [{ name: 'Odile Prejean' }] },
    ]);
    const alone = await aSite(libs.em, diocese, { kind: 'nonpublic' });
    const found = await find.at({ level: 'site', code: alone });
    expect(found.answers.every(({ stateDesk }) => stateDesk)).toBe(true);
    expect(await codeOf(find.at({ level: 'site', code: 'NOWHERE' }))).toBe('sites.unknown-code');
  });
});
