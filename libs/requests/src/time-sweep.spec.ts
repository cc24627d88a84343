import { replay } from '#coordinators';
import { days, localDay, newId } from '#kernel';
import { type Message, MessageKinds } from '#notifications';
import { MovableClock } from '../../../test/support/clock.js';
import { brokenInvariants } from '../../../test/support/invariants.js';
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
import {
  DaySweep,
  RequestLists,
  RequestQueries,
  RequestsModule,
  RequestsService,
  type RequestView,
  TimeSweep,
} from './index.js';

/** A request of somebody, with who asked. */
interface Asked {
  id: string;
  reference: string;
  teacher: TestPerson;
}

describe('what time does to open requests', () => {
  let libs: TestLibs;
  let clock: MovableClock;
  let sweep: TimeSweep;
  let requests: RequestsService;
  let queries: RequestQueries;
  let lists: RequestLists;
  let school: string;
  let [ned, fay, odile] = [] as unknown as TestCoordinator[];
  beforeEach(async () => {
    clock = new MovableClock();
    // A Thursday; the following Thursday is the fifth working day.
    clock.advance(Date.parse('2027-08-12T15:00:00Z') - Date.now());
    libs = await startLibs([RequestsModule], { clock });
    sweep = libs.app.get(TimeSweep);
    requests = libs.app.get(RequestsService);
    queries = libs.app.get(RequestQueries);
    lists = libs.app.get(RequestLists);
    const system = await aSystem(libs.em, { name: 'Acadia Parish' });
    school = await aSite(libs.em, system, { name: 'Cypress Bend High' });
    ned = await aCoordinator(libs.em, { reach: 'site', system, sites: [school], firstName: 'Ned', lastName: 'Ruiz' });
    fay = await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Fay', lastName: 'Ruiz' });
    odile = await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Stone' });
  });
  afterEach(async () => {
    expect(await brokenInvariants(libs.em)).toEqual([]);
    await libs.close();
  });

  const today = (): string => localDay(clock.now());
  const asked = async (permissions = ['iep-form-writer']): Promise<Asked> => {
    const teacher = await aTeacher(libs.em);
    const made = await requests.submit(teacher.actor, {
      wishes: [
        { application: 'ser-iep-form', role: 'iep-form', permissions, location: { level: 'site', code: school } },
      ],
      formKey: newId(),
    });
    return { ...made, teacher };
  };
  const seen = ({ id, teacher }: Asked): Promise<RequestView> => queries.view(teacher.actor, id);
  const sentBefore = async ({ id }: Asked, count: number): Promise<void> => {
    const at = new Date(clock.now().getTime() - days(count));
    await libs.em.execute(`update permission_request set submitted_at = ? where id = ?`, [at, id]);
  };
  /** The day is gone through again, as after a worker that was killed before it had noted it. */
  const newDay = (): Promise<unknown> =>
    libs.em.execute(`update followed_day set day = ?::date - 1 where name in ('time', 'reminders')`, [today()]);
  const names = ({ lines }: RequestView): string[] => lines[0]!.deciders.map(({ name }) => name);
  const told = async (since = clock.now().getTime() - days(1) + 60_000): Promise<string[]> => {
    const rows = await libs.em.execute<{ kind: string; name: string }[]>(
      `select m.kind, a.first_name as name from message m join account a on a.id = m.recipient_id
       where m.kind in ('request.reminder', 'request.rerouted', 'request.expired') and m.queued_at >= ? order by 1, 2`,
      [new Date(since)],
    );
    return rows.map(({ kind, name }) => `${kind.slice(8)} ${name}`);
  };

  const worded = async (kind: string, { accountId }: TestPerson) => {
    const [row] = await libs.em.execute<Message[]>(
      `select id, facts from message where kind = ? and recipient_id = ? order by queued_at desc limit 1`,
      [kind, accountId],
    );
    const kinds = libs.app.get(MessageKinds);
    return kinds.named(kind).word({ ...row!, kind }, { em: libs.em, forMail: true });
  };

  it('is reminded, passed on row by row and closed, each on its day and once, whoever runs it and how often', async () => {
    const request = await asked();
    expect((await seen(request)).lines[0]!.time).toMatchObject({ dueDay: '2027-08-19', expiryDay: '2027-09-11' });
    const log: string[] = [];
    for (let day = 0; day <= 32; day++, clock.advance(days(1))) {
      await Promise.all(Array.from({ length: 4 }, () => sweep.followTime(today())));
      await sweep.followTime(today());
      log.push(...(await told()).map((one) => `${today().slice(5)} ${one}`));
    }
    expect(log).toEqual([
      '08-16 reminder Ned',
      '08-18 reminder Ned',
      '08-19 rerouted Fay',
      '08-19 rerouted Robin',
      '08-23 reminder Fay',
      '08-23 reminder Ned',
      '08-25 reminder Fay',
      '08-25 reminder Ned',
      '08-26 rerouted Odile',
      '08-26 rerouted Robin',
      ...['08-30', '09-01'].flatMap((day) => ['Fay', 'Ned', 'Odile'].map((name) => `${day} reminder ${name}`)),
      '09-11 expired Robin',
    ]);
    const view = await seen(request);
    expect(view.lines).toMatchObject([{ status: 'expired' }]);
    expect(await worded('request.reminder', ned!)).toMatchObject({
      paragraphs: [
        `A request for access (${request.reference}) waits for a decision, due Thursday, September 2.`,
        expect.stringContaining('goes to the next in line too'),
      ],
      action: { address: `${libs.settings.PORTAL_ORIGIN}/review/${request.id}` },
    });
    expect(await worded('request.expired', request.teacher)).toMatchObject({
      subject: 'Your request for access was not decided in time',
      paragraphs: [
        expect.stringContaining(`Nobody decided everything in your request ${request.reference} within 30 days`),
        expect.stringContaining('ask again'),
      ],
      action: { address: `${libs.settings.PORTAL_ORIGIN}/requests/${request.id}` },
    });
    expect(view.history.map(({ cause }) => cause)).toEqual([
      '',
      'Not decided before Thursday, August 19, so the next in line are asked too.',
      'Not decided before Thursday, August 26, so the next in line are asked too.',
    ]);
    const audit = await libs.em.execute<{ action: string }[]>(
      `select action from audit_entry where target = ? and action in ('request.pass-on', 'request.expire') order by id`,
      [`request:${request.id}`],
    );
    expect(audit.map(({ action }) => action)).toEqual(['request.pass-on', 'request.pass-on', 'request.expire']);
  });

  it('passed on it says so, who holds it and since when; whoever was asked before still finds and decides it', async () => {
    const request = await asked();
    clock.advance(days(7));
    await sweep.followTime(today());
    const [line] = (await seen(request)).lines;
    expect(line).toMatchObject({
      deciders: [{ name: 'Fay Ruiz' }, { name: 'Ned Ruiz', passed: true }],
      stateDesk: false,
      time: { dueDay: '2027-08-26', overdue: false },
    });
    expect(line!.reasons).toEqual([
      'It was not decided in time, so the coordinator of Acadia Parish is asked too.',
      'Whoever was asked before may still decide.',
      'Whoever of them acts first decides.',
    ]);
    expect(localDay(line!.time!.heldSince)).toBe('2027-08-19');
    const [{ routing }] = (await libs.em.execute<{ routing: { trace: Parameters<typeof replay>[0] } }[]>(
      `select routing from request_line where id = ?`,
      [line!.id],
    )) as [{ routing: { trace: Parameters<typeof replay>[0] } }];
    expect(JSON.parse(JSON.stringify(replay(routing.trace)))).toEqual(routing);
    for (const one of [ned!, fay!])
      expect(await lists.waitingFor(one.actor)).toMatchObject([{ id: request.id, dueDay: '2027-08-26' }]);
    expect(await lists.waitingFor(odile!.actor)).toEqual([]);
    const { version, lines } = await queries.view(ned!.actor, request.id);
    await requests.decide(ned!.actor, request.id, {
      version,
      decisions: [{ lineId: lines[0]!.id, verdict: 'approve' }],
    });
    expect((await seen(request)).lines).toMatchObject([{ status: 'approved', decidedBy: 'Ned Ruiz', time: undefined }]);
  });

  it('stays passed on when something changes in between', async () => {
    const request = await asked();
    clock.advance(days(7));
    await sweep.followTime(today());
    await libs.em.execute(`update coordinator set to_day = ? where id = ?`, [
      localDay(new Date(clock.now().getTime() + days(1))),
      fay!.coordinatorId,
    ]);
    clock.advance(days(1));
    await libs.app.get(DaySweep).followDays(today());
    expect(names(await seen(request))).toEqual(['Ned Ruiz', 'Odile Stone']);
  });

  it('AC-6 a request nobody can be asked about waits at the state desk, and is not passed on', async () => {
    school = await aSite(libs.em, await aSystem(libs.em));
    const request = await asked();
    for (let day = 0; day <= 20; day++, clock.advance(days(1))) await sweep.followTime(today());
    expect((await seen(request)).history).toHaveLength(1);
  });

  it('each coordinator gets one mail a day, however many requests, on the first day it can be sent', async () => {
    const all = [await asked(['iep-form-writer', 'iep-form-approver']), await asked(), await asked()];
    clock.advance(days(6));
    await sweep.followTime(today());
    const mails = await libs.em.execute<{ recipient_id: string; facts: Record<string, string> }[]>(
      `select recipient_id, facts from message where kind = 'request.reminder'`,
    );
    expect(mails).toEqual([
      {
        recipient_id: ned!.accountId,
        facts: {
          count: '3',
          references: all.map(({ reference }) => reference).join(', '),
          dueDay: '2027-08-19',
          path: '/review',
        },
      },
    ]);
    expect(await worded('request.reminder', ned!)).toEqual({
      subject: 'Requests for access still wait for you',
      paragraphs: [
        `3 requests for access (${all.map(({ reference }) => reference).join(', ')}) wait for a decision; the first is due Thursday, August 19.`,
        'What is not decided in time goes to the next in line too. You may still decide it then.',
      ],
      action: { label: 'See what waits for you', address: `${libs.settings.PORTAL_ORIGIN}/review` },
    });
  });

  it('killed before any of its statements, everything is done once by the next worker', async () => {
    const connection = libs.em.getConnection();
    const execute = connection.execute.bind(connection);
    let left = Infinity;
    // A process that is killed says nothing more, and its transaction is gone.
    connection.execute = (async (...given: Parameters<typeof execute>) => {
      if (--left < 0) throw new Error('killed');
      return execute(...given);
    }) as typeof connection.execute;
    let statements = 0;
    for (let whole = false; !whole; statements++) {
      const began = clock.now().getTime();
      const [old, late, young] = [await asked(), await asked(), await asked()];
      await sentBefore(old, 31);
      await sentBefore(late, 8);
      await sentBefore(young, 5);
      await newDay();
      left = statements;
      whole = await sweep.followTime(today()).then(
        () => left >= 0,
        () => false,
      );
      left = Infinity;
      await sweep.followTime(today());
      await newDay();
      await sweep.followTime(today());
      const outcome = [(await seen(old)).lines[0]!.status, names(await seen(late)), names(await seen(young))];
      expect({ statements, outcome }).toEqual({
        statements,
        outcome: ['expired', ['Fay Ruiz', 'Ned Ruiz'], ['Ned Ruiz']],
      });
      expect({ statements, told: await told(began) }).toEqual({
        statements,
        told: ['expired Robin', 'reminder Ned', 'rerouted Fay', 'rerouted Robin'],
      });
      expect((await seen(late)).history).toHaveLength(2);
      for (const one of [late, young]) await requests.withdraw(one.teacher.actor, one.id);
    }
    expect(statements).toBeGreaterThan(30);
  }, 240_000);

  it('R-14 a request that fails keeps none of the others from their turn, and has its own later', async () => {
    const all = [await asked(), await asked(), await asked()];
    clock.advance(days(7));
    const other = libs.em.fork();
    await other.begin();
    await other.execute(`select 1 from permission_request where id = ? for update`, [all[1]!.id]);
    await expect(sweep.followTime(today())).rejects.toThrow('1 requests failed and are tried again');
    await other.rollback();
    const heldBy = async (): Promise<number[]> => Promise.all(all.map(async (one) => names(await seen(one)).length));
    expect(await heldBy()).toEqual([2, 1, 2]);
    await sweep.followTime(today());
    expect(await heldBy()).toEqual([2, 2, 2]);
    expect(await told()).toEqual([
      // Of the one that failed Ned was reminded.
      'reminder Ned',
      ...['rerouted Fay', 'rerouted Fay', 'rerouted Fay'],
      ...['rerouted Robin', 'rerouted Robin', 'rerouted Robin'],
    ]);
  });

  it('whoever is asked too hears once of all that was passed on that day', async () => {
    for (let count = 0; count < 5; count++) await asked();
    clock.advance(days(7));
    await sweep.followTime(today());
    const mails = await libs.em.execute<{ facts: Record<string, string> }[]>(
      `select facts from message where kind = 'request.rerouted' and recipient_id = ?`,
      [fay!.accountId],
    );
    expect(mails).toMatchObject([{ facts: { gained: '5', lost: '0', path: '/review' } }]);
  });

  it('R-07 a decision and the end of its time meet: one of them counts, and the other says so', async () => {
    const counts: Record<string, number> = {};
    for (let round = 0; round < 25; round++) {
      const request = await asked();
      await sentBefore(request, 30);
      await newDay();
      const { version, lines } = await queries.view(ned!.actor, request.id);
      const decisions = [{ lineId: lines[0]!.id, verdict: 'approve' as const }];
      const [code] = await Promise.all([
        codeOf(requests.decide(ned!.actor, request.id, { version, decisions })),
        new Promise((resolve) => setTimeout(resolve, (round % 5) * 4)).then(() => sweep.followTime(today())),
      ]);
      const { status } = (await seen(request)).lines[0]!;
      const outcome = `${status} ${code}`;
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    expect(
      Object.keys(counts).filter((one) => !['approved done: 2', 'expired requests.changed'].includes(one)),
    ).toEqual([]);
  });
});
