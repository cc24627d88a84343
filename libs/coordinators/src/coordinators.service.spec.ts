import { newId, systemActor } from '#kernel';
import {
  aCoordinator,
  aCover,
  anAssignment,
  aSite,
  aStaffMember,
  aStateOfficer,
  aSystem,
  aTeacher,
  moveSite,
  signStatement,
  type TestCoordinator,
} from '../../../test/support/people.js';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { Appointments, CoordinatorsModule, CoordinatorsService, type RoutingLine } from './index.js';
import type { Concerned } from './coordinators.service.js';

describe('coordinators', () => {
  let libs: TestLibs;
  let coordinators: CoordinatorsService;
  let system: string;
  let school: string;
  let officer: TestCoordinator;

  beforeAll(async () => {
    libs = await startLibs([CoordinatorsModule]);
    coordinators = libs.app.get(CoordinatorsService);
    system = await aSystem(libs.em, { name: 'Acadia Parish' });
    school = await aSite(libs.em, system, { name: 'Cypress Bend High' });
    officer = await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Stone' });
  });
  afterAll(() => libs?.close());

  const lineFor = (
    requesterId: string,
    location: RoutingLine['location'] = { level: 'site', code: school },
  ): RoutingLine => ({
    application: 'ser',
    location,
    systemCode: system,
    requesterId,
    words: { place: 'Cypress Bend High', isSchool: true, system: 'Acadia Parish', application: 'SER' },
  });
  it('routes a line by what the tables say now, in words', async () => {
    const teacher = await aTeacher(libs.em);
    const desk = await coordinators.whoDecides(lineFor(teacher.staffMemberId));
    expect(desk).toMatchObject({ stateDesk: true, deciders: [{ name: 'Odile Stone', reach: 'state' }] });
    expect(desk.reasons[0]).toBe(
      'Neither this school nor Acadia Parish has a coordinator who can decide this, so the state office decides.',
    );

    const near = await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Ana', lastName: 'Ruiz' });
    const routed = await coordinators.whoDecides(lineFor(teacher.staffMemberId));
    expect(routed.deciders).toEqual([
      {
        staffMemberId: near.staffMemberId,
        coordinatorId: near.coordinatorId,
        name: 'Ana Ruiz',
        reach: 'system',
        application: undefined,
      },
    ]);
    expect(routed.reasons).toEqual([
      'This school has no coordinator of its own, so the coordinator of Acadia Parish decides.',
    ]);
    expect(routed.trace.version).not.toBe(desk.trace.version);

    await libs.app.get(Appointments).end(systemActor, near.coordinatorId, { reason: 'Moved away', takeOver: true });
    expect(await coordinators.whoDecides(lineFor(teacher.staffMemberId))).toMatchObject({ stateDesk: true });
  });

  it('passes over coordinators whose days have not come or are over, and who cannot sign in', async () => {
    const teacher = await aTeacher(libs.em);
    const home = await aSystem(libs.em);
    const line = { ...lineFor(teacher.staffMemberId, { level: 'system', code: home }), systemCode: home };
    await aCoordinator(libs.em, { reach: 'system', system: home, fromDay: '2999-01-01' });
    await aCoordinator(libs.em, { reach: 'system', system: home, toDay: '2021-01-01' });
    expect((await coordinators.whoDecides(line)).stateDesk).toBe(true);

    const unregistered = await aStaffMember(libs.em, { lastName: 'Newly' });
    await anAssignment(libs.em, unregistered.staffMemberId, { reach: 'system', system: home });
    const disabled = await aCoordinator(libs.em, { reach: 'system', system: home });
    await libs.em.execute(`update account set status = 'disabled' where id = ?`, [disabled.accountId]);
    const routing = await coordinators.whoDecides(line);
    expect(routing).toMatchObject({ stateDesk: true, deciders: [{ name: 'Odile Stone' }] });
    expect(routing.reasons).toContain('Two nearer coordinators cannot sign in at present and are passed over.');
  });

  it('AC-5 a site that moved is decided by its new system from that day on', async () => {
    const [from, to] = [await aSystem(libs.em), await aSystem(libs.em)];
    const site = await aSite(libs.em, from);
    const old = await aCoordinator(libs.em, { reach: 'system', system: from });
    const own = await aCoordinator(libs.em, { reach: 'site', system: from, sites: [site] });
    const late = await aCoordinator(libs.em, { reach: 'system', system: to });
    const line = {
      application: 'ser',
      location: { level: 'site' as const, code: site },
      systemCode: from,
      requesterId: (await aTeacher(libs.em)).staffMemberId,
    };
    expect(await coordinators.mayDecide(old.staffMemberId, line)).toBe(true);
    expect(await coordinators.mayDecide(late.staffMemberId, line)).toBe(false);

    await moveSite(libs.em, site, to);
    const moved = { ...line, systemCode: to };
    expect(await coordinators.mayDecide(old.staffMemberId, moved)).toBe(false);
    expect(await coordinators.mayDecide(own.staffMemberId, moved)).toBe(false);
    expect(await coordinators.mayDecide(late.staffMemberId, moved)).toBe(true);
  });

  it('whoever covers a line may act, not only the nearest; nobody for himself', async () => {
    const teacher = await aTeacher(libs.em);
    const home = await aSystem(libs.em);
    const site = await aSite(libs.em, home);
    const near = await aCoordinator(libs.em, { reach: 'site', system: home, sites: [site] });
    const above = await aCoordinator(libs.em, { reach: 'system', system: home });
    const foreign = await aCoordinator(libs.em, { reach: 'system', system });
    const otherApplication = await aCoordinator(libs.em, { reach: 'system', system: home, application: 'canopy' });
    const line = { ...lineFor(teacher.staffMemberId, { level: 'site', code: site }), systemCode: home };
    const may = await Promise.all(
      [near, above, officer, foreign, otherApplication, teacher].map((one) =>
        coordinators.mayDecide(one.staffMemberId, line),
      ),
    );
    expect(may).toEqual([true, true, true, false, false, false]);
    expect(await coordinators.mayDecide(near.staffMemberId, { ...line, requesterId: near.staffMemberId })).toBe(false);
  });

  it('passes over who has not signed the statement, and lets such a one decide nothing', async () => {
    const teacher = await aTeacher(libs.em);
    const home = await aSystem(libs.em);
    const line = { ...lineFor(teacher.staffMemberId, { level: 'system', code: home }), systemCode: home };
    const unsigned = await aCoordinator(libs.em, { reach: 'system', system: home, signed: false });
    expect(await coordinators.whoDecides(line)).toMatchObject({ stateDesk: true });
    expect(await coordinators.mayDecide(unsigned.staffMemberId, line)).toBe(false);
    expect(await coordinators.hasSigned(unsigned.staffMemberId)).toBe(false);
    await signStatement(libs.em, unsigned.staffMemberId);
    expect(await coordinators.whoDecides(line)).toMatchObject({
      deciders: [{ staffMemberId: unsigned.staffMemberId }],
    });
    expect(await coordinators.mayDecide(unsigned.staffMemberId, line)).toBe(true);
  });

  it('says where people have a word, by person and by account, and where it begins or ends', async () => {
    const [home, other] = [await aSystem(libs.em), await aSystem(libs.em)].sort();
    const one = await aCoordinator(libs.em, {
      reach: 'system',
      system: home,
      fromDay: '2040-03-01',
      toDay: '2040-06-01',
    });
    const late = await aCoordinator(libs.em, { reach: 'system', system: other, signed: false });
    await aCover(libs.em, late.coordinatorId, one.staffMemberId, { fromDay: '2040-04-01', toDay: '2040-05-01' });
    const where = { systems: [home, other], everywhere: false };
    expect(sorted(await coordinators.systemsOf({ staffMemberIds: [one.staffMemberId] }))).toEqual(where);
    expect(sorted(await coordinators.systemsOf({ accountIds: [one.accountId] }))).toEqual(where);
    expect(await coordinators.systemsOf({ accountIds: [officer.accountId] })).toEqual({
      systems: [],
      everywhere: true,
    });
    expect(await coordinators.systemsOf({ accountIds: [newId()], staffMemberIds: [newId()] })).toEqual(nowhere);

    const turns: [string, string, string | undefined][] = [
      ['2040-02-01', '2040-02-29', undefined],
      ['2040-02-29', '2040-03-01', home],
      ['2040-03-01', '2040-03-31', undefined],
      ['2040-03-31', '2040-04-01', other],
      ['2040-04-30', '2040-05-01', other],
      ['2040-05-31', '2040-06-01', home],
      ['2040-06-01', '2040-06-02', undefined],
    ];
    for (const [from, to, system] of turns)
      expect([to, await coordinators.boundaries(from, to)]).toEqual([
        to,
        { systems: system ? [system] : [], everywhere: false },
      ]);
    await libs.em.execute(
      `insert into statement_signature (id, staff_member_id, statement, version, text_hash, signed_on, signed_at)
       values (gen_random_uuid(), ?, 'coordinator', 'test', 'test', '2040-02-15', '2040-02-15')`,
      [late.staffMemberId],
    );
    expect(await coordinators.boundaries('2041-02-14', '2041-02-15')).toEqual({ systems: [other], everywhere: false });
  });
});

const nowhere = { systems: [], everywhere: false };
const sorted = ({ systems, everywhere }: Concerned): Concerned => ({ systems: [...systems].sort(), everywhere });
