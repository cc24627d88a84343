import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aCover, anAssignment, aSite, aSystem, aTeacher, signStatement } from '../../../test/support/people.js';
import { assignmentFrom, lineFrom, sitesOf, worldSystems } from '../../../test/support/routing-worlds.js';
import { CoordinatorsModule, CoordinatorsService, type Routing, type RoutingLine, whoDecides } from './index.js';
import type { Assignment } from './routing-types.js';
import { routingSnapshot } from './snapshot.js';

/** Numbers in no order, the same in each run. */
function* numbers(): Generator<number> {
  for (let state = 722_026n; ;) {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    yield Number(state >> 11n);
  }
}

describe('snapshots', () => {
  const random = numbers();
  const next = (): number => random.next().value as number;
  let libs: TestLibs;
  let coordinators: CoordinatorsService;
  const people = new Map<string, { staffMemberId: string; hindrance?: Assignment['hindrance'] }>();
  /** What the tables hold, as it was put there. */
  const assignments: Assignment[] = [];
  let lines: RoutingLine[];

  beforeAll(async () => {
    libs = await startLibs([CoordinatorsModule]);
    coordinators = libs.app.get(CoordinatorsService);
    for (const code of worldSystems) {
      await aSystem(libs.em, { code });
      for (const site of sitesOf(code)) await aSite(libs.em, code, { code: site });
    }
    for (const id of ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']) {
      const { staffMemberId, accountId } = await aTeacher(libs.em, { firstName: 'Person', lastName: id });
      const hindrance = id === 'p5' ? ('cannot-sign-in' as const) : id === 'p6' ? ('unsigned' as const) : undefined;
      if (hindrance === 'cannot-sign-in')
        await libs.em.execute(`update account set status = 'disabled' where id = ?`, [accountId]);
      if (hindrance !== 'unsigned') await signStatement(libs.em, staffMemberId);
      people.set(id, { staffMemberId, hindrance });
    }
    for (let at = 0; at < 40; at++) assignments.push(await written(assignmentFrom(next(), at), at));
    lines = Array.from({ length: 150 }, () => {
      const line = lineFrom(next());
      return { ...line, requesterId: people.get(line.requesterId)!.staffMemberId };
    });
  });
  afterAll(() => libs?.close());

  /** Writes an assignment and its covers, and others beside them that are over or have not begun. @returns what was written */
  async function written({ hindrance: _, ...one }: Assignment, at: number): Promise<Assignment> {
    const person = people.get(one.staffMemberId)!;
    const scope = {
      reach: one.reach,
      system: one.systemCode,
      application: one.application,
      sites: [...one.siteCodes],
      signed: false,
    };
    const id = await anAssignment(libs.em, person.staffMemberId, scope);
    await anAssignment(libs.em, person.staffMemberId, {
      ...scope,
      ...(at % 2 ? { toDay: '2021-01-01' } : { fromDay: '2990-01-01' }),
    });
    const covers: Assignment['covers'] = [];
    for (const { staffMemberId, siteCodes, application, name } of one.covers ?? []) {
      const standsIn = people.get(staffMemberId)!;
      const limits = { application, ...(siteCodes && { sites: [...siteCodes] }) };
      const cover = await aCover(libs.em, id, standsIn.staffMemberId, { ...limits, toDay: '2990-05-01' });
      await aCover(libs.em, id, standsIn.staffMemberId, { ...limits, toDay: '2021-01-01' });
      covers.push({ ...standsIn, id: cover, name, siteCodes, application, until: '2990-05-01' });
    }
    return { ...one, ...person, id, covers };
  }

  const answer = ({ trace: { version: _, ...trace }, ...routing }: Routing): object =>
    JSON.parse(JSON.stringify({ ...routing, trace })) as object;

  it('of one line and of many give, to the letter, what was written into the tables', async () => {
    const snapshot = routingSnapshot(assignments);
    const many = await coordinators.whoDecidesMany(lines);
    for (const [at, line] of lines.entries()) {
      const expected = answer(whoDecides(snapshot, line));
      expect(answer(many[at]!)).toEqual(expected);
      expect(answer(await coordinators.whoDecides(line))).toEqual(expected);
    }
    expect(many.some(({ deciders }) => deciders.some(({ coverId }) => coverId))).toBe(true);
  });

  it('CO-2 whoever is named may decide, whoever is the requester may not', async () => {
    for (const line of lines.slice(0, 100)) {
      const { deciders } = await coordinators.whoDecides(line);
      for (const { staffMemberId } of deciders) expect(await coordinators.mayDecide(staffMemberId, line)).toBe(true);
      expect(await coordinators.mayDecide(line.requesterId, line)).toBe(false);
    }
  });

  it('of many lines take one statement', async () => {
    const connection = libs.em.getConnection();
    const execute = connection.execute.bind(connection);
    let statements = 0;
    connection.execute = ((...args: Parameters<typeof execute>) => (
      statements++,
      execute(...args)
    )) as typeof connection.execute;
    await coordinators.whoDecidesMany(lines);
    connection.execute = execute;
    expect(statements).toBe(1);
  });

  it('have another version when a fact is another', async () => {
    const [first, ...others] = assignments;
    const version = (all: Assignment[]): string => routingSnapshot(all).version;
    expect(version([...others, first!])).toBe(version(assignments));
    expect(version(others)).not.toBe(version(assignments));
    expect(version([...others, { ...first!, siteCodes: new Set(['X']) }])).not.toBe(version(assignments));
    expect(version([...others, { ...first!, hindrance: 'unsigned' }])).not.toBe(version(assignments));
  });
});
