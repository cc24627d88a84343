import { GrantVerbs } from '#grants';
import { localDay, newId, startOfDay } from '#kernel';
import { brokenInvariants } from '../../../test/support/invariants.js';
import { codeOf } from '../../../test/support/libs.js';
import type { TestPerson } from '../../../test/support/people.js';
import { done, pause, RequestRaces, rounds } from '../../../test/support/request-races.js';
import { LineOffers, type RequestView } from './index.js';
import { dayPlus } from './time-calendar.js';

const inDays = (count: number): string => dayPlus(localDay(new Date()), count);
const some = Math.ceil(rounds / 4);

/* What is given in other terms than plain ones, while something else happens in the same instant, on real PostgreSQL. */
describe('races about the terms of a request', () => {
  let races: RequestRaces;
  beforeAll(async () => void (races = await RequestRaces.start()));
  afterAll(() => races?.libs.close());
  afterEach(async () => expect(await brokenInvariants(races.libs.em)).toEqual([]));

  const writer = { application: 'ser', role: 'ser-data', permissions: ['ser-data-writer'] };
  const answering = (teacher: TestPerson, view: RequestView, offerId: string, accept = true): Promise<string> =>
    codeOf(races.libs.app.get(LineOffers).answer(teacher.actor, view.id, { offerId, accept }));
  const narrow = (view: RequestView, by = races.first): Promise<string> =>
    codeOf(
      races.requests
        .decide(by.actor, view.id, {
          version: view.version,
          decisions: [{ lineId: view.lines[0]!.id, verdict: 'narrow', permission: 'ser-data-reader' }],
        })
        .then(() => undefined),
    );
  const approveSeen = ({ id, version, lines }: RequestView, by = races.first): Promise<string> => {
    const ends = lines[0]!.ends.map(({ grantId }) => grantId);
    const decisions = [{ lineId: lines[0]!.id, verdict: 'approve' as const, ends }];
    return codeOf(races.requests.decide(by.actor, id, { version, decisions }).then(() => undefined));
  };
  const lineOf = async (teacher: TestPerson, view: RequestView) =>
    (await races.queries.view(teacher.actor, view.id)).lines[0]!;
  const grantsOf = (teacher: TestPerson): Promise<{ id: string; role: string; permission: string }[]> =>
    races.libs.em.execute(
      `select g.id, g.role, g.permission from access_grant g where g.account_id = ? and exists (
         select 1 from grant_version v where v.grant_id = g.id and v.superseded_at is null and coalesce(v.to_at > now(), true))`,
      [teacher.accountId],
    );
  async function offered(): Promise<{ teacher: TestPerson; view: RequestView; offerId: string }> {
    const { teacher, view } = await races.asked(writer);
    expect(await narrow(view)).toBe(done);
    return { teacher, view, offerId: (await lineOf(teacher, view)).offer!.id };
  }
  async function given(more: object): Promise<{ teacher: TestPerson; grantId: string }> {
    const { teacher, view } = await races.asked(more);
    expect(await races.approve(view, races.first.actor)).toBe(done);
    return { teacher, grantId: (await grantsOf(teacher))[0]!.id };
  }
  async function again(teacher: TestPerson, submit: Promise<{ id: string }>): Promise<RequestView> {
    return races.queries.view(teacher.actor, (await submit).id);
  }

  it.each([true, false])(
    'R-07 CO-4 two give less at once (consent beforehand: %p): one of them does',
    async (mayNarrow) => {
      for (let round = 0; round < some; round++) {
        const { teacher, view } = await races.asked({ ...writer, mayNarrow });
        const outcomes = await Promise.all([narrow(view), pause(3).then(() => narrow(view, races.second))]);
        expect(outcomes.sort()).toEqual([done, 'requests.changed']);
        const line = await lineOf(teacher, view);
        expect([line.status, line.offer?.status]).toEqual(mayNarrow ? ['approved', undefined] : ['pending', 'open']);
        expect(await races.live(teacher)).toBe(mayNarrow ? 1 : 0);
      }
    },
  );

  it('R-07 an offer is accepted while the request is withdrawn: one of the two holds', async () => {
    const seen = new Set<string>();
    for (let round = 0; round < some; round++) {
      const { teacher, view, offerId } = await offered();
      const withdrawing = pause(12).then(() => codeOf(races.requests.withdraw(teacher.actor, view.id)));
      const outcomes = await Promise.all([pause(6).then(() => answering(teacher, view, offerId)), withdrawing]);
      const { status } = await lineOf(teacher, view);
      seen.add(`${outcomes.join()} ${status}`);
      expect(await races.live(teacher)).toBe(status === 'approved' ? 1 : 0);
    }
    for (const one of seen)
      expect([`${done},requests.nothing-open approved`, `requests.offer-over,${done} withdrawn`]).toContain(one);
  });

  it('R-07 CO-4 an offer is accepted while another coordinator approves all, and twice at once', async () => {
    for (let round = 0; round < some; round++) {
      const { teacher, view, offerId } = await offered();
      const fresh = await races.queries.view(races.second.actor, view.id);
      const outcomes = await Promise.all([
        answering(teacher, view, offerId),
        answering(teacher, view, offerId),
        pause(6).then(() => races.approve(fresh, races.second.actor)),
      ]);
      expect(outcomes.filter((one) => one === done)).toHaveLength(1);
      for (const one of outcomes)
        expect(one).toMatch(/^done|^requests\.(answered|offer-over|changed|already-decided)$/);
      expect(await races.live(teacher)).toBe(1);
    }
  });

  it('R-07 CO-5 the role is changed while its holder gives up the old one: the new one is held', async () => {
    const verbs = races.libs.app.get(GrantVerbs, { strict: false });
    for (let round = 0; round < some; round++) {
      const { teacher, grantId } = await given(writer);
      const lasid = { ...writer, role: 'ser-lasid', permissions: ['ser-lasid-writer'] };
      const view = await again(teacher, races.requests.submit(teacher.actor, races.wish(lasid)));
      const outcomes = await Promise.all([
        approveSeen(view),
        pause(6).then(() => codeOf(verbs.giveUp(teacher.actor, grantId))),
      ]);
      expect(outcomes[0]).toBe(done);
      expect(outcomes[1]).toMatch(/^done|^grants\.already-ended$/);
      expect(await grantsOf(teacher)).toMatchObject([{ role: 'ser-lasid' }]);
    }
  });

  it('R-07 CO-5 two roles at one place are approved at once: one is held, and nothing ended unseen', async () => {
    for (let round = 0; round < some; round++) {
      const { teacher, view } = await races.asked(writer);
      const lasid = { ...writer, role: 'ser-lasid', permissions: ['ser-lasid-writer'] };
      const other = await again(teacher, races.requests.submit(teacher.actor, races.wish(lasid)));
      const outcomes = await Promise.all([approveSeen(view), approveSeen(other, races.second)]);
      expect(outcomes.sort()).toEqual([done, 'requests.changed']);
      expect(await grantsOf(teacher)).toHaveLength(1);
    }
  });

  it('R-07 CO-4 access is kept longer while it is revoked: it is over either way', async () => {
    const verbs = races.libs.app.get(GrantVerbs, { strict: false });
    for (let round = 0; round < some; round++) {
      const { teacher, grantId } = await given({ ...writer, toDay: inDays(20) });
      const longer = { grantId, toDay: inDays(50), formKey: newId() };
      const view = await again(teacher, races.requests.extend(teacher.actor, longer));
      const outcomes = await Promise.all([
        pause(4).then(() => approveSeen(view)),
        pause(6).then(() => codeOf(verbs.revoke(races.second.actor, grantId, { reason: 'No longer needed.' }))),
      ]);
      expect(outcomes[1]).toBe(done);
      expect(outcomes[0]).toMatch(/^done|^requests\.not-grantable$/);
      expect(await grantsOf(teacher)).toEqual([]);
    }
  });

  it('R-07 two extensions of one grant, asked with two forms at once: one waits, and it holds as long as was approved', async () => {
    const { teacher, grantId } = await given({ ...writer, toDay: inDays(20) });
    const ask = (toDay: string): Promise<string> =>
      codeOf(races.requests.extend(teacher.actor, { grantId, toDay, formKey: newId() }).then(() => undefined));
    const outcomes = await Promise.all([ask(inDays(50)), ask(inDays(60)), ask(inDays(50))]);
    expect(outcomes.filter((one) => one === done)).toHaveLength(1);
    for (const one of outcomes) expect(one).toMatch(/^done|^requests\.already-open$/);
    const [{ toAt }] = (await races.libs.em.execute<{ toAt: string }[]>(
      `select to_at as "toAt" from grant_version where grant_id = ? and superseded_at is null`,
      [grantId],
    )) as [{ toAt: string }];
    expect(new Date(toAt)).toEqual(startOfDay(inDays(20)));
  });
});
