import { days, localDay, systemActor } from '#kernel';
import { MovableClock } from '../../../test/support/clock.js';
import { brokenInvariants } from '../../../test/support/invariants.js';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aHead,
  anAssignment,
  aStaffMember,
  aStateOfficer,
  aSystem,
  type TestCoordinator,
} from '../../../test/support/people.js';
import { Appointments, CoordinatorsModule, Vacancies } from './index.js';

describe('vacancies', () => {
  let libs: TestLibs;
  let clock: MovableClock;
  let vacancies: Vacancies;
  let officer: TestCoordinator;

  beforeAll(async () => {
    clock = new MovableClock();
    libs = await startLibs([CoordinatorsModule], { clock });
    vacancies = libs.app.get(Vacancies);
    officer = await aStateOfficer(libs.em);
  });
  afterAll(() => libs?.close());
  afterEach(async () => expect(await brokenInvariants(libs.em)).toEqual([]));

  const today = (): string => localDay(clock.now());
  const dayIn = (count: number): string => localDay(new Date(clock.now().getTime() + days(count)));
  const sweep = (): Promise<number> => vacancies.expireDue(systemActor, today());
  const told = async ({ accountId }: { accountId: string }, kind: string) =>
    libs.em.execute<{ facts: Record<string, string> }[]>(
      `select facts from message where recipient_id = ? and kind = ? order by queued_at desc`,
      [accountId, `coordinators.${kind}`],
    );
  const standsIn = async (system: string): Promise<boolean> => {
    const open = `select 1 from state_takeover where system_code = ? and ended_at is null`;
    return (await libs.em.execute(open, [system])).length === 1;
  };
  /** I11: open systems that had a coordinator have one in office, or the state stands in. */
  const alone = () =>
    libs.em.execute(
      `select c.system_code from coordinator c join school_system y on y.code = c.system_code and y.closed_on is null
       where c.reach = 'system' and c.application is null and c.from_day <= ?
         and not exists (select 1 from state_takeover t where t.system_code = c.system_code and t.ended_at is null)
       group by c.system_code having not bool_or(c.ended_at is null and c.from_day <= ? and coalesce(c.to_day > ?, true))`,
      [today(), today(), today()],
    );

  it('CO-6 I11 the state takes over on the day the last time ends, tells head and desk once, and stands back for a successor', async () => {
    const [one, two] = [await aSystem(libs.em, { name: 'Bayou Parish' }), await aSystem(libs.em)];
    const head = await aHead(libs.em, one, { firstName: 'Corinne', lastName: 'Landry' });
    await aCoordinator(libs.em, { reach: 'system', system: one, toDay: dayIn(2) });
    await aCoordinator(libs.em, { reach: 'system', system: two });
    await aCoordinator(libs.em, { reach: 'system', system: two, toDay: dayIn(2) });
    expect(await sweep()).toBe(0);
    clock.advance(days(2));
    const opened = await Promise.all([sweep(), sweep(), sweep()]);
    expect(opened.sort()).toEqual([0, 0, 1]);
    expect(await alone()).toEqual([]);
    expect(await standsIn(one)).toBe(true);
    expect(await standsIn(two)).toBe(false);
    expect(await told(head, 'vacancy')).toHaveLength(1);
    expect((await told(officer, 'vacancies'))[0]!.facts.systems).toBe('Bayou Parish');

    const { staffMemberId } = await aStaffMember(libs.em);
    await libs.app
      .get(Appointments)
      .designate(systemActor, { staffMemberId, reach: 'system', systemCode: one, fromDay: dayIn(3) });
    await sweep();
    expect(await standsIn(one)).toBe(true);
    clock.advance(days(3));
    await sweep();
    expect(await standsIn(one)).toBe(false);
    expect(await alone()).toEqual([]);
  });

  it('an end on a day that the state foresaw opens a take-over when that day comes', async () => {
    const system = await aSystem(libs.em);
    const last = await aCoordinator(libs.em, { reach: 'system', system });
    await libs.app
      .get(Appointments)
      .end(officer.actor, last.coordinatorId, { day: dayIn(5), reason: 'Retires', takeOver: true });
    expect(await standsIn(system)).toBe(false);
    clock.advance(days(5));
    expect(await sweep()).toBe(1);
    expect(await standsIn(system)).toBe(true);
    expect(await alone()).toEqual([]);
  });

  it('many at once: each head hears of his own system, the desk of all in one mail; closed systems need nobody', async () => {
    const before = (await told(officer, 'vacancies')).length;
    const heads = [];
    for (let index = 0; index < 12; index++) {
      const system = await aSystem(libs.em);
      heads.push(await aHead(libs.em, system));
      await anAssignment(libs.em, (await aStaffMember(libs.em)).staffMemberId, {
        reach: 'system',
        system,
        toDay: dayIn(1),
      });
    }
    const closed = await aSystem(libs.em);
    await anAssignment(libs.em, (await aStaffMember(libs.em)).staffMemberId, {
      reach: 'system',
      system: closed,
      toDay: dayIn(1),
    });
    await libs.em.execute(`update school_system set closed_on = '2021-07-01' where code = ?`, [closed]);
    clock.advance(days(1));
    expect(await sweep()).toBe(12);
    for (const head of heads) expect(await told(head, 'vacancy')).toHaveLength(1);
    const mails = await told(officer, 'vacancies');
    expect(mails).toHaveLength(before + 1);
    expect(mails[0]!.facts.systems).toMatch(/ and 2 more$/);
    expect(await standsIn(closed)).toBe(false);
  });

  it('CO-6 I11 holds after any mix of leaving, ending, naming and sweeping at the same moment', async () => {
    const appointments = libs.app.get(Appointments);
    const possible = /^done|^coordinators\.(last-one|already-ended)$/;
    for (let round = 0; round < 40; round++) {
      const system = await aSystem(libs.em);
      const people: TestCoordinator[] = [];
      for (let index = 0; index < 3; index++)
        people.push(await aCoordinator(libs.em, { reach: 'system', system, ...(index === 2 && { toDay: today() }) }));
      const newcomer = await aStaffMember(libs.em);
      const at = <T>(list: T[]): T => list[Math.floor(Math.random() * list.length)]!;
      const acts = [
        () => appointments.standDown(people[0]!.actor, people[0]!.coordinatorId, { reason: 'Out' }),
        () => appointments.standDown(people[1]!.actor, people[1]!.coordinatorId, { reason: 'Out' }),
        () => appointments.end(officer.actor, at(people).coordinatorId, { reason: 'Out', takeOver: round % 2 === 0 }),
        () => appointments.designate(systemActor, { ...newcomer, reach: 'system', systemCode: system }),
        sweep,
      ];
      const chosen = acts.filter(() => Math.random() < 0.7);
      const outcomes = await Promise.all(chosen.map((act) => codeOf(act())));
      expect(outcomes.filter((one) => !possible.test(one))).toEqual([]);
      expect(await alone()).toEqual([]);
    }
  });
});
