import { GrantsService } from '#grants';
import { brokenInvariants } from '../../../test/support/invariants.js';
import { codeOf } from '../../../test/support/libs.js';
import { aSite, aTeacher } from '../../../test/support/people.js';
import { done, pause, RequestRaces, rounds } from '../../../test/support/request-races.js';

/* Where two can act at once, they do, again and again, on real PostgreSQL. What one of them loses is a 409, never a fault. */
describe('races for a request', () => {
  let races: RequestRaces;
  beforeAll(async () => void (races = await RequestRaces.start()));
  afterAll(() => races?.libs.close());
  afterEach(async () => expect(await brokenInvariants(races.libs.em)).toEqual([]));

  it('R-06 fifty equal forms at once make one request and get one answer', async () => {
    const teacher = await aTeacher(races.libs.em);
    const form = races.wish();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => codeOf(races.requests.submit(teacher.actor, form))),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^done: /);
    expect(await races.lists.mine(teacher.accountId)).toHaveLength(1);
    const told = await races.libs.em.execute(
      `select 1 from message where kind = 'request.submitted' and facts ->> 'requestId' = ?`,
      [(await races.lists.mine(teacher.accountId))[0]!.id],
    );
    expect(told).toHaveLength(2);
  });

  it('R-06 the same wish from twenty open pages becomes one request', async () => {
    const teacher = await aTeacher(races.libs.em);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => codeOf(races.requests.submit(teacher.actor, races.wish()))),
    );
    expect(answers.filter((answer) => answer.startsWith('done'))).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'requests.already-open')).toHaveLength(19);
  });

  it('CO-7 thirty different wishes at once leave twenty open requests', async () => {
    const teacher = await aTeacher(races.libs.em);
    const places = await Promise.all(Array.from({ length: 30 }, () => aSite(races.libs.em, races.system)));
    const answers = await Promise.all(
      places.map((code) =>
        codeOf(races.requests.submit(teacher.actor, races.wish({ location: { level: 'site', code } }))),
      ),
    );
    expect(answers.filter((answer) => answer.startsWith('done'))).toHaveLength(20);
    expect(answers.filter((answer) => answer === 'requests.too-many-open')).toHaveLength(10);
  });

  it('R-07 two coordinators approve: one does', async () => {
    for (let round = 0; round < rounds; round++) {
      const { teacher, view } = await races.asked();
      const outcomes = await Promise.all([
        races.approve(view, races.first.actor),
        races.approve(view, races.second.actor),
      ]);
      expect(outcomes.sort()).toEqual([done, 'requests.changed']);
      expect(await races.live(teacher)).toBe(1);
    }
  });

  it('R-06 the same decision sent twenty times at once is made once, and every other answer says it was saved', async () => {
    const { teacher, view } = await races.asked();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => races.approve(view, races.first.actor)));
    expect(outcomes.filter((outcome) => outcome === done)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'requests.already-decided')).toHaveLength(19);
    expect(await races.live(teacher)).toBe(1);
  });

  it('R-07 CO-4 two coordinators decide different lines of the version both saw: one does', async () => {
    for (let round = 0; round < rounds; round++) {
      const { teacher, view } = await races.asked({ permissions: ['iep-form-writer', 'iep-form-approver'] });
      const outcomes = await Promise.all([
        races.approve(view, races.first.actor, 0),
        races.approve(view, races.second.actor, 1),
      ]);
      expect(outcomes.sort()).toEqual([done, 'requests.changed']);
      expect(await races.live(teacher)).toBe(1);
    }
  });

  it('R-07 one approves, one rejects: one does', async () => {
    for (let round = 0; round < rounds; round++) {
      const { teacher, view } = await races.asked();
      const [approved, rejected] = await Promise.all([
        races.approve(view, races.first.actor),
        races.reject(view, races.second.actor),
      ]);
      expect([approved, rejected].sort()).toEqual([done, 'requests.changed']);
      expect(await races.live(teacher)).toBe(approved === done ? 1 : 0);
    }
  });

  it('R-07 approve and withdraw: one does', async () => {
    const wins = { approved: 0, withdrawn: 0 };
    for (let round = 0; round < rounds; round++) {
      const { teacher, view } = await races.asked();
      const [approved, withdrawn] = await Promise.all([
        pause(2).then(() => races.approve(view, races.first.actor)),
        pause(60).then(() => codeOf(races.requests.withdraw(teacher.actor, view.id))),
      ]);
      if (approved === done) wins.approved++;
      else wins.withdrawn++;
      expect([approved, withdrawn]).toEqual(
        approved === done ? [done, 'requests.nothing-open'] : ['requests.changed', done],
      );
      expect(await races.live(teacher)).toBe(approved === done ? 1 : 0);
    }
    expect(wins.approved).toBeGreaterThan(0);
    expect(wins.withdrawn).toBeGreaterThan(0);
  });

  it('R-07 CO-5 two roles at one place for one person: one is granted, and the other is not approved over it unseen', async () => {
    for (let round = 0; round < rounds; round++) {
      const { teacher, view } = await races.asked({
        application: 'ser',
        role: 'ser-data',
        permissions: ['ser-data-writer'],
      });
      const { id } = await races.requests.submit(
        teacher.actor,
        races.wish({ application: 'ser', role: 'ser-lasid', permissions: ['ser-lasid-writer'] }),
      );
      const other = await races.queries.view(teacher.actor, id);
      const outcomes = await Promise.all([
        races.approve(view, races.first.actor),
        races.approve(other, races.second.actor),
      ]);
      expect(outcomes.sort()).toEqual([done, 'requests.changed']);
      expect(await races.live(teacher)).toBe(1);
    }
  });

  it('CO-5 the table itself refuses a second role and a permission held twice', async () => {
    const grants = races.libs.app.get(GrantsService, { strict: false });
    const { teacher, view } = await races.asked();
    await races.approve(view, races.first.actor);
    const [held] = await grants.of(teacher.accountId);
    const copy = (role: string, permission: string) =>
      races.libs.em.execute(
        `insert into grant_version (id, grant_id, account_id, staff_member_id, application, role, permission, level, code, system_code, from_at, state, recorded_at, cause)
         select gen_random_uuid(), grant_id, account_id, staff_member_id, application, ?, ?, level, code, system_code, from_at, state, recorded_at, 'extended' from grant_version where grant_id = ?`,
        [role, permission, held!.id],
      );
    await expect(copy('iep-form', 'iep-form-writer')).rejects.toThrow(/grant_version_held_once/);
    await expect(copy('another-role', 'anything')).rejects.toThrow(/grant_version_one_role/);
  });
});
