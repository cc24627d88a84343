import fc from 'fast-check';
import { CoordinatorsService } from '#coordinators';
import { GrantsService } from '#grants';
import { newId, type SignedIn, systemActor } from '#kernel';
import { brokenInvariants } from '../../../test/support/invariants.js';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  type TestCoordinator,
  type TestPerson,
} from '../../../test/support/people.js';
import { type RequestForm, RequestQueries, RequestsModule, RequestsService, type RequestView } from './index.js';

/* Where two can act at once, they do, again and again, on real PostgreSQL. What one of them loses is a 409 (or a 404), never a fault. */
const rounds = 200;
const pause = (most: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.random() * most));
const done = 'done: undefined';

describe('races', () => {
  let libs: TestLibs;
  let requests: RequestsService;
  let queries: RequestQueries;
  let coordinators: CoordinatorsService;
  let system: string;
  let school: string;
  let first: TestCoordinator;
  let second: TestCoordinator;

  beforeAll(async () => {
    libs = await startLibs([RequestsModule]);
    requests = libs.app.get(RequestsService);
    queries = libs.app.get(RequestQueries);
    coordinators = libs.app.get(CoordinatorsService, { strict: false });
    system = await aSystem(libs.em);
    school = await aSite(libs.em, system);
    first = await aCoordinator(libs.em, { reach: 'system', system });
    second = await aCoordinator(libs.em, { reach: 'system', system });
  });
  afterAll(() => libs?.close());
  afterEach(async () => expect(await brokenInvariants(libs.em)).toEqual([]));

  const wish = (more: Partial<RequestForm> = {}): RequestForm => ({
    application: 'ser-iep-form',
    role: 'iep-form',
    permissions: ['iep-form-writer'],
    location: { level: 'site', code: school },
    formKey: newId(),
    ...more,
  });
  /** A new teacher who has asked. */
  const asked = async (more: Partial<RequestForm> = {}): Promise<{ teacher: TestPerson; view: RequestView }> => {
    const teacher = await aTeacher(libs.em);
    const { id } = await requests.submit(teacher.actor, wish(more));
    return { teacher, view: await queries.view(teacher.actor, id) };
  };
  const approve = (view: RequestView, actor: SignedIn, at = 0): Promise<string> =>
    codeOf(
      requests.decide(actor, view.id, {
        version: view.version,
        decisions: [{ lineId: view.lines[at]!.id, verdict: 'approve' }],
      }),
    );
  const reject = (view: RequestView, actor: SignedIn): Promise<string> =>
    codeOf(
      requests.decide(actor, view.id, {
        version: view.version,
        decisions: [{ lineId: view.lines[0]!.id, verdict: 'reject', reason: 'No' }],
      }),
    );
  const live = async (teacher: TestPerson): Promise<number> =>
    Number(
      (
        await libs.em.execute<{ count: string }[]>(
          `select count(*) from access_grant where account_id = ? and ended_at is null`,
          [teacher.accountId],
        )
      )[0]!.count,
    );
  const statusOf = async (view: RequestView): Promise<string> =>
    (
      await libs.em.execute<{ status: string }[]>(`select status from request_line where id = ?`, [view.lines[0]!.id])
    )[0]!.status;

  it('R-06 fifty equal forms at once make one request and get one answer', async () => {
    const teacher = await aTeacher(libs.em);
    const form = wish();
    const answers = await Promise.all(Array.from({ length: 50 }, () => codeOf(requests.submit(teacher.actor, form))));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^done: /);
    expect(await queries.mine(teacher.accountId)).toHaveLength(1);
    const told = await libs.em.execute(
      `select 1 from message where kind = 'request.submitted' and facts ->> 'requestId' = ?`,
      [(await queries.mine(teacher.accountId))[0]!.id],
    );
    expect(told).toHaveLength(2);
  });

  it('R-06 the same wish from twenty open pages becomes one request', async () => {
    const teacher = await aTeacher(libs.em);
    const answers = await Promise.all(Array.from({ length: 20 }, () => codeOf(requests.submit(teacher.actor, wish()))));
    expect(answers.filter((answer) => answer.startsWith('done'))).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'requests.already-open')).toHaveLength(19);
  });

  it('CO-7 thirty different wishes at once leave twenty open requests', async () => {
    const teacher = await aTeacher(libs.em);
    const places = await Promise.all(Array.from({ length: 30 }, () => aSite(libs.em, system)));
    const answers = await Promise.all(
      places.map((code) => codeOf(requests.submit(teacher.actor, wish({ location: { level: 'site', code } })))),
    );
    expect(answers.filter((answer) => answer.startsWith('done'))).toHaveLength(20);
    expect(answers.filter((answer) => answer === 'requests.too-many-open')).toHaveLength(10);
  });

  it('R-07 two coordinators approve: one does', async () => {
    for (let round = 0; round < rounds; round++) {
      const { teacher, view } = await asked();
      const outcomes = await Promise.all([approve(view, first.actor), approve(view, second.actor)]);
      expect(outcomes.sort()).toEqual([done, 'requests.changed']);
      expect(await live(teacher)).toBe(1);
    }
  });

  it('R-06 the same decision sent twenty times at once is made once, and every other answer says it was saved', async () => {
    const { teacher, view } = await asked();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => approve(view, first.actor)));
    expect(outcomes.filter((outcome) => outcome === done)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'requests.already-decided')).toHaveLength(19);
    expect(await live(teacher)).toBe(1);
  });

  it('R-07 CO-4 two coordinators decide different lines of the version both saw: one does', async () => {
    for (let round = 0; round < rounds; round++) {
      const { teacher, view } = await asked({ permissions: ['iep-form-writer', 'iep-form-approver'] });
      const outcomes = await Promise.all([approve(view, first.actor, 0), approve(view, second.actor, 1)]);
      expect(outcomes.sort()).toEqual([done, 'requests.changed']);
      expect(await live(teacher)).toBe(1);
    }
  });

  it('R-07 one approves, one rejects: one does', async () => {
    for (let round = 0; round < rounds; round++) {
      const { teacher, view } = await asked();
      const [approved, rejected] = await Promise.all([approve(view, first.actor), reject(view, second.actor)]);
      expect([approved, rejected].sort()).toEqual([done, 'requests.changed']);
      expect(await live(teacher)).toBe(approved === done ? 1 : 0);
    }
  });

  it('R-07 approve and withdraw: one does', async () => {
    const wins = { approved: 0, withdrawn: 0 };
    for (let round = 0; round < rounds; round++) {
      const { teacher, view } = await asked();
      const [approved, withdrawn] = await Promise.all([
        pause(2).then(() => approve(view, first.actor)),
        pause(8).then(() => codeOf(requests.withdraw(teacher.actor, view.id))),
      ]);
      if (approved === done) wins.approved++;
      else wins.withdrawn++;
      expect([approved, withdrawn]).toEqual(
        approved === done ? [done, 'requests.nothing-open'] : ['requests.changed', done],
      );
      expect(await live(teacher)).toBe(approved === done ? 1 : 0);
    }
    expect(wins.approved).toBeGreaterThan(0);
    expect(wins.withdrawn).toBeGreaterThan(0);
  });

  it('R-07 CO-5 two roles at one place for one person: one is granted', async () => {
    for (let round = 0; round < rounds; round++) {
      const { teacher, view } = await asked({ application: 'ser', role: 'ser-data', permissions: ['ser-data-writer'] });
      const { id } = await requests.submit(
        teacher.actor,
        wish({ application: 'ser', role: 'ser-lasid', permissions: ['ser-lasid-writer'] }),
      );
      const other = await queries.view(teacher.actor, id);
      const outcomes = await Promise.all([approve(view, first.actor), approve(other, second.actor)]);
      expect(outcomes.sort()).toEqual([done, 'grants.other-role']);
      expect(await live(teacher)).toBe(1);
    }
  });

  /**
   * Approves while something that forbids it happens, as finding 2 of security.md: once the change is acknowledged, an
   * approval that was not there by then must never come.
   */
  async function lateApprovals(
    decider: () => Promise<TestCoordinator>,
    change: (about: { view: RequestView; teacher: TestPerson; decider: TestCoordinator }) => Promise<unknown>,
    place: () => Promise<string> = async () => school,
  ) {
    const counted = { late: 0, before: 0, refused: 0, faults: new Set<string>() };
    for (let round = 0; round < rounds; round++) {
      const one = await decider();
      const { view, teacher } = await asked({ location: { level: 'site', code: await place() } });
      const approval = pause(3).then(() => approve(view, one.actor));
      await pause(8);
      await change({ view, teacher, decider: one });
      const thereByThen = (await statusOf(view)) === 'approved';
      const outcome = await approval;
      if (outcome === done && !thereByThen) counted.late++;
      if (outcome === done) counted.before++;
      else if (/^requests\.(not-found|not-grantable)$/.test(outcome)) counted.refused++;
      else counted.faults.add(outcome);
      expect(await live(teacher)).toBe(outcome === done ? 1 : 0);
    }
    expect(counted).toMatchObject({ late: 0, faults: new Set() });
    expect(counted.before).toBeGreaterThan(0);
    expect(counted.refused).toBeGreaterThan(0);
  }
  const passing = (): Promise<TestCoordinator> => aCoordinator(libs.em, { reach: 'system', system });
  const same = async (): Promise<TestCoordinator> => first;

  it('R-07 CO-4 no approval comes after the end of its coordinator was acknowledged', () =>
    lateApprovals(passing, ({ decider }) => coordinators.end(systemActor, decider.coordinatorId, 'Left')));

  it('R-07 CO-4 no approval comes after its coordinator was disabled', () =>
    lateApprovals(passing, ({ decider }) =>
      libs.em.execute(`update account set status = 'disabled' where id = ?`, [decider.accountId]),
    ));

  it('R-07 CO-4 no approval comes after the Staff ID link of the requester ended', () =>
    lateApprovals(same, ({ teacher }) =>
      libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [teacher.accountId]),
    ));

  it('R-07 CO-4 no approval comes after the site closed', () =>
    lateApprovals(
      same,
      ({ view }) => libs.em.execute(`update site set closed_on = '2021-07-01' where code = ?`, [view.place.code]),
      () => aSite(libs.em, system),
    ));

  it('AC-6 500 parallel approvals that start after the end was acknowledged: none succeeds', async () => {
    const gone = await passing();
    const views = await Promise.all(Array.from({ length: 10 }, async () => (await asked()).view));
    await coordinators.end(systemActor, gone.coordinatorId, 'Left');
    const outcomes = await Promise.all(Array.from({ length: 500 }, (_, at) => approve(views[at % 10]!, gone.actor)));
    expect(new Set(outcomes)).toEqual(new Set(['requests.not-found']));
  });

  it('R-07 any mix of verbs by up to eight people leaves a state some order of them explains', async () => {
    const officer = await aStateOfficer(libs.em);
    const verbs = fc.constantFrom('approve', 'reject', 'withdraw', 'note', 'end', 'submit');
    const acts = fc.array(fc.record({ verb: verbs, who: fc.nat(2), line: fc.nat(1), delay: fc.nat(6) }), {
      minLength: 2,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(acts, async (list) => {
        const { teacher, view } = await asked({ permissions: ['iep-form-writer', 'iep-form-approver'] });
        const third = await passing();
        const deciders = [first, officer, third];
        const outcomes = await Promise.all(
          list.map(async ({ verb, who, line, delay }) => {
            await pause(delay);
            if (verb === 'approve') return approve(view, deciders[who]!.actor, line);
            if (verb === 'reject') return reject(view, deciders[who]!.actor);
            if (verb === 'withdraw') return codeOf(requests.withdraw(teacher.actor, view.id));
            if (verb === 'note')
              return codeOf(requests.addNote([teacher, first, officer][who]!.actor, view.id, 'Hello'));
            if (verb === 'end') return codeOf(coordinators.end(systemActor, third.coordinatorId, 'Left'));
            return codeOf(requests.submit(teacher.actor, wish({ permissions: ['iep-form-approver'] })));
          }),
        );
        const won = (...names: string[]): number =>
          outcomes.filter((outcome, at) => names.includes(list[at]!.verb) && outcome.startsWith('done')).length;
        // All of them saw version 1, so at most one decides; a withdrawal may come before or after it.
        expect(won('approve', 'reject')).toBeLessThanOrEqual(1);
        expect(won('withdraw')).toBeLessThanOrEqual(1);
        expect(await live(teacher)).toBe(won('approve'));
        const now = await queries.view(teacher.actor, view.id);
        expect(now.version).toBe(1 + won('approve', 'reject', 'withdraw'));
        expect(now.lines.filter(({ status }) => status === 'withdrawn').length > 0).toBe(won('withdraw') === 1);
        for (const outcome of outcomes)
          expect(outcome).toMatch(/^done|^requests\.|^coordinators\.already-ended|^grants\.already-held/);
      }),
      { numRuns: 200 },
    );
  });

  it('CO-5 the table itself refuses a second role and a permission held twice', async () => {
    const grants = libs.app.get(GrantsService, { strict: false });
    const { teacher, view } = await asked();
    await approve(view, first.actor);
    const [held] = await grants.of(teacher.accountId);
    const copy = (role: string, permission: string) =>
      libs.em.execute(
        `insert into access_grant select gen_random_uuid(), account_id, staff_member_id, application, ?, ?, level, code, system_code, from_at, to_at, ended_at, end_reason, request_line_id, given_at from access_grant where id = ?`,
        [role, permission, held!.id],
      );
    await expect(copy('iep-form', 'iep-form-writer')).rejects.toThrow(/access_grant_held_once/);
    await expect(copy('another-role', 'anything')).rejects.toThrow(/access_grant_one_role/);
  });
});
