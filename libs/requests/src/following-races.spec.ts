import { AsyncResource } from 'node:async_hooks';
import { CoverService, holdRouting } from '#coordinators';
import { localDay, newId, systemActor } from '#kernel';
import { Organisation } from '#sites';
import { AccountsService } from '#accounts';
import { brokenInvariants, strayLines } from '../../../test/support/invariants.js';
import { codeOf } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  type TestCoordinator,
} from '../../../test/support/people.js';
import { done, pause, RequestRaces } from '../../../test/support/request-races.js';

/** Runs work outside the transaction of whoever calls. */
const outside = AsyncResource.bind(<T>(work: () => Promise<T>): Promise<T> => work()) as <T>(
  work: () => Promise<T>,
) => Promise<T>;

/* Requests, while who decides them changes in the same instant, on real PostgreSQL. 200 rounds in all. */
describe('races of requests against changes of who decides', () => {
  let races: RequestRaces;
  let organisation: Organisation;
  beforeAll(async () => {
    races = await RequestRaces.start();
    organisation = races.libs.app.get(Organisation, { strict: false });
    await aStateOfficer(races.libs.em);
  });
  afterAll(() => races?.libs.close());
  beforeEach(() => races.elsewhere());
  afterEach(async () => {
    expect(await brokenInvariants(races.libs.em)).toEqual([]);
    expect(await strayLines(races.libs.app)).toEqual([]);
  });

  const near = (site: string): Promise<TestCoordinator> =>
    aCoordinator(races.libs.em, { reach: 'site', system: races.system, sites: [site] });
  const organised = (work: () => Promise<unknown>): Promise<unknown> =>
    races.libs.em.transactional(async (em) => {
      await holdRouting(em, 'everywhere', 'change');
      await work();
    });
  const submitAt = async (site: string): Promise<string> => {
    const teacher = await aTeacher(races.libs.em);
    await pause(6);
    return codeOf(races.requests.submit(teacher.actor, races.wish({ location: { level: 'site', code: site } })));
  };

  /** Each change of who decides, for a site with a coordinator of its own. */
  const changes: [string, (about: { site: string; decider: TestCoordinator }) => Promise<unknown>][] = [
    [
      'the end of a coordinator',
      ({ decider }) => races.appointments.end(systemActor, decider.coordinatorId, { reason: 'Left' }),
    ],
    [
      'a coordinator who begins',
      async ({ site }) => {
        const person = await aCoordinator(races.libs.em, { reach: 'system', system: await aSystem(races.libs.em) });
        await races.appointments.designate(systemActor, {
          staffMemberId: person.staffMemberId,
          reach: 'site',
          siteCodes: [site],
        });
      },
    ],
    [
      'a cover',
      async ({ decider }) => {
        await races.libs.app.get(CoverService, { strict: false }).name(decider.actor, {
          coordinatorId: decider.coordinatorId,
          staffMemberId: races.second.staffMemberId,
          fromDay: localDay(new Date()),
          toDay: localDay(new Date(Date.now() + 5 * 86_400_000)),
        });
      },
    ],
    [
      'an account that is disabled',
      ({ decider }) =>
        races.libs.app.get(AccountsService, { strict: false }).disable(systemActor, decider.accountId, 'Left'),
    ],
    [
      'a move to another system',
      async ({ site }) => {
        const system = await aSystem(races.libs.em);
        await organised(() => organisation.move(systemActor, { siteCode: site, systemCode: system }));
      },
    ],
  ];

  it.each(changes)('R-07 AC-6 requests made during %s wait for nobody of a moment ago', async (_, change) => {
    for (let round = 0; round < 20; round++) {
      const site = await aSite(races.libs.em, races.system);
      const decider = await near(site);
      const [changed, ...made] = await Promise.all([
        pause(8).then(() => codeOf(change({ site, decider }))),
        submitAt(site),
        submitAt(site),
        submitAt(site),
      ]);
      expect([changed!.slice(0, 5), ...made.map((one) => one.slice(0, 5))]).toEqual(Array(4).fill('done:'));
      expect(await strayLines(races.libs.app)).toEqual([]);
    }
  });

  it.each(changes)(
    'R-07 CO-4 CO-2 a decision during %s was its decider’s to make, or was not made',
    async (_, change) => {
      let made = 0;
      for (let round = 0; round < 20; round++) {
        const site = await aSite(races.libs.em, races.system);
        const decider = await near(site);
        const { view, teacher } = await races.asked({ location: { level: 'site', code: site } });
        const [changed, outcome] = await Promise.all([
          pause(12).then(() => codeOf(change({ site, decider }))),
          pause(6).then(() => races.approve(view, decider.actor)),
        ]);
        expect(changed).toMatch(/^done/);
        expect(outcome).toMatch(/^done|^requests\.(no-longer-yours|not-found)$/);
        expect(await races.given(teacher)).toBe(outcome === done ? 1 : 0);
        if (outcome === done) made++;
      }
      expect(made).toBeGreaterThan(0);
    },
  );

  it('CO-4 AC-5 a decision that waits for a move is asked again where the place is by then', async () => {
    const decider = await near(races.school);
    const { view, teacher } = await races.asked();
    const system = await aSystem(races.libs.em);
    let decision!: Promise<string>;
    await organised(async () => {
      await organisation.move(systemActor, { siteCode: races.school, systemCode: system });
      // Outside this transaction, while the place is held.
      decision = outside(() => races.approve(view, decider.actor));
      await new Promise((resolve) => setTimeout(resolve, 500));
    });
    expect(await decision).toBe('requests.no-longer-yours');
    expect(await races.live(teacher)).toBe(0);
  });

  it('R-07 twenty-five requests at once while two coordinators go: all wait where they belong', async () => {
    const site = await aSite(races.libs.em, races.system);
    const [one, two] = [await near(site), await near(site)];
    const outcomes = await Promise.all([
      ...Array.from({ length: 25 }, () => submitAt(site)),
      ...[one, two].map(({ coordinatorId }) =>
        pause(20).then(() => codeOf(races.appointments.end(systemActor, coordinatorId, { reason: newId() }))),
      ),
    ]);
    for (const outcome of outcomes) expect(outcome).toMatch(/^done/);
  });
});
