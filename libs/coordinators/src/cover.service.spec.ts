import { type Change, Changes, days, localDay } from '#kernel';
import { MovableClock } from '../../../test/support/clock.js';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aSite,
  aStaffMember,
  aStateOfficer,
  aSystem,
  aTeacher,
  signStatement,
  type TestCoordinator,
  type TestPerson,
} from '../../../test/support/people.js';
import type { CoverTerms } from './cover-terms.js';
import { CoordinatorsModule, CoordinatorsService, CoverService, type RoutingLine } from './index.js';

describe('covers', () => {
  const clock = new MovableClock();
  let libs: TestLibs;
  let covers: CoverService;
  let coordinators: CoordinatorsService;
  let officer: TestCoordinator;
  let announced: Change[] = [];
  /** Of each test. */
  let system: string;
  let school: string;
  let away: TestCoordinator;
  let colleague: TestPerson;

  beforeAll(async () => {
    libs = await startLibs([CoordinatorsModule], { clock });
    covers = libs.app.get(CoverService);
    coordinators = libs.app.get(CoordinatorsService);
    officer = await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Stone' });
    libs.app.get(Changes).follow(async (_, change) => void announced.push(change));
  });
  afterAll(() => libs?.close());
  beforeEach(async () => {
    system = await aSystem(libs.em, { name: 'Acadia Parish' });
    school = await aSite(libs.em, system);
    away = await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Marcus', lastName: 'Bell' });
    colleague = await aTeacher(libs.em, { firstName: 'Ana', lastName: 'Ruiz', site: school });
    await signStatement(libs.em, colleague.staffMemberId);
    announced = [];
  });

  const day = (from: number): string => localDay(new Date(clock.now().getTime() + days(from)));
  const form = (more: Partial<CoverTerms> = {}): CoverTerms => ({
    coordinatorId: away.coordinatorId,
    staffMemberId: colleague.staffMemberId,
    fromDay: day(0),
    toDay: day(10),
    ...more,
  });
  const line = (requesterId: string, more: Partial<RoutingLine> = {}): RoutingLine => ({
    application: 'ser',
    location: { level: 'site', code: school },
    systemCode: system,
    requesterId,
    ...more,
  });
  const somebody = (): Promise<TestPerson> => aTeacher(libs.em, { site: school });
  const deciders = async (one: RoutingLine): Promise<string[]> =>
    (await coordinators.whoDecides(one)).deciders.map(({ staffMemberId }) => staffMemberId);

  it('whoever stands in decides in the same row, is told, and it ends by itself', async () => {
    const asks = await somebody();
    const id = await covers.name(away.actor, form());
    const routing = await coordinators.whoDecides(line(asks.staffMemberId));
    expect(routing.deciders).toEqual([
      {
        staffMemberId: colleague.staffMemberId,
        coordinatorId: away.coordinatorId,
        name: 'Ana Ruiz',
        reach: 'system',
        coverId: id,
        coversFor: 'Marcus Bell',
        until: day(10),
      },
    ]);
    expect(routing.reasons[0]).toMatch(/; Marcus Bell is away until \w+day, \w+ \d+, and Ana Ruiz decides instead\.$/);
    expect(await coordinators.mayDecide(colleague.staffMemberId, line(asks.staffMemberId))).toBe(true);
    expect(await coordinators.scopesOf(colleague.staffMemberId)).toMatchObject([
      { coverId: id, coversFor: 'Marcus Bell', until: day(10), reach: 'system', systemCode: system },
    ]);
    expect(announced).toMatchObject([{ systems: [system] }]);
    expect(announced[0]!.cause).toMatch(/^Ana Ruiz stands in for Marcus Bell from .+ until .+\.$/);
    const told = await libs.em.execute(
      `select recipient_id from message where kind = 'coordinators.cover-named' and recipient_id in (?, ?)`,
      [colleague.accountId, away.accountId],
    );
    expect(told).toHaveLength(2);
    expect(await covers.of(away.staffMemberId)).toMatchObject({ given: [{ id, toDay: day(10) }], taken: [] });
    expect(await covers.of(colleague.staffMemberId)).toMatchObject({ given: [], taken: [{ id }] });

    expect(await coordinators.boundaries(day(9), day(10))).toEqual({ systems: [system], everywhere: false });
    clock.advance(days(10));
    expect(await deciders(line(asks.staffMemberId))).toEqual([away.staffMemberId]);
    expect(await coordinators.mayDecide(colleague.staffMemberId, line(asks.staffMemberId))).toBe(false);
    expect(await covers.of(colleague.staffMemberId)).toEqual({ given: [], taken: [] });
  });

  it('CO-1 decides neither his own nor what the person asks in whose place he is', async () => {
    await covers.name(away.actor, form());
    for (const asks of [colleague, away]) {
      expect(await coordinators.mayDecide(colleague.staffMemberId, line(asks.staffMemberId))).toBe(false);
      expect(await coordinators.whoDecides(line(asks.staffMemberId))).toMatchObject({ stateDesk: true });
    }
  });

  it('CO-2 for some sites never holds the whole system, nor another site, nor another application', async () => {
    const asks = (await somebody()).staffMemberId;
    const other = await aSite(libs.em, system);
    await covers.name(away.actor, form({ siteCodes: [school], application: 'ser' }));
    const may = (more: Partial<RoutingLine>): Promise<boolean> =>
      coordinators.mayDecide(colleague.staffMemberId, line(asks, more));
    expect(await may({})).toBe(true);
    expect(await may({ location: { level: 'system', code: system } })).toBe(false);
    expect(await may({ location: { level: 'site', code: other } })).toBe(false);
    expect(await may({ application: 'canopy' })).toBe(false);
    expect(await deciders(line(asks, { location: { level: 'system', code: system } }))).toEqual([away.staffMemberId]);
    expect(await coordinators.scopesOf(colleague.staffMemberId)).toMatchObject([
      { reach: 'group', siteCodes: new Set([school]), application: 'ser' },
    ]);
  });

  it('AC-6 once its end has answered, nothing is decided by it; nor without a statement, nor when the assignment ended', async () => {
    const asks = (await somebody()).staffMemberId;
    const id = await covers.name(away.actor, form());
    await covers.end(colleague.actor, id);
    expect(await coordinators.mayDecide(colleague.staffMemberId, line(asks))).toBe(false);
    expect(await deciders(line(asks))).toEqual([away.staffMemberId]);
    expect(await codeOf(covers.end(officer.actor, id))).toBe('coordinators.not-found');
    expect(announced.map(({ cause }) => cause)[1]).toBe('Ana Ruiz no longer stands in for Marcus Bell.');

    const unsigned = await aTeacher(libs.em, { site: school });
    await covers.name(away.actor, form({ staffMemberId: unsigned.staffMemberId }));
    expect(await coordinators.mayDecide(unsigned.staffMemberId, line(asks))).toBe(false);
    expect((await coordinators.whoDecides(line(asks))).stateDesk).toBe(true);
    await signStatement(libs.em, unsigned.staffMemberId);
    expect(await coordinators.mayDecide(unsigned.staffMemberId, line(asks))).toBe(true);
    await libs.em.execute(`update coordinator set ended_at = now() where id = ?`, [away.coordinatorId]);
    expect(await coordinators.mayDecide(unsigned.staffMemberId, line(asks))).toBe(false);
  });

  it('CO-4 what a decision rests on is held still until it is written: the end of the cover, and of what it covers, waits', async () => {
    const asks = (await somebody()).staffMemberId;
    const id = await covers.name(away.actor, form());
    const ends: (() => Promise<unknown>)[] = [
      () => libs.em.fork().execute(`update coordinator set to_day = '2999-01-01' where id = ?`, [away.coordinatorId]),
      () => covers.end(away.actor, id),
    ];
    for (const end of ends) {
      const order: string[] = [];
      let decided = (): void => undefined;
      let begun = (): void => undefined;
      const holding = new Promise<void>((resolve) => (begun = resolve));
      const deciding = libs.em.transactional(async () => {
        expect(await coordinators.mayDecide(colleague.staffMemberId, line(asks))).toBe(true);
        begun();
        await new Promise<void>((resolve) => (decided = resolve));
        order.push('decided');
      });
      await holding;
      const ending = end().then(() => order.push('ended'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      decided();
      await Promise.all([deciding, ending]);
      expect(order).toEqual(['decided', 'ended']);
    }
    expect(await coordinators.mayDecide(colleague.staffMemberId, line(asks))).toBe(false);
  });

  it('the state desk names one for somebody ill; nobody else does, least of all for himself (CO-3)', async () => {
    const other = await aCoordinator(libs.em, { reach: 'system', system });
    for (const actor of [other.actor, colleague.actor])
      expect(await codeOf(covers.name(actor, form()))).toBe('coordinators.not-found');
    expect(await codeOf(covers.name({ client: 'portal' }, form()))).toBe('coordinators.not-yours');
    expect(await codeOf(covers.name(officer.actor, form({ staffMemberId: officer.staffMemberId })))).toBe(
      'coordinators.not-yours',
    );
    expect(await codeOf(covers.candidates(colleague.actor, away.coordinatorId, ''))).toBe('coordinators.not-found');
    const id = await covers.name(officer.actor, form());
    expect(await codeOf(covers.end(other.actor, id))).toBe('coordinators.not-found');
    await covers.end(officer.actor, id);
  });

  it('CO-3 who stands in at the state desk decides its requests and makes nobody a coordinator', async () => {
    const ser = await aCoordinator(libs.em, { reach: 'state', application: 'ser' });
    const desk = await aStateOfficer(libs.em);
    const stranger = form({ coordinatorId: desk.coordinatorId });
    expect(await codeOf(covers.name(desk.actor, stranger))).toBe('coordinators.wrong-cover');
    await covers.name(desk.actor, { ...stranger, staffMemberId: ser.staffMemberId });
    const asks = (await somebody()).staffMemberId;
    expect(await coordinators.mayDecide(ser.staffMemberId, line(asks, { application: 'canopy' }))).toBe(true);
    expect(await coordinators.isStateDesk(ser.staffMemberId)).toBe(false);
    expect(announced).toMatchObject([{ everywhere: true }]);
  });

  it('refuses what does not fit', async () => {
    const elsewhere = await aSite(libs.em, await aSystem(libs.em));
    const foreigner = await aTeacher(libs.em, { site: elsewhere });
    const unregistered = await aStaffMember(libs.em, { site: school });
    const own = await aCoordinator(libs.em, {
      reach: 'site',
      system,
      sites: [school],
      application: 'ser',
      toDay: day(30),
    });
    const wrong: Partial<CoverTerms>[] = [
      { staffMemberId: away.staffMemberId },
      { staffMemberId: foreigner.staffMemberId },
      { staffMemberId: unregistered.staffMemberId },
      { staffMemberId: 'nobody' },
      { fromDay: day(-1) },
      { fromDay: day(3), toDay: day(3) },
      { fromDay: day(3), toDay: day(2) },
      { fromDay: '2026-02-31' },
      { toDay: day(181) },
      { siteCodes: [] },
      { siteCodes: [elsewhere] },
      { siteCodes: [school, 'ZZZ999'] },
      { siteCodes: Array.from({ length: 100_000 }, (_, at) => `X${at}`) },
    ];
    for (const more of wrong)
      expect([more, await codeOf(covers.name(away.actor, form(more)))]).toEqual([more, 'coordinators.wrong-cover']);
    const narrow = form({ coordinatorId: own.coordinatorId });
    const other = await aSite(libs.em, system);
    for (const more of [{ siteCodes: [other] }, { application: 'canopy' }, { toDay: day(31) }])
      expect([more, await codeOf(covers.name(own.actor, { ...narrow, ...more }))]).toEqual([
        more,
        'coordinators.wrong-cover',
      ]);
    expect(await codeOf(covers.name(away.actor, form({ application: 'payroll' })))).toBe('catalog.unknown-application');
    expect(await codeOf(covers.name(officer.actor, form({ coordinatorId: 'none' })))).toBe('coordinators.not-found');
    expect(await covers.of(away.staffMemberId)).toEqual({ given: [], taken: [] });
  });

  it('refuses a cover of a cover, in both directions, and a second one for the same', async () => {
    const other = await aCoordinator(libs.em, { reach: 'site', system, sites: [school] });
    await covers.name(away.actor, form());
    const chain = form({ coordinatorId: other.coordinatorId, staffMemberId: away.staffMemberId });
    expect(await codeOf(covers.name(other.actor, chain))).toBe('coordinators.wrong-cover');
    expect(await codeOf(covers.name(other.actor, { ...chain, fromDay: day(10), toDay: day(12) }))).toMatch(/^done/);
    expect(await codeOf(covers.name(away.actor, form({ fromDay: day(9), toDay: day(11) })))).toBe(
      'coordinators.wrong-cover',
    );
    expect(await codeOf(covers.name(away.actor, form({ toDay: day(3), siteCodes: [school] })))).toBe(
      'coordinators.covered-already',
    );
  });

  it('two who name each other at the same moment: one stands; ten times the same: one', async () => {
    for (let round = 0; round < 10; round++) {
      const [one, other] = [
        await aCoordinator(libs.em, { reach: 'system', system }),
        await aCoordinator(libs.em, { reach: 'site', system, sites: [school] }),
      ];
      const each = (from: TestCoordinator, to: TestCoordinator): CoverTerms =>
        form({ coordinatorId: from.coordinatorId, staffMemberId: to.staffMemberId });
      const outcomes = await Promise.all([
        codeOf(covers.name(one.actor, each(one, other))),
        codeOf(covers.name(other.actor, each(other, one))),
      ]);
      expect(outcomes.filter((outcome) => outcome.startsWith('done'))).toHaveLength(1);
    }
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => codeOf(covers.name(away.actor, form()))));
    expect(outcomes.filter((outcome) => outcome.startsWith('done'))).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'coordinators.covered-already')).toHaveLength(9);
  });

  it('offers those who work or decide in the system and can sign in, never the one who is away', async () => {
    await aTeacher(libs.em, { firstName: 'Ana', lastName: 'Rue', site: await aSite(libs.em, await aSystem(libs.em)) });
    await aStaffMember(libs.em, { firstName: 'Ana', lastName: 'Reed', site: school });
    const peer = await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Ben', lastName: 'Ruiz' });
    const found = async (text: string): Promise<string[]> =>
      (await covers.candidates(away.actor, away.coordinatorId, text)).map(({ name, about }) => `${name}: ${about}`);
    expect(await found('ana r')).toEqual([`Ana Ruiz: Teacher, School ${school}`]);
    expect(await found('ruiz')).toEqual([`Ana Ruiz: Teacher, School ${school}`, 'Ben Ruiz: Coordinator']);
    expect(await found(peer.staffId)).toEqual(['Ben Ruiz: Coordinator']);
    expect(await found('bell')).toEqual([]);
    expect(await found('%')).toHaveLength(2);
  });
});
