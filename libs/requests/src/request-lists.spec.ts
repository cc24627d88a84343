import { type Cut, type Listed, newId, type SignedIn } from '#kernel';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  moveSite,
  sentAt,
  type TestCoordinator,
  type TestPerson,
} from '../../../test/support/people.js';
import type { Wanted } from '../../../test/support/request-office.js';
import {
  RequestLists,
  RequestLoads,
  RequestQueries,
  RequestQuestions,
  RequestsModule,
  RequestsService,
  type WaitingFilter,
  type WaitingItem,
} from './index.js';

describe('request lists', () => {
  let libs: TestLibs;
  let requests: RequestsService;
  let queries: RequestQueries;
  let lists: RequestLists;
  let system: string;
  let school: string;
  let teacher: TestPerson;

  beforeAll(async () => {
    libs = await startLibs([RequestsModule]);
    requests = libs.app.get(RequestsService);
    queries = libs.app.get(RequestQueries);
    lists = libs.app.get(RequestLists);
  });
  afterAll(() => libs?.close());
  beforeEach(async () => {
    system = await aSystem(libs.em);
    school = await aSite(libs.em, system, { name: 'Cypress Bend High' });
    teacher = await aTeacher(libs.em, { firstName: 'Lee', lastName: 'Carter', site: school });
  });

  const ask = async (actor: SignedIn = teacher.actor, { why, ...more }: Wanted = {}): Promise<string> => {
    const wish = {
      application: 'ser-iep-form',
      role: 'iep-form',
      permissions: ['iep-form-writer'],
      location: { level: 'site' as const, code: school },
      ...more,
    };
    return (await requests.submit(actor, { wishes: [wish], why, formKey: newId() })).id;
  };
  const waiting = async (actor: SignedIn): Promise<string[]> => {
    const list = await lists.waitingFor(actor);
    expect(await lists.waitingCount(actor)).toBe(list.length);
    return list.map(({ id }) => id);
  };

  it('a waiting item says who asks for what and where', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    const id = await ask();
    expect(await lists.waitingFor(near.actor)).toMatchObject([
      {
        id,
        requester: 'Lee Carter',
        staffMemberId: teacher.staffMemberId,
        lines: [
          {
            application: { code: 'ser-iep-form', name: 'SER IEP Form' },
            role: { name: 'IEP Form' },
            place: { name: 'Cypress Bend High', system: { code: system } },
            permission: { name: 'IEP Form Writer' },
            status: 'pending',
          },
        ],
      },
    ]);
  });

  it('the nearest see it in their list; those above may act when they open it', async () => {
    const near = await aCoordinator(libs.em, { reach: 'site', system, sites: [school] });
    const above = await aCoordinator(libs.em, { reach: 'system', system });
    const desk = await aStateOfficer(libs.em);
    const id = await ask();
    expect([await waiting(near.actor), await waiting(above.actor)]).toEqual([[id], []]);
    expect(await waiting(desk.actor)).not.toContain(id);
    for (const one of [near, above, desk])
      expect(await queries.view(one.actor, id)).toMatchObject({ mayDecide: true, own: false });
  });

  it('oldest first; what was decided or withdrawn is gone from the list', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    const others = await Promise.all([0, 1, 2].map(() => aTeacher(libs.em)));
    const ids: string[] = [];
    for (const one of others) ids.push(await ask(one.actor));
    expect(await waiting(near.actor)).toEqual(ids);
    await requests.withdraw(others[0]!.actor, ids[0]!);
    const view = await queries.view(near.actor, ids[1]!);
    await requests.decide(near.actor, ids[1]!, {
      version: 1,
      decisions: [{ lineId: view.lines[0]!.id, verdict: 'approve' }],
    });
    expect(await waiting(near.actor)).toEqual([ids[2]]);
  });

  it('the waiting list can be narrowed by words, application, site and age', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    const obrien = await aTeacher(libs.em, { firstName: 'Zoë', lastName: "O'Brien" });
    const one = await ask();
    const two = await ask(obrien.actor, { application: 'ser', role: 'ser-data', permissions: ['ser-data-reader'] });
    const other = await aSite(libs.em, system);
    const three = await ask(obrien.actor, { location: { level: 'site', code: other } });
    await sentAt(libs.em, two, new Date(Date.now() - 10 * 86_400_000));
    const found = async (filter: WaitingFilter): Promise<string[]> =>
      (await lists.waitingFor(near.actor, filter)).map(({ id }) => id);
    expect(await found({})).toEqual([two, one, three]);
    const [{ reference }] = (await lists.waitingFor(near.actor, {})).filter(({ id }) => id === one) as [WaitingItem];
    expect(await found({ text: reference.slice(-6) })).toEqual([one]);
    for (const text of ["o'brien", 'OBRIEN', 'zoe', ' Zoë  Brien '])
      expect([text, await found({ text })]).toEqual([text, [two, three]]);
    expect(await found({ text: 'carter zoe' })).toEqual([]);
    expect(await found({ text: `%' or 1=1 --` })).toEqual([]);
    expect(await found({ application: 'ser' })).toEqual([two]);
    expect(await found({ siteCode: other })).toEqual([three]);
    expect(await found({ olderThanDays: 10 })).toEqual([two]);
    expect(await found({ olderThanDays: 11 })).toEqual([]);
    expect(await found({ text: 'zoe', siteCode: school, application: 'ser', olderThanDays: 2 })).toEqual([two]);
  });

  it('how much waits for whom and in which system, with the oldest', async () => {
    const near = await aCoordinator(libs.em, { reach: 'site', system, sites: [school] });
    const above = await aCoordinator(libs.em, { reach: 'system', system });
    const one = await ask(undefined, { permissions: ['iep-form-writer', 'iep-form-approver'] });
    await ask((await aTeacher(libs.em)).actor);
    await ask(undefined, { location: { level: 'system', code: system } });
    const oldest = (await queries.view(teacher.actor, one)).submittedAt;
    const loads = libs.app.get(RequestLoads);
    const byPerson = await loads.openLoad();
    expect(byPerson.get(near.staffMemberId)).toEqual({ open: 2, oldest });
    expect(byPerson.get(above.staffMemberId)).toMatchObject({ open: 1 });
    expect((await loads.openBySystem()).get(system)).toEqual({ open: 3, oldest });
    await requests.withdraw(teacher.actor, one);
    expect((await loads.openLoad()).get(near.staffMemberId)).toMatchObject({ open: 1 });
  });

  it('the state desk gets what waits for nobody else: routed to it, before its people came, or left behind', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    const left = await ask();
    await libs.em.execute(`update coordinator set ended_at = now() where id = ?`, [near.coordinatorId]);
    await libs.em.execute(`update coordinator set ended_at = now() where reach = 'state'`);
    const alone = await ask((await aTeacher(libs.em)).actor);
    expect(await queries.view(teacher.actor, left)).toMatchObject({ lines: [{ stateDesk: false }] });
    const officer = await aStateOfficer(libs.em);
    expect(await waiting(officer.actor)).toEqual(expect.arrayContaining([left, alone]));
    expect(await waiting(near.actor)).toEqual([]);

    const own = await ask(officer.actor, { location: { level: 'system', code: system } });
    expect(await waiting(officer.actor)).not.toContain(own);
    const colleague = await aStateOfficer(libs.em);
    expect(await waiting(colleague.actor)).toContain(own);
  });

  it('AC-3 AC-5 a list never shows what its reader may not decide', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    const id = await ask();
    await moveSite(libs.em, school, await aSystem(libs.em));
    expect(await waiting(near.actor)).toEqual([]);
    expect(await codeOf(queries.view(near.actor, id))).toBe('requests.not-found');
    expect(await waiting(teacher.actor)).toEqual([]);
    expect(await waiting({ client: 'portal', accountId: newId() })).toEqual([]);
  });

  it('my requests, newest first, with names', async () => {
    const one = await ask();
    const two = await ask(undefined, { permissions: ['iep-form-approver'] });
    expect((await lists.mine(teacher.accountId)).map(({ id, lines }) => [id, lines[0]!.permission.name])).toEqual([
      [two, 'IEP Form Approver'],
      [one, 'IEP Form Writer'],
    ]);
    expect(await lists.mine(newId())).toEqual([]);
  });

  /** A thousand and more requests that wait for a coordinator of the system, several sent at one moment. */
  const manyWaiting = async (near: TestCoordinator, count: number): Promise<void> => {
    const id = await ask();
    await libs.em.execute(
      `insert into permission_request (id, reference, account_id, staff_member_id, submitted_at, form_key, form_hash)
       select gen_random_uuid(), ? || left(form.key, 8) || n, gen_random_uuid(), staff_member_id, submitted_at + n / 3 * interval '1 microsecond', form.key || n, form_hash
       from permission_request, generate_series(2, ?::int) n, (select gen_random_uuid()::text as key) form where id = ?`,
      [`${system}-`, count, id],
    );
    await libs.em.execute(
      `insert into request_line (id, request_id, position, application, role, permission, level, code, system_code, status, routing, state_desk)
       select gen_random_uuid(), r.id, n, application, role, permission || coalesce(nullif('-' || n, '-0'), ''), level, code, system_code, 'pending', routing, false
       from permission_request r, request_line l, generate_series(0, 2) n where r.reference like ? and l.request_id = ?
         and not exists (select 1 from request_line x where x.request_id = r.id) and (n = 0 or substr(md5(r.id::text), 1, 1) < '4')`,
      [`${system}-%`, id],
    );
    await libs.em.execute(
      `insert into request_decider (line_id, staff_member_id, coordinator_id) select l.id, ?, ?
       from request_line l join permission_request r on r.id = l.request_id where r.reference like ?
       on conflict do nothing`,
      [near.staffMemberId, near.coordinatorId, `${system}-%`],
    );
  };
  const idsOf = (items: { id: string }[]): string[] => items.map(({ id }) => id);
  /** All pages, on to the end and back to the beginning. */
  const walked = async (
    pageAt: (cut: Cut) => Promise<Listed<{ id: string }>>,
  ): Promise<{ on: string[]; back: string[] }> => {
    const on: string[] = [];
    let page = await pageAt({});
    for (; page.next; page = await pageAt({ after: page.next })) on.push(...idsOf(page.items));
    on.push(...idsOf(page.items));
    let back = idsOf(page.items);
    while (page.previous) {
      page = await pageAt({ before: page.previous });
      // The first page is full, so it may hold some of the second again.
      back = [...idsOf(page.items).filter((id) => !back.includes(id)), ...back];
    }
    return { on, back };
  };

  it('the waiting list is walked on and back page by page: each request once, in order, also those sent at one moment', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    await manyWaiting(near, 137);
    const rows = await libs.em.execute<{ id: string; reference: string }[]>(
      `select r.id, r.reference from permission_request r where exists (select 1 from request_line l where l.request_id = r.id and l.system_code = ?)
       order by submitted_at, id`,
      [system],
    );
    const first = await lists.waitingPage(near.actor, {});
    expect(first.items).toHaveLength(50);
    expect(first).toEqual({ items: expect.anything(), next: rows[49]!.id });
    const { on, back } = await walked((cut) => lists.waitingPage(near.actor, {}, cut));
    expect(on).toEqual(idsOf(rows));
    expect(back).toEqual(idsOf(rows));
    const narrowed = { application: 'ser-iep-form', text: system };
    const fitting = await walked((cut) => lists.waitingPage(near.actor, narrowed, cut));
    expect(fitting.on).toEqual(idsOf(rows.filter(({ reference }) => reference.startsWith(system))));
    expect(await lists.waitingCount(near.actor)).toBe(100);
    expect(await lists.waitingByPlace(near.actor)).toEqual([{ level: 'site', code: school, open: 137 }]);
  });

  it('a page leads on from where it was, whatever left the list meanwhile', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    await manyWaiting(near, 120);
    const { items, next } = await lists.waitingPage(near.actor, {});
    const before = idsOf((await lists.waitingPage(near.actor, {}, { after: next })).items);
    // What was shown is decided, the request at the cut too.
    const settle = `update request_line set status = 'withdrawn', decided_at = now() where request_id in (select value::uuid from json_array_elements_text(?::json))`;
    await libs.em.execute(settle, [JSON.stringify(idsOf(items))]);
    expect(idsOf((await lists.waitingPage(near.actor, {}, { after: next })).items)).toEqual(before);
    expect(idsOf((await lists.waitingPage(near.actor, {})).items)).toEqual(before);
    // Nothing is left before and after the cuts: the list begins anew.
    const last = await lists.waitingPage(near.actor, {}, { after: before.at(-1) });
    await libs.em.execute(settle, [JSON.stringify(idsOf(last.items))]);
    for (const cut of [{ after: before.at(-1) }, { before: before[0] }, { after: newId() }])
      expect(idsOf((await lists.waitingPage(near.actor, {}, cut)).items)).toEqual(before);
  });

  it("a person's requests page by page, newest first", async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    await manyWaiting(near, 23);
    const all = idsOf(await lists.mine(teacher.accountId));
    expect(all).toHaveLength(23);
    for (const size of [1, 5, 22, 23, 50]) {
      const { on, back } = await walked((cut) => lists.minePage(teacher.accountId, cut, size));
      expect([size, on, back]).toEqual([size, all, all]);
    }
    expect(await lists.minePage(newId())).toEqual({ items: [] });
  });

  it('what waits for an answer is counted and listed apart', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    const [one, two] = [await ask(), await ask((await aTeacher(libs.em)).actor)];
    await libs.app.get(RequestQuestions).ask(near.actor, one, { question: 'For which class?' });
    expect(idsOf(await lists.waitingFor(near.actor, { asked: true }))).toEqual([one]);
    expect(idsOf(await lists.waitingFor(near.actor, { asked: false }))).toEqual([two]);
    expect(idsOf(await lists.waitingFor(near.actor))).toEqual([one, two]);
    expect(await lists.waitingCount(near.actor, { asked: false })).toBe(1);
  });

  it('a page takes a fixed number of statements, however many wait', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    const connection = libs.em.getConnection();
    const execute = connection.execute.bind(connection);
    const statementsOf = async (work: () => Promise<unknown>): Promise<number> => {
      let statements = 0;
      connection.execute = ((...args: Parameters<typeof execute>) => (
        statements++,
        execute(...args)
      )) as typeof connection.execute;
      await work();
      connection.execute = execute;
      return statements;
    };
    await manyWaiting(near, 60);
    teacher = await aTeacher(libs.em, { site: school });
    const few = await statementsOf(() => lists.waitingPage(near.actor, {}));
    await manyWaiting(near, 1000);
    expect(await statementsOf(() => lists.waitingPage(near.actor, {}))).toBe(few);
    expect(few).toBeLessThanOrEqual(14);
    expect(await statementsOf(() => lists.waitingCount(near.actor))).toBeLessThanOrEqual(8);
  });

  it('the database keeps what the lists are ordered by, whatever happens to a request', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    const ids = [await ask(), await ask((await aTeacher(libs.em)).actor)];
    const kept = (): Promise<unknown[]> =>
      libs.em.execute(
        `select r.id from permission_request r join request_line l on l.request_id = r.id left join request_decider d on d.line_id = l.id
         where l.submitted_at <> r.submitted_at or d.request_id <> r.id or (d.line_id is not null
           and d.open_since is distinct from case when l.status = 'pending' then r.submitted_at end)`,
      );
    expect(await kept()).toEqual([]);
    const { lines } = await queries.view(near.actor, ids[0]!);
    await requests.decide(near.actor, ids[0]!, {
      version: 1,
      decisions: [{ lineId: lines[0]!.id, verdict: 'approve' }],
    });
    await aCoordinator(libs.em, { reach: 'system', system });
    expect(await kept()).toEqual([]);
    expect(await waiting(near.actor)).toEqual([ids[1]]);
  });
});
