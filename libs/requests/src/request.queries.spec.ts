import { GrantsService } from '#grants';
import { newId, type SignedIn } from '#kernel';
import { type Message, MessageKinds } from '#notifications';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  moveSite,
  type TestPerson,
} from '../../../test/support/people.js';
import type { Wanted } from '../../../test/support/request-office.js';
import {
  RequestLoads,
  RequestQueries,
  RequestsModule,
  RequestsService,
  type WaitingFilter,
  type WaitingItem,
} from './index.js';

describe('request queries', () => {
  let libs: TestLibs;
  let requests: RequestsService;
  let queries: RequestQueries;
  let system: string;
  let school: string;
  let teacher: TestPerson;

  beforeAll(async () => {
    libs = await startLibs([RequestsModule]);
    requests = libs.app.get(RequestsService);
    queries = libs.app.get(RequestQueries);
  });
  afterAll(() => libs?.close());
  beforeEach(async () => {
    system = await aSystem(libs.em);
    school = await aSite(libs.em, system, { name: 'Cypress Bend High' });
    teacher = await aTeacher(libs.em, {
      firstName: 'Lee',
      lastName: 'Carter',
      site: school,
      position: 'Special education teacher',
    });
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
    const list = await queries.waitingFor(actor);
    expect(await queries.waitingCount(actor)).toBe(list.length);
    return list.map(({ id }) => id);
  };

  it('a waiting item says who asks for what and where', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    const id = await ask();
    expect(await queries.waitingFor(near.actor)).toMatchObject([
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
    await libs.em.execute(`update permission_request set submitted_at = now() - interval '10 days' where id = ?`, [
      two,
    ]);
    const found = async (filter: WaitingFilter): Promise<string[]> =>
      (await queries.waitingFor(near.actor, filter)).map(({ id }) => id);
    expect(await found({})).toEqual([two, one, three]);
    const [{ reference }] = (await queries.waitingFor(near.actor, {})).filter(({ id }) => id === one) as [WaitingItem];
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

  it('a request shows who asks, where they are employed, who decides and why', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Ana', lastName: 'Ruiz' });
    const id = await ask(undefined, { why: 'New caseload' });
    expect(await queries.view(near.actor, id)).toMatchObject({
      why: 'New caseload',
      requester: {
        name: 'Lee Carter',
        staffId: teacher.staffId,
        employments: [{ site: 'Cypress Bend High', siteCode: school, position: 'Special education teacher' }],
      },
      lines: [
        {
          deciders: [{ name: 'Ana Ruiz', reach: 'system' }],
          stateDesk: false,
          reasons: [expect.stringContaining('so the coordinator of')],
        },
      ],
    });
  });

  it('AC-2 ids that are no ids are absent, not faults', async () => {
    for (const id of ['', 'x', `' or 1=1 --`, '../../etc/passwd', '\u0000', newId()])
      expect([id, await codeOf(queries.view(teacher.actor, id))]).toEqual([id, 'requests.not-found']);
  });

  it('my requests, newest first, with names', async () => {
    const one = await ask();
    const two = await ask(undefined, { permissions: ['iep-form-approver'] });
    expect((await queries.mine(teacher.accountId)).map(({ id, lines }) => [id, lines[0]!.permission.name])).toEqual([
      [two, 'IEP Form Approver'],
      [one, 'IEP Form Writer'],
    ]);
    expect(await queries.mine(newId())).toEqual([]);
  });

  it('a list of 1,000 requests takes a fixed number of statements and well under a second', async () => {
    const near = await aCoordinator(libs.em, { reach: 'system', system });
    const id = await ask();
    for (let at = 0; at < 4; at++) await aSite(libs.em, system);
    await libs.em.execute(
      `insert into permission_request select gen_random_uuid(), 'X-' || n, gen_random_uuid(), staff_member_id, why, submitted_at + n * interval '1 second', 'k' || n, form_hash, 1
       from permission_request, generate_series(1, 999) n where id = ?`,
      [id],
    );
    await libs.em.execute(
      `insert into request_line (id, request_id, position, application, role, permission, level, code, system_code, status, routing, state_desk)
       select gen_random_uuid(), r.id, 0, application, role, permission, level,
         (select code from site where code like ? order by code offset substr(r.reference, 3)::int % 5 limit 1), system_code, 'pending', routing, false
       from permission_request r, request_line l where r.reference like 'X-%' and l.request_id = ?`,
      [`${system}%`, id],
    );
    await libs.em.execute(
      `insert into request_decider select l.id, ?, ? from request_line l join permission_request r on r.id = l.request_id where r.reference like 'X-%'`,
      [near.staffMemberId, near.coordinatorId],
    );

    const connection = libs.em.getConnection();
    const execute = connection.execute.bind(connection);
    let statements = 0;
    connection.execute = ((...args: Parameters<typeof execute>) => (
      statements++,
      execute(...args)
    )) as typeof connection.execute;
    const list = await queries.waitingFor(near.actor);
    connection.execute = execute;
    expect(list).toHaveLength(1000);
    expect(statements).toBeLessThanOrEqual(10);
    // The best of five, because other specs run beside this one.
    const times: number[] = [];
    for (let run = 0; run < 5; run++) {
      const begun = performance.now();
      await queries.waitingFor(near.actor);
      times.push(performance.now() - begun);
    }
    expect(Math.min(...times)).toBeLessThan(1000);
  });

  describe('messages', () => {
    const worded = async (kind: string, person: TestPerson) => {
      const [row] = await libs.em.execute<{ id: string; facts: Record<string, string> }[]>(
        `select id, facts from message where kind = ? and recipient_id = ? order by queued_at desc limit 1`,
        [kind, person.accountId],
      );
      return libs.app
        .get(MessageKinds)
        .named(kind)
        .word({ ...row!, kind } as Message, { em: libs.em, forMail: true });
    };

    it('ML-3 RS-6 say calmly what happened; subjects are static; links go to the configured origin', async () => {
      const near = await aCoordinator(libs.em, { reach: 'system', system });
      const id = await ask(undefined, { permissions: ['iep-form-writer', 'iep-form-approver'] });
      expect(await worded('request.submitted', near)).toEqual({
        subject: 'A request for access waits for you',
        paragraphs: [
          expect.stringMatching(
            /^Lee Carter asks for IEP Form Writer, IEP Form Approver in SER IEP Form at Cypress Bend High \(R-20\d\d-\d{6}\)\.$/,
          ),
          'You are among those who may decide it. Whoever acts first decides; nothing more is needed from the others.',
        ],
        action: { label: 'Read it and decide', address: `${libs.settings.PORTAL_ORIGIN}/review/${id}` },
      });
      await requests.addNote(near.actor, id, 'See https://evil.example');
      const note = await worded('request.note', teacher);
      expect(note).toMatchObject({
        subject: 'There is a new note on a request',
        action: { address: `${libs.settings.PORTAL_ORIGIN}/requests/${id}` },
      });
      expect(JSON.stringify(note)).not.toContain('evil');
      const { lines } = await queries.view(near.actor, id);
      await requests.decide(near.actor, id, {
        version: 1,
        decisions: [{ lineId: lines[1]!.id, verdict: 'reject', reason: 'Only supervisors approve.' }],
      });
      expect(await worded('request.decided', teacher)).toMatchObject({
        subject: 'Your request for access was decided',
        paragraphs: [
          expect.stringMatching(/^About your request R-/),
          'IEP Form Approver: not approved. Reason: Only supervisors approve.',
          expect.stringMatching(/^If you think this is a mistake/),
        ],
        action: { address: `${libs.settings.PORTAL_ORIGIN}/requests/${id}` },
      });
      await requests.withdraw(teacher.actor, id);
      expect(await worded('request.withdrawn', near)).toMatchObject({
        subject: 'A request for access was withdrawn',
        paragraphs: [expect.stringMatching(/^Lee Carter withdrew the request/), expect.any(String)],
      });
    });

    it('a reason that speaks of approval does not change what the message says', async () => {
      const near = await aCoordinator(libs.em, { reach: 'system', system });
      const id = await ask();
      const { lines } = await queries.view(near.actor, id);
      await requests.decide(near.actor, id, {
        version: 1,
        decisions: [{ lineId: lines[0]!.id, verdict: 'reject', reason: 'x: approved.' }],
      });
      const wording = await worded('request.decided', teacher);
      expect(wording.paragraphs.at(-1)).toMatch(/^If you think this is a mistake/);
      expect(await libs.app.get(GrantsService, { strict: false }).of(teacher.accountId)).toEqual([]);
    });
  });
});
