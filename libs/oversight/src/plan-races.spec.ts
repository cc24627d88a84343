import { AccountsService } from '#accounts';
import { Appointments } from '#coordinators';
import { days, localDay, newId, type SignedIn, systemActor } from '#kernel';
import { RequestsService } from '#requests';
import { brokenInvariants, strayLines } from '../../../test/support/invariants.js';
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
import { pause } from '../../../test/support/request-races.js';
import { ChangePlans, OversightModule, type PlannedChange } from './index.js';

const reason = 'Moves to another school system.';
const [today, later] = [0, 5].map((ahead) => localDay(new Date(Date.now() + days(ahead)))) as [string, string];

describe('plans confirmed while everything else changes', () => {
  let libs: TestLibs;
  let desk: TestPerson;
  beforeAll(async () => {
    libs = await startLibs([OversightModule]);
    desk = await aStateOfficer(libs.em);
  });
  afterAll(() => libs?.close());

  const ask = async (school: string): Promise<void> => {
    const { actor } = await aTeacher(libs.em);
    await libs.app.get(RequestsService, { strict: false }).submit(actor, {
      wishes: [
        {
          application: 'ser',
          role: 'ser-data',
          permissions: ['ser-data-writer'],
          location: { level: 'site', code: school },
        },
      ],
      formKey: newId(),
    });
  };
  const confirm = async (actor: SignedIn, change: PlannedChange): Promise<unknown> => {
    const plans = libs.app.get(ChangePlans);
    await pause(20);
    const { hash } = await plans.simulate(actor, change);
    return plans.commit(actor, change, hash);
  };

  it('R-07, CO-6: nobody waits for each other for ever, one coordinator stays, every line waits for whom it belongs to', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [system, other] = [await aSystem(libs.em), await aSystem(libs.em)];
      const school = await aSite(libs.em, system);
      const whole = (): Promise<TestCoordinator> => aCoordinator(libs.em, { reach: 'system', system });
      const [one, two] = [await whole(), await whole()];
      const near = await aCoordinator(libs.em, { reach: 'site', system, sites: [school] });
      await ask(school);
      const cover = {
        coordinatorId: near.coordinatorId,
        staffMemberId: one.staffMemberId,
        fromDay: today,
        toDay: later,
      };
      const outcomes = await Promise.all(
        [
          confirm(one.actor, { kind: 'stand-down', coordinatorId: one.coordinatorId, reason }),
          confirm(desk.actor, { kind: 'end', coordinatorId: two.coordinatorId, reason }),
          confirm(near.actor, { kind: 'cover', ...cover }),
          confirm(desk.actor, { kind: 'move', siteCode: school, systemCode: other }),
          pause(20).then(() =>
            libs.app.get(Appointments, { strict: false }).standDown(two.actor, two.coordinatorId, { reason }),
          ),
          pause(40).then(() =>
            libs.app.get(AccountsService, { strict: false }).disable(systemActor, near.accountId, reason),
          ),
          ask(school),
          ask(school),
        ].map((work) => codeOf(work)),
      );
      const refused = outcomes.filter((outcome) => !outcome.startsWith('done'));
      expect(refused.filter((code) => !/^(coordinators|oversight|sites)\.[a-z-]+$/.test(code))).toEqual([]);
      const [{ left }] = (await libs.em.execute(
        `select count(*)::int as left from coordinator where system_code = ? and reach = 'system' and ended_at is null`,
        [system],
      )) as [{ left: number }];
      expect(left).toBe(1);
    }
    expect(await strayLines(libs.app)).toEqual([]);
    expect(await brokenInvariants(libs.em)).toEqual([]);
  });
});
