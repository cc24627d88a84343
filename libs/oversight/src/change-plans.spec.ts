import { CoverService, DesignationService } from '#coordinators';
import { days, localDay, newId, type SignedIn } from '#kernel';
import { RequestsService } from '#requests';
import { brokenInvariants } from '../../../test/support/invariants.js';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import { pause } from '../../../test/support/request-races.js';
import {
  aCoordinator,
  aHead,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  type TestCoordinator,
  type TestPerson,
} from '../../../test/support/people.js';
import { ChangePlans, OversightModule, type Plan, type PlannedChange, WorldChanged } from './index.js';

const today = localDay(new Date());
const later = localDay(new Date(Date.now() + days(60)));
const reason = 'Moves to another school system.';

describe('changes tried before they are made', () => {
  let libs: TestLibs;
  let plans: ChangePlans;
  let requests: RequestsService;
  let desk: TestPerson;
  let system: string;
  let schools: string[];
  let leaving: TestCoordinator;
  let second: TestCoordinator;

  beforeAll(async () => {
    libs = await startLibs([OversightModule]);
    plans = libs.app.get(ChangePlans);
    requests = libs.app.get(RequestsService, { strict: false });
    desk = await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Prejean' });
  });
  afterAll(() => libs?.close());
  afterEach(async () => expect(await brokenInvariants(libs.em)).toEqual([]));
  beforeEach(async () => {
    system = await aSystem(libs.em, { name: 'Teche Parish' });
    schools = [await aSite(libs.em, system), await aSite(libs.em, system), await aSite(libs.em, system)];
    leaving = await aCoordinator(libs.em, {
      reach: 'group',
      system,
      sites: schools.slice(0, 2),
      firstName: 'Marcus',
      lastName: 'Guillory',
    });
    second = await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Ana', lastName: 'Ruiz' });
  });

  const ask = async (site: string, permissions = ['ser-data-writer', 'ser-data-reader']): Promise<string> => {
    const wish = {
      application: 'ser',
      role: 'ser-data',
      permissions,
      location: { level: 'site' as const, code: site },
    };
    const teacher = await aTeacher(libs.em);
    return (await requests.submit(teacher.actor, { wishes: [wish], formKey: newId() })).reference;
  };
  /** Who the open lines of the system wait for: names, by reference. */
  const waits = async (): Promise<Record<string, string>> => {
    const rows = await libs.em.execute<{ reference: string; names: string | null }[]>(
      `select r.reference, string_agg(distinct m.last_name, ' ' order by m.last_name) as names from permission_request r
       join request_line l on l.request_id = r.id and l.status = 'pending' left join request_decider d on d.line_id = l.id
       left join staff_member m on m.id = d.staff_member_id
       where l.code in (select value from json_array_elements_text(?::json)) group by 1 order by 1`,
      [JSON.stringify(schools)],
    );
    return Object.fromEntries(rows.map(({ reference, names }) => [reference, names ?? '']));
  };
  /** Each table of the database with all that is in it. */
  const everything = async (): Promise<Record<string, string>> => {
    const tables = await libs.em.execute<{ name: string }[]>(
      `select table_name as name from information_schema.role_table_grants
       where table_schema = 'public' and privilege_type = 'SELECT' and grantee = current_user order by 1`,
    );
    const contents = tables.map(
      ({ name }) =>
        `select '${name}' as name, md5(string_agg(t::text, ',' order by t::text)) as content from ${name} t`,
    );
    const rows = await libs.em.execute<{ name: string; content: string }[]>(contents.join(' union all '));
    return Object.fromEntries(rows.map(({ name, content }) => [name, content]));
  };
  const standDown = (more: object = {}): PlannedChange => ({
    kind: 'stand-down',
    coordinatorId: leaving.coordinatorId,
    reason,
    ...more,
  });
  const confirmed = async (actor: SignedIn, change: PlannedChange): Promise<Plan> => {
    const { hash } = await plans.simulate(actor, change);
    return plans.commit(actor, change, hash);
  };

  it('CO-6: says where open lines go and which sites lose their only coordinator, and does just that', async () => {
    const [one, two, three] = [await ask(schools[0]!), await ask(schools[1]!), await ask(schools[2]!)];
    const before = await everything();
    const plan = await plans.simulate(leaving.actor, standDown());
    expect(plan).toEqual({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      day: today,
      moves: [
        {
          from: { names: ['Marcus Guillory'], stateDesk: false },
          to: { names: ['Ana Ruiz'], stateDesk: false },
          lines: 4,
          references: [one, two],
        },
      ],
      toStateDesk: 0,
      uncoveredSites: schools
        .slice(0, 2)
        .map((code) => ({ code, name: `School ${code}`, left: 'system' }))
        .sort((a, b) => (a.code < b.code ? -1 : 1)),
      systemsWithoutCoordinator: [],
    });
    expect(await everything()).toEqual(before);
    expect(await waits()).toEqual({ [one]: 'Guillory', [two]: 'Guillory', [three]: 'Ruiz' });

    expect(await plans.commit(leaving.actor, standDown(), plan.hash)).toEqual(plan);
    expect(await waits()).toEqual({ [one]: 'Ruiz', [two]: 'Ruiz', [three]: 'Ruiz' });
  });

  it('looks at the day of the change: who leaves later, covers and comes then', async () => {
    const reference = await ask(schools[0]!);
    const plan = await confirmed(leaving.actor, standDown({ day: later }));
    expect(plan).toMatchObject({ day: later, moves: [{ to: { names: ['Ana Ruiz'] }, references: [reference] }] });
    expect(await waits()).toEqual({ [reference]: 'Guillory' });
    // Who leaves then anyway changes nothing on that day.
    const change = { coordinatorId: second.coordinatorId, staffMemberId: leaving.staffMemberId };
    const cover = {
      kind: 'cover' as const,
      ...change,
      fromDay: later,
      toDay: localDay(new Date(Date.now() + days(70))),
    };
    const covered = await plans.simulate(second.actor, cover);
    expect(covered).toMatchObject({
      day: later,
      moves: [{ from: { names: ['Ana Ruiz'] }, to: { names: ['Marcus Guillory'] }, lines: 2, references: [reference] }],
      uncoveredSites: [],
    });
    await plans.commit(second.actor, cover, covered.hash);
    const { given } = await libs.app.get(CoverService, { strict: false }).of(second.staffMemberId);
    expect(given).toMatchObject([{ fromDay: later, standsIn: { staffMemberId: leaving.staffMemberId } }]);
  });

  it('CO-6: the last coordinator is told what would be refused; the state desk sees what taking over does', async () => {
    const reference = await ask(schools[2]!);
    const last: PlannedChange = { kind: 'stand-down', coordinatorId: second.coordinatorId, reason };
    expect(await plans.simulate(second.actor, last)).toEqual({
      hash: expect.any(String),
      day: today,
      moves: [],
      toStateDesk: 0,
      uncoveredSites: [],
      systemsWithoutCoordinator: [],
      refusal: {
        code: 'coordinators.last-one',
        title: expect.any(String),
        detail: expect.stringContaining('Teche Parish'),
      },
    });
    const { hash } = await plans.simulate(second.actor, last);
    expect(await codeOf(plans.commit(second.actor, last, hash))).toBe('coordinators.last-one');

    expect(await plans.simulate(second.actor, { ...last, day: 'soon' })).toMatchObject({
      refusal: { code: 'coordinators.wrong-scope' },
    });

    const end: PlannedChange = { ...last, kind: 'end', takeOver: true };
    expect(await confirmed(desk.actor, end)).toMatchObject({
      moves: [{ from: { names: ['Ana Ruiz'] }, to: { names: ['Odile Prejean'], stateDesk: true }, lines: 2 }],
      toStateDesk: 2,
      uncoveredSites: [],
      systemsWithoutCoordinator: [{ code: system, name: 'Teche Parish' }],
    });
    expect(await waits()).toEqual({ [reference]: 'Prejean' });
  });

  it('CO-2: what only one application loses is said of that application', async () => {
    await libs.em.execute(`update coordinator set ended_at = now() where id = ?`, [leaving.coordinatorId]);
    const scope = { reach: 'site' as const, system, sites: [schools[0]!] };
    const limited = await aCoordinator(libs.em, { ...scope, application: 'ser' });
    const change: PlannedChange = { kind: 'stand-down', coordinatorId: limited.coordinatorId, reason };
    expect((await plans.simulate(limited.actor, change)).uncoveredSites).toEqual([
      { code: schools[0], name: expect.any(String), applications: ['SER'], left: 'system' },
    ]);
    await aCoordinator(libs.em, scope);
    expect((await plans.simulate(limited.actor, change)).uncoveredSites).toEqual([]);
  });

  it('saves exactly the plan that was seen, or says that the world changed and keeps nothing', async () => {
    await ask(schools[0]!);
    const plan = await plans.simulate(leaving.actor, standDown());
    const another = await ask(schools[1]!, ['ser-data-writer']);
    const before = await everything();
    const refused = await plans.commit(leaving.actor, standDown(), plan.hash).catch((problem: unknown) => problem);
    expect(refused).toBeInstanceOf(WorldChanged);
    expect(refused).toMatchObject({ code: 'oversight.world-changed', status: 409 });
    const { plan: now } = refused as WorldChanged;
    expect(now.moves).toMatchObject([{ lines: 3, references: expect.arrayContaining([another]) }]);
    expect(await everything()).toEqual(before);

    expect(await codeOf(plans.commit(leaving.actor, standDown(), ''))).toBe('oversight.world-changed');
    const { hash } = await plans.simulate(leaving.actor, standDown({ day: later }));
    expect(await codeOf(plans.commit(leaving.actor, standDown({ day: today }), hash))).toBe('oversight.world-changed');
    expect(await plans.commit(leaving.actor, standDown(), now.hash)).toEqual(now);
    expect(await codeOf(plans.commit(leaving.actor, standDown(), now.hash))).toBe('coordinators.already-ended');
  });

  it('R-07: of many who confirm one plan at once, one saves it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await aCoordinator(libs.em, { reach: 'site', system, sites: [schools[2]!] });
      const change: PlannedChange = { kind: 'stand-down', coordinatorId: person.coordinatorId, reason };
      const { hash } = await plans.simulate(person.actor, change);
      const outcomes = await Promise.all(
        Array.from({ length: 4 }, () => codeOf(plans.commit(person.actor, change, hash))),
      );
      expect(outcomes.filter((one) => one.startsWith('done'))).toHaveLength(1);
      expect(new Set(outcomes.filter((one) => !one.startsWith('done')))).toEqual(
        new Set(['coordinators.already-ended']),
      );
    }
  });

  it('R-07: a request sent while a plan is confirmed stops it, or is made after it', async () => {
    for (let round = 0; round < 20; round += 1) {
      const person = await aCoordinator(libs.em, { reach: 'site', system, sites: [schools[2]!], lastName: 'Leaves' });
      const change: PlannedChange = { kind: 'stand-down', coordinatorId: person.coordinatorId, reason };
      const { hash } = await plans.simulate(person.actor, change);
      const [reference, outcome] = await Promise.all([
        pause(20).then(() => ask(schools[2]!)),
        pause(60).then(() => codeOf(plans.commit(person.actor, change, hash))),
      ]);
      const ways = await libs.em.execute(
        `select 1 from line_route w join request_line l on l.id = w.line_id join permission_request r on r.id = l.request_id
         where r.reference = ? and l.position = 0`,
        [reference],
      );
      // What the plan did not name went no other way: the request is made after it, or stops it.
      expect([outcome.replace(/:.*/, ''), (await waits())[reference], ways.length]).toEqual(
        outcome.startsWith('done') ? ['done', 'Ruiz', 1] : ['oversight.world-changed', 'Leaves', 1],
      );
      await libs.em.execute(`update coordinator set ended_at = now() where id = ? and ended_at is null`, [
        person.coordinatorId,
      ]);
    }
  });

  it('shows what a granted designation takes over', async () => {
    const head = await aHead(libs.em, system);
    const person = await aTeacher(libs.em, { firstName: 'Ben', lastName: 'Ott' });
    const designations = libs.app.get(DesignationService, { strict: false });
    const id = await designations.propose(head.actor, {
      formKey: newId(),
      staffId: person.staffId,
      reach: 'site',
      systemCode: system,
      siteCodes: [schools[2]!],
      reason: 'Knows the school.',
    });
    await designations.approve(desk.actor, id, { version: 1 });
    await libs.em.execute(
      `insert into statement_signature (id, staff_member_id, statement, version, text_hash, signed_on, signed_at)
       values (gen_random_uuid(), ?, 'coordinator', 'test', 'test', ?, now())`,
      [person.staffMemberId, today],
    );
    await designations.ask(person.actor, id, { version: 2 });
    const reference = await ask(schools[2]!);
    const grant: PlannedChange = { kind: 'designation-grant', designationId: id, version: 3 };
    expect(await codeOf(plans.simulate(head.actor, grant))).toBe('coordinators.not-yours');
    expect(await confirmed(desk.actor, grant)).toMatchObject({
      moves: [{ from: { names: ['Ana Ruiz'] }, to: { names: ['Ben Ott'] }, references: [reference] }],
    });
    expect(await plans.simulate(desk.actor, grant)).toMatchObject({ refusal: { code: 'coordinators.moved-on' } });
    expect(await waits()).toEqual({ [reference]: 'Ott' });
  });

  it('CO-3, AC-6: whoever may not make a change cannot try it either', async () => {
    await ask(schools[0]!);
    const stranger = await aCoordinator(libs.em, { reach: 'system', system: await aSystem(libs.em) });
    const head = await aHead(libs.em, system);
    const { coordinatorId } = leaving;
    const cover: PlannedChange = {
      kind: 'cover',
      coordinatorId,
      staffMemberId: second.staffMemberId,
      fromDay: today,
      toDay: later,
    };
    const refusals: [SignedIn, PlannedChange, string][] = [
      [stranger.actor, standDown(), 'coordinators.not-found'],
      [second.actor, standDown(), 'coordinators.not-found'],
      [desk.actor, standDown({ coordinatorId: 'nobody', day: 'tomorrow' }), 'coordinators.not-found'],
      [second.actor, { kind: 'end', coordinatorId, reason }, 'coordinators.not-yours'],
      [leaving.actor, { kind: 'end', coordinatorId, reason }, 'coordinators.not-yours'],
      [head.actor, { kind: 'end', coordinatorId, reason }, 'coordinators.not-yours'],
      [second.actor, cover, 'coordinators.not-found'],
      [stranger.actor, { kind: 'designation-grant', designationId: newId(), version: 1 }, 'coordinators.not-found'],
    ];
    const before = await everything();
    for (const [actor, change, code] of refusals) {
      expect([change.kind, await codeOf(plans.simulate(actor, change))]).toEqual([change.kind, code]);
      expect(await codeOf(plans.commit(actor, change, ''))).toBe(code);
    }
    expect(await everything()).toEqual(before);
  });
});
