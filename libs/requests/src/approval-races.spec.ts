import fc from 'fast-check';
import { systemActor } from '#kernel';
import { brokenInvariants } from '../../../test/support/invariants.js';
import { codeOf } from '../../../test/support/libs.js';
import { aSite, aStateOfficer, type TestCoordinator, type TestPerson } from '../../../test/support/people.js';
import { done, pause, RequestRaces, rounds } from '../../../test/support/request-races.js';
import type { RequestView } from './index.js';

/* An approval, while something that forbids it happens in the same instant, on real PostgreSQL. */
describe('races against an approval', () => {
  let races: RequestRaces;
  beforeAll(async () => void (races = await RequestRaces.start()));
  afterAll(() => races?.libs.close());
  afterEach(async () => expect(await brokenInvariants(races.libs.em)).toEqual([]));

  const statusOf = async (view: RequestView): Promise<string> => {
    const lines = `select status from request_line where id = ?`;
    return (await races.libs.em.execute<{ status: string }[]>(lines, [view.lines[0]!.id]))[0]!.status;
  };

  /**
   * Approves while something that forbids it happens: once the change is acknowledged, an approval that was not there by
   * then must never come.
   */
  async function lateApprovals(
    decider: () => Promise<TestCoordinator>,
    change: (about: { view: RequestView; teacher: TestPerson; decider: TestCoordinator }) => Promise<unknown>,
    place: () => Promise<string> = async () => races.school,
  ) {
    const counted = { late: 0, before: 0, refused: 0, faults: new Set<string>() };
    for (let round = 0; round < rounds; round++) {
      await races.elsewhere();
      const one = await decider();
      const { view, teacher } = await races.asked({ location: { level: 'site', code: await place() } });
      const approval = pause(3).then(() => races.approve(view, one.actor));
      // At the same moment, and in some rounds when the approval has had its time.
      await (round % 10 ? pause(8) : approval);
      await change({ view, teacher, decider: one });
      const thereByThen = (await statusOf(view)) === 'approved';
      const outcome = await approval;
      if (outcome === done && !thereByThen) counted.late++;
      if (outcome === done) counted.before++;
      else if (/^requests\.(not-found|no-longer-yours|not-grantable)$/.test(outcome)) counted.refused++;
      else counted.faults.add(outcome);
      expect(await races.live(teacher)).toBe(outcome === done ? 1 : 0);
    }
    expect(counted).toMatchObject({ late: 0, faults: new Set() });
    expect(counted.before).toBeGreaterThan(0);
    expect(counted.refused).toBeGreaterThan(0);
  }
  const passing = (): Promise<TestCoordinator> => races.passing();
  const same = async (): Promise<TestCoordinator> => races.first;

  it('R-07 CO-4 no approval comes after the end of its coordinator was acknowledged', () =>
    lateApprovals(passing, ({ decider }) =>
      races.appointments.end(systemActor, decider.coordinatorId, { reason: 'Left' }),
    ));

  it('R-07 CO-4 no approval comes after its coordinator was disabled', () =>
    lateApprovals(passing, ({ decider }) =>
      races.libs.em.execute(`update account set status = 'disabled' where id = ?`, [decider.accountId]),
    ));

  it('R-07 CO-4 no approval comes after the Staff ID link of the requester ended', () =>
    lateApprovals(same, ({ teacher }) =>
      races.libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [teacher.accountId]),
    ));

  it('R-07 CO-4 no approval comes after the site closed', () =>
    lateApprovals(
      same,
      ({ view }) =>
        races.libs.em.execute(`update site set closed_on = '2021-07-01' where code = ?`, [view.lines[0]!.place.code]),
      () => aSite(races.libs.em, races.system),
    ));

  it('AC-6 500 parallel approvals that start after the end was acknowledged: none succeeds', async () => {
    const gone = await races.passing();
    const views = await Promise.all(Array.from({ length: 10 }, async () => (await races.asked()).view));
    await races.appointments.end(systemActor, gone.coordinatorId, { reason: 'Left' });
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, at) => races.approve(views[at % 10]!, gone.actor)),
    );
    // On a slow machine some do not even get a connection in time, which is a 503.
    const answered = outcomes.filter((outcome) => !outcome.startsWith('timeout exceeded'));
    expect(new Set(answered)).toEqual(new Set(['requests.no-longer-yours']));
  });

  it('R-07 any mix of verbs by up to eight people leaves a state some order of them explains', async () => {
    const officer = await aStateOfficer(races.libs.em);
    const verbs = fc.constantFrom('approve', 'reject', 'withdraw', 'note', 'end', 'submit');
    const acts = fc.array(fc.record({ verb: verbs, who: fc.nat(2), line: fc.nat(1), delay: fc.nat(6) }), {
      minLength: 2,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(acts, async (list) => {
        await races.elsewhere();
        const { teacher, view } = await races.asked({ permissions: ['iep-form-writer', 'iep-form-approver'] });
        const third = await races.passing();
        const deciders = [races.first, officer, third];
        const outcomes = await Promise.all(
          list.map(async ({ verb, who, line, delay }) => {
            await pause(delay);
            if (verb === 'approve') return races.approve(view, deciders[who]!.actor, line);
            if (verb === 'reject') return races.reject(view, deciders[who]!.actor);
            if (verb === 'withdraw') return codeOf(races.requests.withdraw(teacher.actor, view.id));
            if (verb === 'note')
              return codeOf(races.requests.addNote([teacher, races.first, officer][who]!.actor, view.id, 'Hello'));
            if (verb === 'end')
              return codeOf(races.appointments.end(systemActor, third.coordinatorId, { reason: 'Left' }));
            return codeOf(races.requests.submit(teacher.actor, races.wish({ permissions: ['iep-form-approver'] })));
          }),
        );
        const won = (...names: string[]): number =>
          outcomes.filter((outcome, at) => names.includes(list[at]!.verb) && outcome.startsWith('done')).length;
        // All of them saw version 1, so at most one decides; a withdrawal may come before or after it.
        expect(won('approve', 'reject')).toBeLessThanOrEqual(1);
        expect(won('withdraw')).toBeLessThanOrEqual(1);
        expect(await races.live(teacher)).toBe(won('approve'));
        const now = await races.queries.view(teacher.actor, view.id);
        expect(now.version).toBe(1 + won('approve', 'reject', 'withdraw'));
        expect(now.lines.filter(({ status }) => status === 'withdrawn').length > 0).toBe(won('withdraw') === 1);
        for (const outcome of outcomes)
          expect(outcome).toMatch(/^done|^requests\.|^coordinators\.already-ended|^grants\.already-held/);
      }),
      { numRuns: 200 },
    );
  }, 240_000);
});
