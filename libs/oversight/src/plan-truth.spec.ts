import { newId, type SignedIn } from '#kernel';
import { RequestsService } from '#requests';
import { strayLines } from '../../../test/support/invariants.js';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  type TestCoordinator,
  type TestPerson,
} from '../../../test/support/people.js';
import { ChangePlans, OversightModule, type PlannedChange, type PlannedMove } from './index.js';

const kinds = [
  { application: 'ser', role: 'ser-data', permissions: ['ser-data-writer', 'ser-data-reader'] },
  { application: 'canopy', role: 'canopy-learning', permissions: ['learner'] },
];

describe('plans of generated changes', () => {
  let libs: TestLibs;
  let plans: ChangePlans;
  let desk: TestPerson;
  let seed = 7_071_807;
  const random = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
  const one = <T>(of: T[]): T => of[random(of.length)]!;

  beforeAll(async () => {
    libs = await startLibs([OversightModule]);
    plans = libs.app.get(ChangePlans);
    desk = await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Prejean' });
  });
  afterAll(() => libs?.close());

  const ask = async (level: 'system' | 'site', code: string): Promise<void> => {
    const { actor } = await aTeacher(libs.em);
    const form = { wishes: [{ ...one(kinds), location: { level, code } }], formKey: newId() };
    await libs.app.get(RequestsService, { strict: false }).submit(actor, form);
  };
  /** Whom each open line waits for, as the tables have it; by line. */
  const waits = async (): Promise<Map<string, string>> => {
    const rows = await libs.em.execute<{ id: string; desk: boolean; names: string[] }[]>(
      `select l.id, l.state_desk as desk, array(select m.first_name || ' ' || m.last_name from request_decider d
         join staff_member m on m.id = d.staff_member_id where d.line_id = l.id order by 1) as names
       from request_line l where l.status = 'pending'`,
    );
    return new Map(rows.map(({ id, desk: atDesk, names }) => [id, JSON.stringify([names, atDesk])]));
  };
  const toldOf = ({ from, to, lines }: PlannedMove): [string, number] => {
    const [was, is] = [from, to].map(({ names, stateDesk }) => JSON.stringify([[...names].sort(), stateDesk]));
    return [`${was} ${is}`, lines];
  };
  /** An organisation with its requests, and a change of it. */
  const aChange = async (): Promise<[SignedIn, PlannedChange]> => {
    const [system, other] = [await aSystem(libs.em), await aSystem(libs.em)];
    const schools = [await aSite(libs.em, system), await aSite(libs.em, system), await aSite(libs.em, system)];
    const people: TestCoordinator[] = [];
    for (let count = 2 + random(5); count > 0; count -= 1) {
      const reach = one(['site', 'group', 'system'] as const);
      const sites = { site: [one(schools)], group: schools.slice(random(2)), system: [] }[reach];
      people.push(
        await aCoordinator(libs.em, {
          reach,
          system: random(5) ? system : other,
          sites,
          application: random(3) ? undefined : one(kinds).application,
          lastName: `Number ${newId().slice(0, 6)}`,
        }),
      );
    }
    for (let count = 6; count > 0; count -= 1) await (random(5) ? ask('site', one(schools)) : ask('system', system));
    const { actor, coordinatorId } = one(people);
    const reason = 'Other duties.';
    switch (random(3)) {
      case 0:
        return [actor, { kind: 'stand-down', coordinatorId, reason }];
      case 1:
        return [desk.actor, { kind: 'end', coordinatorId, reason, takeOver: true }];
      default:
        return [desk.actor, { kind: 'move', siteCode: one(schools), systemCode: other }];
    }
  };

  it('CO-6, AC-6: each line goes where the plan said, and no other line moves', async () => {
    let moved = 0;
    for (let round = 0; round < 30; round += 1) {
      const [actor, change] = await aChange();
      const before = await waits();
      const plan = await plans.simulate(actor, change);
      expect(await waits()).toEqual(before);
      if (plan.refusal) {
        expect(plan.refusal.code).toBe('coordinators.last-one');
        continue;
      }
      await plans.commit(actor, change, plan.hash);
      const happened = new Map<string, number>();
      for (const [id, is] of await waits()) {
        const way = `${before.get(id)} ${is}`;
        if (before.get(id) !== is) happened.set(way, (happened.get(way) ?? 0) + 1);
      }
      expect(happened).toEqual(new Map(plan.moves.map(toldOf)));
      expect(plan.toStateDesk).toBe(
        plan.moves.filter(({ from, to }) => to.stateDesk && !from.stateDesk).reduce((sum, { lines }) => sum + lines, 0),
      );
      moved += plan.moves.length;
    }
    expect(moved).toBeGreaterThan(15);
    expect(await strayLines(libs.app)).toEqual([]);
  });
});
