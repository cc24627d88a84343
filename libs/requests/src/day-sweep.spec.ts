import { setTimeout } from 'node:timers/promises';
import { Appointments, holdRouting } from '#coordinators';
import { Changes, days, localDay, newId, systemActor } from '#kernel';
import { Organisation } from '#sites';
import { MovableClock } from '../../../test/support/clock.js';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aCover,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  signStatement,
} from '../../../test/support/people.js';
import { DaySweep, RequestQueries, RequestsModule, RequestsService, type RequestView } from './index.js';

describe('requests follow what begins and ends by time', () => {
  let libs: TestLibs;
  let clock: MovableClock;
  let sweep: DaySweep;
  let system: string;
  let school: string;
  beforeEach(async () => {
    clock = new MovableClock();
    libs = await startLibs([RequestsModule], { clock });
    sweep = libs.app.get(DaySweep);
    system = await aSystem(libs.em, { name: 'Acadia Parish' });
    school = await aSite(libs.em, system);
    await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Stone' });
  });
  afterEach(() => libs.close());

  const today = (): string => localDay(clock.now());
  const inDays = (count: number): string => localDay(new Date(clock.now().getTime() + days(count)));
  const asked = async (): Promise<() => Promise<RequestView>> => {
    const teacher = await aTeacher(libs.em);
    const { id } = await libs.app.get(RequestsService).submit(teacher.actor, {
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
    return () => libs.app.get(RequestQueries).view(teacher.actor, id);
  };
  const names = ({ lines }: RequestView): string[] => lines[0]!.deciders.map(({ name }) => name);
  const coordinator = (name: string, more: { toDay?: string; fromDay?: string; sites?: string[] } = {}) =>
    aCoordinator(libs.em, {
      reach: more.sites ? 'site' : 'system',
      system,
      firstName: name,
      lastName: 'Ruiz',
      ...more,
    });
  const toldCount = async (): Promise<number> =>
    (await libs.em.execute(`select 1 from message where kind = 'request.rerouted'`)).length;

  it('assignments and covers begin and end, each told once; the same day again is nothing', async () => {
    const far = await coordinator('Fay');
    await coordinator('Ned', { sites: [school], toDay: inDays(3) });
    await coordinator('Lea', { sites: [school], fromDay: inDays(9) });
    const standsIn = await aTeacher(libs.em, { firstName: 'Cora', lastName: 'Ruiz' });
    await libs.em.execute(
      `insert into statement_signature select gen_random_uuid(), ?, statement, version, text_hash, signed_on, signed_at from statement_signature where staff_member_id = ?`,
      [standsIn.staffMemberId, far.staffMemberId],
    );
    await aCover(libs.em, far.coordinatorId, standsIn.staffMemberId, { fromDay: inDays(5), toDay: inDays(7) });
    const view = await asked();
    const seen = [names(await view())];
    expect(await sweep.followDays(today())).toBe(false);
    for (let at = 1; at <= 10; at++) {
      clock.advance(days(1));
      expect(await sweep.followDays(today())).toBe(true);
      expect(await sweep.followDays(today())).toBe(false);
      seen.push(names(await view()));
    }
    const ned = ['Ned Ruiz'];
    const fay = ['Fay Ruiz'];
    const cora = ['Cora Ruiz'];
    const lea = ['Lea Ruiz'];
    expect(seen).toEqual([ned, ned, ned, fay, fay, cora, cora, fay, fay, lea, lea]);
    expect((await view()).history).toHaveLength(5);
    // Each of the four moves told the old one, the new one and the requester.
    expect(await toldCount()).toBe(12);
  });

  it('days on which no worker ran are made up for at once', async () => {
    await coordinator('Fay');
    await coordinator('Ned', { sites: [school], toDay: inDays(3) });
    const view = await asked();
    clock.advance(days(40));
    expect(await sweep.followDays(today())).toBe(true);
    expect(names(await view())).toEqual(['Fay Ruiz']);
  });

  it('a link of a place that begins later is followed on its day', async () => {
    const diocese = await aSystem(libs.em, { kind: 'nonpublic' });
    school = await aSite(libs.em, diocese, { kind: 'nonpublic' });
    await coordinator('Fay');
    const view = await asked();
    expect(await view()).toMatchObject({ lines: [{ stateDesk: true }] });
    await libs.em.transactional(async (em) => {
      await holdRouting(em, 'everywhere', 'change');
      const link = { siteCode: school, systemCode: system, fromDay: inDays(2) };
      await libs.app.get(Organisation, { strict: false }).serve(systemActor, link);
    });
    expect(await view()).toMatchObject({ lines: [{ stateDesk: true }] });
    clock.advance(days(2));
    await sweep.followDays(today());
    expect(names(await view())).toEqual(['Fay Ruiz']);
  });

  it('CO-6 where the time of the last coordinator ends the state takes over, and gets what is open', async () => {
    await coordinator('Fay', { toDay: inDays(1) });
    const view = await asked();
    clock.advance(days(1));
    await sweep.followDays(today());
    expect(await view()).toMatchObject({ lines: [{ stateDesk: true, deciders: [{ name: 'Odile Stone' }] }] });
    const standIns = await libs.em.execute(`select system_code from state_takeover where ended_at is null`);
    expect(standIns).toEqual([{ system_code: system }]);
  });

  it('AC-6 who is named for tomorrow while midnight passes is followed all the same', async () => {
    await coordinator('Fay');
    const ned = await aTeacher(libs.em, { firstName: 'Ned', lastName: 'Ruiz' });
    await signStatement(libs.em, ned.staffMemberId);
    const view = await asked();
    let midnight!: () => void;
    const swept = new Promise<void>((resolve) => (midnight = resolve)).then(() => sweep.followDays(today()));
    await libs.em.transactional(async () => {
      const named = { reach: 'site' as const, siteCodes: [school], fromDay: inDays(1) };
      const appointments = libs.app.get(Appointments, { strict: false });
      await appointments.designate(systemActor, { staffMemberId: ned.staffMemberId, ...named });
      clock.advance(days(1));
      midnight();
      await setTimeout(300);
    });
    expect(await swept).toBe(true);
    expect(names(await view())).toEqual(['Ned Ruiz']);
  });

  it('of twenty workers at once one does it', async () => {
    await coordinator('Fay');
    for (let round = 1; round <= 10; round++) {
      await coordinator(`Ned${'x'.repeat(round)}`, { sites: [school], toDay: inDays(1) });
      await asked();
      clock.advance(days(1));
      const done = await Promise.all(Array.from({ length: 20 }, () => sweep.followDays(today())));
      expect(done.filter(Boolean)).toHaveLength(1);
      expect(await toldCount()).toBe(3 * round);
    }
  });

  it('what is cut off in the middle is not done, and done whole the next time', async () => {
    await coordinator('Fay');
    await coordinator('Ned', { sites: [school], toDay: inDays(1) });
    const view = await asked();
    clock.advance(days(1));
    let cut = true;
    libs.app.get(Changes).follow(async () => {
      if (cut) throw new Error('cut off');
    });
    await expect(sweep.followDays(today())).rejects.toThrow('cut off');
    expect([names(await view()), await toldCount()]).toEqual([['Ned Ruiz'], 0]);
    cut = false;
    expect(await sweep.followDays(today())).toBe(true);
    expect([names(await view()), await toldCount()]).toEqual([['Fay Ruiz'], 3]);
  });
});
