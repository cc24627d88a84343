import { Appointments, CoverService } from '#coordinators';
import { GrantsService } from '#grants';
import { localDay, newId, systemActor } from '#kernel';
import { RequestQueries, RequestsService } from '#requests';
import { AccountsService } from '#accounts';
import { EmploymentEnds, StaffService } from '#staff';
import { MovableClock } from '../../../test/support/clock.js';
import { brokenInvariants, strayLines } from '../../../test/support/invariants.js';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aCover,
  aHead,
  aSite,
  aStaffMember,
  aStateOfficer,
  aSystem,
  aTeacher,
  type TestCoordinator,
  type TestPerson,
} from '../../../test/support/people.js';
import { ComplianceModule, Departures, DepartureSweep } from './index.js';

const reason = 'Resigned at the end of the term.';

describe('people leave', () => {
  const clock = new MovableClock();
  let moved = 0;
  let libs: TestLibs;
  let departures: Departures;
  let sweep: DepartureSweep;
  let requests: RequestsService;
  let queries: RequestQueries;
  let system: string;
  let school: string;
  let first: TestCoordinator;
  let second: TestCoordinator;
  let officer: TestCoordinator;
  let teacher: TestPerson;

  const get = <T>(token: new (...all: never[]) => T): T => libs.app.get(token, { strict: false });

  beforeAll(async () => {
    libs = await startLibs([ComplianceModule], { clock });
    departures = get(Departures);
    sweep = get(DepartureSweep);
    requests = get(RequestsService);
    queries = get(RequestQueries);
    officer = await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Prejean' });
  });
  afterAll(() => libs?.close());
  beforeEach(async () => {
    clock.advance(-moved);
    moved = 0;
    system = await aSystem(libs.em);
    school = await aSite(libs.em, system);
    first = await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Ana', lastName: 'Ruiz' });
    second = await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Bo', lastName: 'Picou' });
    teacher = await aTeacher(libs.em, { firstName: 'Marcus', lastName: 'Guillory', site: school });
  });

  const forward = (hours: number): void => {
    moved += hours * 3_600_000;
    clock.advance(hours * 3_600_000);
  };
  const today = (): string => localDay(clock.now());
  const inDays = (count: number): string => localDay(new Date(clock.now().getTime() + count * 86_400_000));

  const ask = async (who: TestPerson, permissions = ['iep-form-writer'], place = school) => {
    const location = { level: 'site' as const, code: place };
    const wish = { application: 'ser-iep-form', role: 'iep-form', permissions, location };
    const { id } = await requests.submit(who.actor, { wishes: [wish], formKey: newId() });
    return queries.view(who.actor, id);
  };
  const approve = async (view: Awaited<ReturnType<typeof ask>>, by: TestCoordinator) =>
    requests.decide(by.actor, view.id, {
      version: view.version,
      decisions: [{ lineId: view.lines[0]!.id, verdict: 'approve' }],
    });
  const effective = async (who: TestPerson) =>
    (await get(GrantsService).effective(who.accountId, undefined, clock.now())).length;
  const recordsOf = async (who: { staffMemberId: string }) =>
    libs.em.execute<{ ended: { kind: string; words: string }[]; reason: string; day: string }[]>(
      `select ended, reason, day::text from departure where staff_member_id = ?`,
      [who.staffMemberId],
    );
  const deciderOf = async (requestId: string): Promise<string[]> =>
    (
      await libs.em.execute<{ id: string }[]>(
        `select d.staff_member_id as id from request_decider d join request_line l on l.id = d.line_id where l.request_id = ?`,
        [requestId],
      )
    ).map(({ id }) => id);
  const whole = async (): Promise<void> => {
    expect(await brokenInvariants(libs.em)).toEqual([]);
    expect(await strayLines(libs.app)).toEqual([]);
  };

  it('CF-4 in one act ends access, open requests, duties, covers and sessions, and says so on one record', async () => {
    const { staffMemberId } = first;
    await libs.em.execute(
      `insert into employment (id, staff_member_id, site_code, position, from_day) values (?, ?, ?, 'Counselor', '2020-08-01')`,
      [newId(), staffMemberId, school],
    );
    await approve(await ask(first), second);
    const open = await ask(first, ['iep-form-approver']);
    const helper = await aTeacher(libs.em, { site: school });
    await aCover(libs.em, first.coordinatorId, helper.staffMemberId, { fromDay: inDays(5), toDay: inDays(9) });
    await aCover(libs.em, second.coordinatorId, staffMemberId, { fromDay: inDays(20), toDay: inDays(30) });
    await libs.em.execute(
      `insert into system_head (id, system_code, staff_member_id, title, from_day, created_at) values (?, ?, ?, 'Superintendent', '2020-08-01', now())`,
      [newId(), system, staffMemberId],
    );
    const work = await ask(teacher);
    expect(await deciderOf(work.id)).toContain(staffMemberId);
    const authTime = Math.floor(clock.now().getTime() / 1000);
    expect(await get(AccountsService).sessionLives(first.accountId, authTime)).toBe(true);

    const outcome = await departures.end(officer.actor, staffMemberId, { reason });
    expect(outcome.result).toBe('left');
    expect(outcome.ended.map(({ kind }) => kind).sort()).toEqual(
      ['coordinator', 'cover', 'cover', 'employment', 'grant', 'head', 'request', 'sessions'].sort(),
    );
    expect(outcome.ended.map(({ words }) => words)).toEqual(
      expect.arrayContaining([
        `Counselor at School ${school}`,
        expect.stringMatching(/^IEP Form Writer in .* at School /),
        expect.stringMatching(new RegExp(`^Request ${open.reference} for `)),
        `Superintendent of ${system} Parish`,
      ]),
    );
    expect(await effective(first)).toBe(0);
    expect(await get(AccountsService).sessionLives(first.accountId, authTime)).toBe(false);
    expect(await get(StaffService).employmentsOf(staffMemberId)).toEqual([]);
    expect((await queries.view(first.actor, open.id)).lines.map(({ status }) => status)).toEqual(['withdrawn']);
    expect(await get(CoverService).of(staffMemberId)).toEqual({ given: [], taken: [] });
    expect(await deciderOf(work.id)).toEqual([second.staffMemberId]);
    const [record, ...others] = await recordsOf(first);
    expect(others).toEqual([]);
    expect(record).toMatchObject({ ended: outcome.ended, reason, day: today() });
    const told = await libs.em.execute<{ kind: string; recipient_id: string }[]>(
      `select kind, recipient_id from message where kind = 'compliance.left'`,
    );
    expect(told).toEqual([{ kind: 'compliance.left', recipient_id: first.accountId }]);
    const deeds = await libs.em.execute<{ action: string }[]>(
      `select action from audit_entry where target = ? order by id`,
      [`staff-member:${staffMemberId}`],
    );
    expect(deeds.map(({ action }) => action)).toEqual(['employment.end', 'person.leave']);
    expect(await codeOf(departures.end(officer.actor, staffMemberId, { reason }))).toBe('compliance.already-left');
    await whole();
  });

  it('CO-6 the last coordinator is not kept: the state takes over by itself, and open work goes there', async () => {
    const work = await ask(teacher);
    await departures.end(officer.actor, first.staffMemberId, { reason });
    await departures.end(systemActor, second.staffMemberId, { reason });
    const [takeover] = await libs.em.execute<{ reason: string; opened_by: string | null }[]>(
      `select reason, opened_by from state_takeover where system_code = ? and ended_at is null`,
      [system],
    );
    expect(takeover).toEqual({ reason: 'Bo Picou has left.', opened_by: null });
    const [line] = (await queries.view(teacher.actor, work.id)).lines;
    expect(line).toMatchObject({ status: 'pending', stateDesk: true });
    await whole();
  });

  it('a designation on its way is taken back; what a head proposed for others goes on', async () => {
    const head = await aHead(libs.em, system);
    const form = (who: string, by: string) => [newId(), who, system, today(), by, newId()];
    const sql = `insert into designation (id, staff_member_id, reach, system_code, from_day, reason, status, version, proposed_by, form_key, created_at) values (?, ?, 'system', ?, ?, 'x', 'approved', 1, ?, ?, now())`;
    const [own, others] = [
      form(teacher.staffMemberId, head.staffMemberId),
      form(first.staffMemberId, head.staffMemberId),
    ];
    await libs.em.execute(sql, own);
    await libs.em.execute(sql, others);
    await departures.end(officer.actor, teacher.staffMemberId, { reason });
    await departures.end(officer.actor, head.staffMemberId, { reason });
    const rows = await libs.em.execute<{ id: string; status: string }[]>(
      `select id, status from designation where system_code = ? order by status`,
      [system],
    );
    expect(rows).toEqual([
      { id: others[0], status: 'approved' },
      { id: own[0], status: 'withdrawn' },
    ]);
  });

  describe('who may', () => {
    it('a coordinator of the school system ends the employment there only; access stays while another lasts', async () => {
      const otherSystem = await aSystem(libs.em);
      const otherSchool = await aSite(libs.em, otherSystem);
      const other = await aCoordinator(libs.em, { reach: 'system', system: otherSystem });
      await libs.em.execute(
        `insert into employment (id, staff_member_id, site_code, position, from_day) values (?, ?, ?, 'Coach', '2021-08-01')`,
        [newId(), teacher.staffMemberId, otherSchool],
      );
      await approve(await ask(teacher), first);
      const outcome = await departures.end(first.actor, teacher.staffMemberId, { reason });
      expect(outcome).toMatchObject({ result: 'stays', ended: [{ kind: 'employment' }] });
      expect(await effective(teacher)).toBe(1);
      expect(await recordsOf(teacher)).toEqual([]);
      expect(await codeOf(departures.end(first.actor, teacher.staffMemberId, { reason }))).toBe('compliance.not-found');
      expect(await departures.end(other.actor, teacher.staffMemberId, { reason })).toMatchObject({ result: 'left' });
      expect(await effective(teacher)).toBe(0);
      await whole();
    });

    it('nobody else: not oneself, not a colleague, not from another system, not limited to a site or an application', async () => {
      const foreign = await aCoordinator(libs.em, { reach: 'system', system: await aSystem(libs.em) });
      const site = await aCoordinator(libs.em, { reach: 'site', system, sites: [school] });
      const limited = await aCoordinator(libs.em, { reach: 'system', system, application: 'ser-iep-form' });
      const unsigned = await aCoordinator(libs.em, { reach: 'system', system, signed: false });
      const colleague = await aTeacher(libs.em, { site: school });
      for (const who of [foreign, site, limited, unsigned, colleague])
        expect(await codeOf(departures.end(who.actor, teacher.staffMemberId, { reason }))).toBe('compliance.not-found');
      for (const who of [teacher, first, officer])
        expect(await codeOf(departures.end(who.actor, who.staffMemberId, { reason }))).toBe('compliance.not-yours');
      for (const id of [newId(), 'x', "1' or '1'='1"])
        expect(await codeOf(departures.end(officer.actor, id, { reason }))).toBe('compliance.not-found');
      expect(await get(StaffService).employmentsOf(teacher.staffMemberId)).toHaveLength(1);
    });

    it('with a reason people can read, and a day within a year', async () => {
      for (const bad of ['', '  ', 'x'.repeat(2001), 'a\u0007b'])
        expect(await codeOf(departures.end(officer.actor, teacher.staffMemberId, { reason: bad }))).toBe(
          'compliance.bad-reason',
        );
      for (const day of ['tomorrow', '2026-02-30', inDays(400), inDays(-400)])
        expect(await codeOf(departures.end(officer.actor, teacher.staffMemberId, { day, reason }))).toBe(
          'compliance.wrong-day',
        );
    });
  });

  describe('on a day to come', () => {
    it('everything goes on until then, and ends with the sweep of that day, once', async () => {
      await approve(await ask(teacher), first);
      const day = inDays(10);
      expect(await departures.end(first.actor, teacher.staffMemberId, { day, reason })).toEqual({
        result: 'on-the-day',
        day,
        ended: [],
      });
      expect(await sweep.followEnds()).toBe(0);
      while (inDays(1) < day) forward(23);
      expect(today() < day).toBe(true);
      expect(await sweep.followEnds()).toBe(0);
      expect(await effective(teacher)).toBe(1);
      while (today() < day) forward(1);
      const runs = await Promise.all([sweep.followEnds(), sweep.followEnds(), sweep.followEnds()]);
      expect(runs.reduce((sum, one) => sum + one)).toBe(1);
      expect(await effective(teacher)).toBe(0);
      expect(await recordsOf(teacher)).toMatchObject([{ day, reason }]);
      expect(await sweep.followEnds()).toBe(0);
    });

    it('ends nothing when the person is employed again by then', async () => {
      await approve(await ask(teacher), first);
      const day = inDays(3);
      await departures.end(officer.actor, teacher.staffMemberId, { day, reason });
      await libs.em.execute(
        `insert into employment (id, staff_member_id, site_code, position, from_day) values (?, ?, ?, 'Librarian', ?)`,
        [newId(), teacher.staffMemberId, school, day],
      );
      forward(96);
      expect(await sweep.followEnds()).toBe(0);
      expect(await effective(teacher)).toBe(1);
    });

    it('somebody without an employment until then cannot be ended on a day', async () => {
      const person = await aStaffMember(libs.em);
      const late = departures.end(officer.actor, person.staffMemberId, { day: inDays(3), reason });
      expect(await codeOf(late)).toBe('compliance.wrong-day');
    });
  });

  describe('at the same time', () => {
    const rounds = 25;

    it('two end the same person: one departure, each other hears that there is nothing left', async () => {
      for (let round = 0; round < rounds; round++) {
        const person = await aTeacher(libs.em, { site: school });
        const answers = await Promise.all(
          [officer, first, second].map((by) => codeOf(departures.end(by.actor, person.staffMemberId, { reason }))),
        );
        expect(answers.filter((one) => one.startsWith('done'))).toHaveLength(1);
        for (const one of answers) expect(one).toMatch(/^done|^compliance\.(not-found|already-left)$/);
        expect(await recordsOf(person)).toHaveLength(1);
      }
    });

    it('two coordinators end each other: no deadlock, and the system is never without anybody', async () => {
      for (let round = 0; round < rounds; round++) {
        const place = await aSystem(libs.em);
        const site = await aSite(libs.em, place);
        const pair = [
          await aCoordinator(libs.em, { reach: 'system', system: place }),
          await aCoordinator(libs.em, { reach: 'system', system: place }),
        ] as const;
        for (const one of pair)
          await libs.em.execute(
            `insert into employment (id, staff_member_id, site_code, position, from_day) values (?, ?, ?, 'Counselor', '2020-08-01')`,
            [newId(), one.staffMemberId, site],
          );
        const answers = await Promise.all([
          codeOf(departures.end(pair[0].actor, pair[1].staffMemberId, { reason })),
          codeOf(departures.end(pair[1].actor, pair[0].staffMemberId, { reason })),
        ]);
        // Whoever left first may no longer end anybody.
        expect(answers.map((one) => one.slice(0, 10)).sort()).toEqual(['compliance', 'done: {"re']);
      }
      await whole();
    });

    it('CO-6 the last two leave at once: the state takes over, whoever came first', async () => {
      for (let round = 0; round < rounds; round++) {
        const place = await aSystem(libs.em);
        const pair = [
          await aCoordinator(libs.em, { reach: 'system', system: place }),
          await aCoordinator(libs.em, { reach: 'system', system: place }),
        ];
        await Promise.all(pair.map((one) => departures.end(systemActor, one.staffMemberId, { reason })));
        const open = await libs.em.execute<unknown[]>(
          `select 1 from state_takeover where system_code = ? and ended_at is null`,
          [place],
        );
        expect(open).toHaveLength(1);
      }
      await whole();
    });

    it('end against approve: no access survives the end, and every approval before it is on the record', async () => {
      for (let round = 0; round < rounds; round++) {
        const person = await aTeacher(libs.em, { site: school });
        const view = await ask(person);
        const [ended, approved] = await Promise.all([
          codeOf(departures.end(officer.actor, person.staffMemberId, { reason })),
          codeOf(approve(view, first)),
        ]);
        expect(ended).toMatch(/^done/);
        expect(approved).toMatch(/^done|^requests\.(changed|not-grantable|no-longer-yours|already-decided)/);
        expect(await effective(person)).toBe(0);
        const [record] = await recordsOf(person);
        const kinds = record!.ended.map(({ kind }) => kind);
        expect(kinds).toContain(approved.startsWith('done') ? 'grant' : 'request');
      }
      await whole();
    });

    it('end against a new cover and a new assignment: nothing of either outlives the end', async () => {
      for (let round = 0; round < rounds; round++) {
        const person = await aTeacher(libs.em, { site: school });
        const days = { fromDay: today(), toDay: inDays(5) };
        const cover = { coordinatorId: first.coordinatorId, staffMemberId: person.staffMemberId, ...days };
        const outcomes = await Promise.all([
          codeOf(get(CoverService).name(first.actor, cover)),
          codeOf(departures.end(officer.actor, person.staffMemberId, { reason })),
          codeOf(
            get(Appointments).designate(systemActor, {
              staffMemberId: person.staffMemberId,
              reach: 'site',
              systemCode: system,
              siteCodes: [school],
            }),
          ),
        ]);
        expect(outcomes[1]).toMatch(/^done/);
        const later = await recordsOf(person);
        const left = await libs.em.execute<{ cover: number }[]>(
          `select count(*)::int as cover from coordinator_cover where staff_member_id = ? and ended_at is null`,
          [person.staffMemberId],
        );
        // Named before the end: ended with it. After it: only whoever is employed or decides there may stand in.
        const kinds = later[0]!.ended.map(({ kind }) => kind);
        if (kinds.includes('cover')) expect(left[0]!.cover).toBe(0);
        await libs.em.execute(`update coordinator_cover set ended_at = now() where ended_at is null`);
      }
    });

    it('end against submit: nothing asked before the end stays open', async () => {
      for (let round = 0; round < rounds; round++) {
        const person = await aTeacher(libs.em, { site: school });
        const [asked] = await Promise.all([
          codeOf(ask(person)),
          departures.end(officer.actor, person.staffMemberId, { reason }),
        ]);
        const [record] = await recordsOf(person);
        const open = await libs.em.execute<unknown[]>(
          `select 1 from permission_request r join request_line l on l.request_id = r.id where r.staff_member_id = ? and l.status = 'pending'`,
          [person.staffMemberId],
        );
        if (record!.ended.some(({ kind }) => kind === 'request')) expect(open).toEqual([]);
        else expect(asked).toMatch(/^done/);
      }
    });
  });

  it('what cannot be followed for one person does not keep the others waiting', async () => {
    const [broken, fine] = [await aTeacher(libs.em, { site: school }), await aTeacher(libs.em, { site: school })];
    await approve(await ask(fine), first);
    await approve(await ask(broken), first);
    const day = inDays(1);
    for (const one of [broken, fine]) await departures.end(officer.actor, one.staffMemberId, { day, reason });
    forward(48);
    const holding = libs.em.fork();
    await holding.begin();
    await holding.execute(`select id from staff_member where id = ? for update`, [broken.staffMemberId]);
    await expect(sweep.followEnds()).rejects.toThrow('1 departures could not be followed');
    await holding.rollback();
    expect(await effective(fine)).toBe(0);
    expect(await effective(broken)).toBe(1);
    expect(await sweep.followEnds()).toBe(1);
    expect(await effective(broken)).toBe(0);
    expect(await get(EmploymentEnds).due(today())).toEqual([]);
  });
});
