import { Changes, newId, systemActor, type Change } from '#kernel';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aHead,
  aSite,
  aStaffMember,
  aStateOfficer,
  aSystem,
  aTeacher,
  type TestCoordinator,
} from '../../../test/support/people.js';
import { Appointments, CoordinatorsModule, CoordinatorsService, type Designation } from './index.js';

const done = 'done: undefined';

describe('how coordinators begin and leave', () => {
  let libs: TestLibs;
  let appointments: Appointments;
  let coordinators: CoordinatorsService;
  let system: string;
  let school: string;
  let officer: TestCoordinator;
  const heard: Change[] = [];

  beforeAll(async () => {
    libs = await startLibs([CoordinatorsModule]);
    appointments = libs.app.get(Appointments);
    coordinators = libs.app.get(CoordinatorsService);
    libs.app.get(Changes).follow((_, change) => Promise.resolve(void heard.push(change)));
    system = await aSystem(libs.em, { name: 'Acadia Parish' });
    school = await aSite(libs.em, system, { name: 'Cypress Bend High' });
    officer = await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Stone' });
    await aStateOfficer(libs.em);
  });
  beforeEach(() => void heard.splice(0));
  afterAll(() => libs?.close());

  const auditOf = (target: string) =>
    libs.em.execute<{ action: string; result: string }[]>(
      `select action, result from audit_entry where target = ? order by id`,
      [target],
    );
  const toldTo = async ({ accountId }: { accountId: string }): Promise<string[]> => {
    const rows = await libs.em.execute<{ kind: string }[]>(
      `select kind from message where recipient_id = ? order by queued_at, kind`,
      [accountId],
    );
    return rows.map(({ kind }) => kind);
  };
  const takeovers = (code: string) =>
    libs.em.execute<{ ended: boolean }[]>(
      `select ended_at is not null as ended from state_takeover where system_code = ? order by opened_at`,
      [code],
    );

  describe('designate', () => {
    it('an operator names, with an audit entry; the person is told and those who follow hear it', async () => {
      const person = await aTeacher(libs.em);
      const scope: Designation = {
        staffMemberId: person.staffMemberId,
        reach: 'site',
        siteCodes: [school],
        application: 'ser',
      };
      const id = await appointments.designate(systemActor, scope);
      const [own] = await coordinators.scopesOf(person.staffMemberId);
      expect(own).toMatchObject({ id, reach: 'site', systemCode: system, application: 'ser' });
      expect([...own!.siteCodes]).toEqual([school]);
      expect(await auditOf(`coordinator:${id}`)).toEqual([{ action: 'coordinator.designate', result: 'done' }]);
      expect(heard).toEqual([{ cause: 'Robin Moss is a security coordinator now.', systems: [system] }]);
      expect(await toldTo(person)).toEqual(['coordinators.named']);
      expect(await codeOf(appointments.designate(systemActor, scope))).toBe('coordinators.already');
    });

    it('the same from a later day, when the first one is over then, is not double', async () => {
      const { staffMemberId } = await aStaffMember(libs.em);
      const scope: Designation = { staffMemberId, reach: 'site', siteCodes: [school] };
      await appointments.designate(systemActor, { ...scope, toDay: '2998-07-01' });
      heard.splice(0);
      expect(await codeOf(appointments.designate(systemActor, { ...scope, fromDay: '2998-06-30' }))).toBe(
        'coordinators.already',
      );
      await appointments.designate(systemActor, { ...scope, fromDay: '2998-07-01' });
      expect(heard).toEqual([]); // nothing changes today
    });

    it('the same person is named once, however many try at the same moment', async () => {
      for (let round = 0; round < 5; round++) {
        const { staffMemberId } = await aStaffMember(libs.em);
        const outcomes = await Promise.all(
          Array.from({ length: 6 }, () =>
            codeOf(appointments.designate(systemActor, { staffMemberId, reach: 'system', systemCode: system })),
          ),
        );
        expect(outcomes.filter((one) => one.startsWith('done'))).toHaveLength(1);
        expect(outcomes.filter((one) => one === 'coordinators.already')).toHaveLength(5);
      }
    });

    it('the state desk names others, never itself', async () => {
      const person = await aTeacher(libs.em);
      const wish: Designation = { staffMemberId: person.staffMemberId, reach: 'system', systemCode: system };
      const id = await appointments.designate(officer.actor, wish);
      const own = { ...wish, staffMemberId: officer.staffMemberId };
      expect(await codeOf(appointments.designate(officer.actor, own))).toBe('coordinators.not-yours');
      await appointments.end(officer.actor, id, { reason: 'Duties changed', takeOver: true });
      expect(await codeOf(appointments.end(officer.actor, id, { reason: 'Again' }))).toBe('coordinators.already-ended');
      expect(await auditOf(`coordinator:${id}`)).toEqual([
        { action: 'coordinator.designate', result: 'done' },
        { action: 'coordinator.end', result: 'done' },
      ]);
    });

    it('nobody acts for the state office whose statement is not signed', async () => {
      const late = await aCoordinator(libs.em, { reach: 'state', signed: false });
      const { staffMemberId } = await aStaffMember(libs.em);
      const wish: Designation = { staffMemberId, reach: 'system', systemCode: system };
      expect(await codeOf(appointments.designate(late.actor, wish))).toBe('coordinators.unsigned');
    });

    it('CO-2 a scope holds together', async () => {
      const { staffMemberId } = await aStaffMember(libs.em);
      const elsewhere = await aSite(libs.em, await aSystem(libs.em));
      const closed = await aSite(libs.em, system);
      await libs.em.execute(`update site set closed_on = '2021-07-01' where code = ?`, [closed]);
      const manyCodes = Array.from({ length: 100_000 }, (_, index) => `${system}${index}`);
      const tries: [string, Partial<Designation>][] = [
        ['coordinators.wrong-scope', { reach: 'group', siteCodes: [school, elsewhere] }],
        ['coordinators.wrong-scope', { reach: 'group', siteCodes: manyCodes }],
        ['coordinators.wrong-scope', { reach: 'site', siteCodes: [school, elsewhere] }],
        ['coordinators.wrong-scope', { reach: 'site' }],
        ['coordinators.wrong-scope', { reach: 'system' }],
        ['coordinators.wrong-scope', { reach: 'system', systemCode: system, siteCodes: [school] }],
        ['coordinators.wrong-scope', { reach: 'state', systemCode: system }],
        ['coordinators.wrong-scope', { reach: 'site', siteCodes: [elsewhere], systemCode: system }],
        ['coordinators.wrong-scope', { reach: 'system', systemCode: system, fromDay: '2998-02-31' }],
        ['coordinators.wrong-scope', { reach: 'system', systemCode: system, fromDay: '2026-01-05' }],
        [
          'coordinators.wrong-scope',
          { reach: 'system', systemCode: system, fromDay: '2998-02-02', toDay: '2998-02-02' },
        ],
        ['coordinators.wrong-scope', { reach: 'county' as never, siteCodes: [school] }],
        ['coordinators.not-found', { reach: 'system', systemCode: system, staffMemberId: newId() }],
        ['coordinators.not-found', { reach: 'system', systemCode: system, staffMemberId: 'somebody' }],
        ['sites.unknown-code', { reach: 'site', siteCodes: ['ZZZ999'] }],
        ['sites.closed', { reach: 'site', siteCodes: [closed] }],
        ['catalog.unknown-application', { reach: 'system', systemCode: system, application: 'payroll' }],
      ];
      for (const [code, scope] of tries)
        expect([
          scope.reach,
          await codeOf(appointments.designate(systemActor, { staffMemberId, reach: 'site', ...scope })),
        ]).toEqual([scope.reach, code]);
      expect(await coordinators.scopesOf(staffMemberId)).toEqual([]);
    });

    it('AC-5 a site that comes with a system belongs to its scopes for the applications decided there, and to its owner for all', async () => {
      const diocese = await aSystem(libs.em, { kind: 'diocese' });
      const chapel = await aSite(libs.em, diocese, { kind: 'nonpublic' });
      await libs.em.execute(
        `insert into site_serving (id, site_code, system_code, from_day) values (?, ?, ?, '2020-08-01')`,
        [newId(), chapel, system],
      );
      const { staffMemberId } = await aStaffMember(libs.em);
      const group = (systemCode: string | undefined, siteCodes: string[], application?: string) =>
        codeOf(
          appointments.designate(systemActor, { staffMemberId, reach: 'group', systemCode, siteCodes, application }),
        );
      expect(await group(system, [school, chapel])).toBe('coordinators.wrong-scope');
      expect(await group(system, [school, chapel], 'canopy')).toBe('coordinators.wrong-scope');
      expect(await group(system, [school, chapel], 'ser')).toMatch(/^done/);
      expect(await group(undefined, [chapel], 'ser')).toMatch(/^done/);
      expect(await group(undefined, [chapel])).toMatch(/^done/);
      const scopes = await coordinators.scopesOf(staffMemberId);
      expect(scopes.map((one) => `${one.systemCode} ${one.application}`).sort()).toEqual(
        [`${diocese} undefined`, `${system} ser`, `${system} ser`].sort(),
      );
    });
  });

  describe('leaving', () => {
    it('a coordinator stands down at once, and decides nothing any more', async () => {
      const home = await aSystem(libs.em);
      const head = await aHead(libs.em, home);
      const one = await aCoordinator(libs.em, { reach: 'system', system: home });
      const other = await aCoordinator(libs.em, { reach: 'system', system: home });
      expect(await codeOf(appointments.standDown(one.actor, other.coordinatorId, { reason: 'Out' }))).toBe(
        'coordinators.not-found',
      );
      expect(await codeOf(appointments.standDown(one.actor, one.coordinatorId, { reason: ' ' }))).toBe(
        'coordinators.wrong-scope',
      );
      await appointments.standDown(one.actor, one.coordinatorId, { reason: 'Retiring' });
      expect(await coordinators.scopesOf(one.staffMemberId)).toEqual([]);
      expect(heard).toEqual([{ cause: 'Dana Reyes stands down.', systems: [home] }]);
      expect(await auditOf(`coordinator:${one.coordinatorId}`)).toContainEqual({
        action: 'coordinator.stand-down',
        result: 'done',
      });
      expect(await toldTo(one)).toEqual([]);
      expect(await toldTo(head)).toEqual(['coordinators.left']);
    });

    it('on a day: in office until then, nothing moves today; only earlier days are possible afterwards', async () => {
      const home = await aSystem(libs.em);
      const one = await aCoordinator(libs.em, { reach: 'system', system: home });
      await aCoordinator(libs.em, { reach: 'system', system: home });
      const leave = (day: string) =>
        codeOf(appointments.standDown(one.actor, one.coordinatorId, { day, reason: 'Retiring' }));
      expect(await leave('2998-02-30')).toBe('coordinators.wrong-scope');
      expect(await leave('2026-01-05')).toBe('coordinators.wrong-scope');
      expect(await leave('2998-06-01')).toBe(done);
      expect(heard).toEqual([]);
      expect(await coordinators.scopesOf(one.staffMemberId, '2998-05-31')).toHaveLength(1);
      expect(await coordinators.scopesOf(one.staffMemberId, '2998-06-01')).toEqual([]);
      expect(await leave('2998-07-01')).toBe('coordinators.wrong-scope'); // nobody lengthens his own time (CO-3)
      expect(await leave('2998-05-01')).toBe(done);
      await appointments.standDown(one.actor, one.coordinatorId, { reason: 'Now already' });
      expect(await coordinators.scopesOf(one.staffMemberId)).toEqual([]);
      expect(await leave('2998-05-01')).toBe('coordinators.already-ended');
    });

    it('CO-6 the last coordinator of a system cannot go, nor be ended, without a successor or the state', async () => {
      const home = await aSystem(libs.em, { name: 'Red River Parish' });
      const head = await aHead(libs.em, home);
      const last = await aCoordinator(libs.em, { reach: 'system', system: home });
      await aCoordinator(libs.em, { reach: 'system', system: home, application: 'ser' });
      const site = await aSite(libs.em, home);
      await aCoordinator(libs.em, { reach: 'site', system: home, sites: [site] });
      const reason = 'Retiring';
      await expect(appointments.standDown(last.actor, last.coordinatorId, { reason })).rejects.toThrow(
        /Red River Parish would have no coordinator for the whole school system from now on/,
      );
      expect(await codeOf(appointments.standDown(last.actor, last.coordinatorId, { day: '2998-06-01', reason }))).toBe(
        'coordinators.last-one',
      );
      expect(await codeOf(appointments.end(officer.actor, last.coordinatorId, { reason }))).toBe(
        'coordinators.last-one',
      );
      expect(heard).toEqual([]);

      await appointments.end(officer.actor, last.coordinatorId, { reason, takeOver: true });
      expect(await takeovers(home)).toEqual([{ ended: false }]);
      expect(await toldTo(head)).toEqual(['coordinators.left', 'coordinators.vacancy']);
      expect(await toldTo(last)).toEqual(['coordinators.ended']);
      expect(await toldTo(officer)).toContain('coordinators.vacancies');

      const { staffMemberId } = await aStaffMember(libs.em);
      await appointments.designate(systemActor, { staffMemberId, reach: 'system', systemCode: home });
      expect(await takeovers(home)).toEqual([{ ended: true }]);
    });

    it('CO-6 the one coordinator who remains, and the state desk, are told once; who leaves a pair of three tells nobody', async () => {
      const home = await aSystem(libs.em, { name: 'Sabine Parish' });
      const head = await aHead(libs.em, home);
      const three = [];
      for (const lastName of ['Ardoin', 'Babin', 'Credeur'])
        three.push(await aCoordinator(libs.em, { reach: 'system', system: home, lastName }));
      const [one, two, last] = three as [TestCoordinator, TestCoordinator, TestCoordinator];
      await aCoordinator(libs.em, { reach: 'system', system: home, application: 'ser' });
      await aCoordinator(libs.em, { reach: 'system', system: home, fromDay: '2998-01-01' });
      const desk = async () => (await toldTo(officer)).filter((kind) => kind === 'coordinators.only-one-left').length;
      const before = await desk();
      await appointments.standDown(one.actor, one.coordinatorId, { reason: 'Retiring' });
      expect([await toldTo(two), await toldTo(last), await desk()]).toEqual([[], [], before]);
      await appointments.end(officer.actor, two.coordinatorId, { reason: 'Moved away' });
      expect(await toldTo(last)).toEqual(['coordinators.only-one']);
      expect(await desk()).toBe(before + 1);
      const [told] = await libs.em.execute<{ facts: Record<string, string> }[]>(
        `select facts from message where recipient_id = ?`,
        [last.accountId],
      );
      expect(told!.facts).toEqual({
        system: 'Sabine Parish',
        systemCode: home,
        name: 'Dana Babin',
        only: 'Dana Credeur',
      });
      expect((await toldTo(head)).filter((kind) => kind !== 'coordinators.left')).toEqual([]);
      const reasons = await libs.em.execute<{ reason: string }[]>(
        `select facts->>'reason' as reason from message where recipient_id = ? order by queued_at`,
        [head.accountId],
      );
      expect(reasons.map(({ reason }) => reason)).toEqual(['Retiring', 'Moved away']);
    });

    it('CO-6 an end on a day tells who remains from that day on, not somebody who leaves before', async () => {
      const home = await aSystem(libs.em);
      const one = await aCoordinator(libs.em, { reach: 'system', system: home });
      await aCoordinator(libs.em, { reach: 'system', system: home, toDay: '2998-03-01' });
      const stays = await aCoordinator(libs.em, { reach: 'system', system: home });
      await appointments.standDown(one.actor, one.coordinatorId, { day: '2998-06-01', reason: 'Retiring' });
      const told = await libs.em.execute<{ day: string }[]>(
        `select facts->>'day' as day from message where recipient_id = ? and kind = 'coordinators.only-one'`,
        [stays.accountId],
      );
      expect(told).toEqual([{ day: expect.stringContaining('June 1, 2998') }]);
    });

    it('CO-6 a successor counts from his first day to his last', async () => {
      const home = await aSystem(libs.em);
      const first = await aCoordinator(libs.em, { reach: 'system', system: home });
      await aCoordinator(libs.em, { reach: 'system', system: home, fromDay: '2998-06-01', toDay: '2999-01-01' });
      const leave = (day?: string) =>
        codeOf(appointments.standDown(first.actor, first.coordinatorId, { day, reason: 'Retiring' }));
      expect(await leave()).toBe('coordinators.last-one');
      expect(await leave('2998-05-31')).toBe('coordinators.last-one');
      expect(await leave('2998-06-01')).toBe('coordinators.last-one'); // nobody after the successor's last day
      await aCoordinator(libs.em, { reach: 'system', system: home, fromDay: '2999-01-01' });
      expect(await leave('2998-06-01')).toBe(done);
    });

    it('CO-6 a closed system needs nobody', async () => {
      const home = await aSystem(libs.em);
      const last = await aCoordinator(libs.em, { reach: 'system', system: home });
      await libs.em.execute(`update school_system set closed_on = '2021-07-01' where code = ?`, [home]);
      await appointments.standDown(last.actor, last.coordinatorId, { reason: 'Closed' });
      expect(await takeovers(home)).toEqual([]);
    });

    it('CO-6 two last ones who leave at the same moment: one succeeds', async () => {
      for (let round = 0; round < 30; round++) {
        const home = await aSystem(libs.em);
        const pair = [
          await aCoordinator(libs.em, { reach: 'system', system: home }),
          await aCoordinator(libs.em, { reach: 'system', system: home }),
        ];
        const day = round % 3 === 2 ? '2998-06-01' : undefined;
        const outcomes = await Promise.all(
          pair.map(({ actor, coordinatorId }, at) =>
            codeOf(
              round % 2 && at
                ? appointments.end(officer.actor, coordinatorId, { reason: 'Out', day })
                : appointments.standDown(actor, coordinatorId, { reason: 'Out', day }),
            ),
          ),
        );
        expect(outcomes.sort()).toEqual(['coordinators.last-one', done]);
      }
    });

    it('the last one at the state desk cannot go: there is nobody to take over', async () => {
      const own = await startLibs([CoordinatorsModule]);
      const last = await aStateOfficer(own.em);
      const verbs = own.app.get(Appointments);
      expect(await codeOf(verbs.standDown(last.actor, last.coordinatorId, { reason: 'Out' }))).toBe(
        'coordinators.last-one',
      );
      const byOperator = verbs.end(systemActor, last.coordinatorId, { reason: 'Out', takeOver: true });
      expect(await codeOf(byOperator)).toBe('coordinators.last-one');
      await own.close();
    });

    it('CO-3 two people of the state desk who end each other at the same moment: one stays', async () => {
      for (let round = 0; round < 10; round++) {
        const [one, other] = [await aStateOfficer(libs.em), await aStateOfficer(libs.em)];
        const outcomes = await Promise.all([
          codeOf(appointments.end(one.actor, other.coordinatorId, { reason: 'Out' })),
          codeOf(appointments.end(other.actor, one.coordinatorId, { reason: 'Out' })),
        ]);
        const left = [
          await coordinators.isStateDesk(one.staffMemberId),
          await coordinators.isStateDesk(other.staffMemberId),
        ].filter(Boolean).length;
        expect({ outcomes, left }).toMatchObject({ left: 1 });
      }
    });
  });
});
