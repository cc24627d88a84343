import { days, localDay, newId } from '#kernel';
import { MovableClock } from '../../../test/support/clock.js';
import { aDutyHolder, approvedBy } from '../../../test/support/duties.js';
import { brokenInvariants, strayLines } from '../../../test/support/invariants.js';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aCoordinator, aSite, aStateOfficer, aSystem, aTeacher } from '../../../test/support/people.js';
import { RequestQueries, RequestsModule, RequestsService, TimeSweep } from './index.js';

describe('the clock of a step', () => {
  let libs: TestLibs;
  let clock: MovableClock;
  beforeAll(async () => {
    clock = new MovableClock();
    // A Thursday; the following Thursday is the fifth working day.
    clock.advance(Date.parse('2027-08-12T15:00:00Z') - Date.now());
    libs = await startLibs([RequestsModule], { clock });
    approvedBy(libs.app, 'ser', 'special-education-supervisor', 'coordinator');
  });
  afterAll(() => libs?.close());

  it('starts anew with each step, and rows passed in the step before count no more', async () => {
    const { em, app } = libs;
    const [requests, queries, sweep] = [app.get(RequestsService), app.get(RequestQueries), app.get(TimeSweep)];
    const system = await aSystem(em);
    const school = await aSite(em, system);
    const supervisor = await aDutyHolder(em, { system });
    const coordinator = await aCoordinator(em, { reach: 'system', system });
    const officer = await aStateOfficer(em);
    const teacher = await aTeacher(em, { site: school });
    await em.execute(`update followed_day set day = ?`, [localDay(clock.now())]);
    const { id } = await requests.submit(teacher.actor, {
      wishes: [
        {
          application: 'ser',
          role: 'ser-data',
          permissions: ['ser-data-reader'],
          location: { level: 'site', code: school },
        },
      ],
      formKey: newId(),
    });
    const line = async () => (await queries.view(teacher.actor, id)).lines[0]!;
    expect((await line()).time?.dueDay).toBe('2027-08-19');

    // The due day passes: the state office is asked too, in the step of the supervisor.
    clock.advance(days(7));
    await sweep.followTime(localDay(clock.now()));
    expect((await line()).deciders.map((one) => [one.staffMemberId, one.passed ?? false])).toEqual(
      expect.arrayContaining([
        [supervisor.staffMemberId, true],
        [officer.staffMemberId, false],
      ]),
    );
    const { version, lines } = await queries.view(supervisor.actor, id);
    await requests.decide(supervisor.actor, id, { version, decisions: [{ lineId: lines[0]!.id, verdict: 'approve' }] });

    // Thursday the 19th: the coordinator has five working days, and nobody was asked in vain in this step.
    expect(await line()).toMatchObject({
      time: { dueDay: '2027-08-26' },
      stateDesk: false,
      deciders: [{ staffMemberId: coordinator.staffMemberId }],
    });
    expect((await line()).deciders[0]!.passed).toBeUndefined();
    expect(await strayLines(app, localDay(clock.now()))).toEqual([]);
    clock.advance(days(6));
    await sweep.followTime(localDay(clock.now()));
    expect((await line()).deciders).toHaveLength(1);
    clock.advance(days(1));
    await sweep.followTime(localDay(clock.now()));
    expect((await line()).deciders.map((one) => one.staffMemberId).sort()).toEqual(
      [coordinator.staffMemberId, officer.staffMemberId].sort(),
    );
    expect(await brokenInvariants(em, { at: clock.now() })).toEqual([]);
  });
});
