import { days, localDay, newId } from '#kernel';
import { type Message, MessageKinds } from '#notifications';
import { MovableClock } from '../../../test/support/clock.js';
import { brokenInvariants } from '../../../test/support/invariants.js';
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
import {
  AnswersWanted,
  LineOffers,
  RequestQueries,
  RequestQuestions,
  RequestsModule,
  RequestsService,
  type RequestView,
  TimeSweep,
} from './index.js';

describe('the clock of a request about which the requester was asked', () => {
  let libs: TestLibs;
  let clock: MovableClock;
  let sweep: TimeSweep;
  let questions: RequestQuestions;
  let queries: RequestQueries;
  let ned: TestCoordinator;
  let teacher: TestPerson;
  let id: string;

  beforeEach(async () => {
    clock = new MovableClock();
    // A Thursday; the following Thursday is the fifth working day.
    clock.advance(Date.parse('2027-08-12T15:00:00Z') - Date.now());
    libs = await startLibs([RequestsModule], { clock });
    sweep = libs.app.get(TimeSweep);
    questions = libs.app.get(RequestQuestions);
    queries = libs.app.get(RequestQueries);
    const system = await aSystem(libs.em, { name: 'Acadia Parish' });
    const school = await aSite(libs.em, system, { name: 'Cypress Bend High' });
    ned = await aCoordinator(libs.em, { reach: 'site', system, sites: [school], firstName: 'Ned', lastName: 'Ruiz' });
    await aCoordinator(libs.em, { reach: 'system', system, firstName: 'Fay', lastName: 'Ruiz' });
    await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Stone' });
    teacher = await aTeacher(libs.em, { firstName: 'Lee' });
    const wish = { application: 'ser-iep-form', role: 'iep-form', permissions: ['iep-form-writer'] };
    ({ id } = await libs.app.get(RequestsService).submit(teacher.actor, {
      wishes: [{ ...wish, location: { level: 'site', code: school } }],
      formKey: newId(),
    }));
  });
  afterEach(async () => {
    expect(await brokenInvariants(libs.em)).toEqual([]);
    await libs.close();
  });

  const today = (): string => localDay(clock.now());
  const seen = (): Promise<RequestView> => queries.view(teacher.actor, id);
  const ask = (): Promise<string> => questions.ask(ned.actor, id, { question: 'Which grades?' });
  /** Follows every day; @returns who was told of what time did, each with the day */
  const follow = async (count: number): Promise<string[]> => {
    const log: string[] = [];
    for (let day = 0; day < count; day++) {
      clock.advance(days(1));
      const since = clock.now();
      await Promise.all([sweep.followTime(today()), sweep.followTime(today())]);
      const rows = await libs.em.execute<{ kind: string; name: string }[]>(
        `select m.kind, a.first_name as name from message m join account a on a.id = m.recipient_id
         where m.kind in ('request.reminder', 'request.rerouted', 'request.expired', 'request.answer-missing') and m.queued_at >= ?
         order by 1, 2`,
        [since],
      );
      log.push(...rows.map(({ kind, name }) => `${today().slice(5)} ${kind.slice(8)} ${name}`));
    }
    return log;
  };

  it('stands still for those who decide; the requester is reminded, and told a week before it is closed', async () => {
    clock.advance(days(1));
    await ask();
    expect((await seen()).lines[0]!.time).toMatchObject({ asked: true, overdue: false, expiryDay: '2027-09-12' });
    expect(await follow(30)).toEqual([
      '08-17 answer-missing Lee',
      '08-19 answer-missing Lee',
      '09-05 answer-missing Lee',
      '09-12 expired Lee',
    ]);
    const view = await seen();
    expect(view).toMatchObject({
      lines: [{ status: 'expired', asked: false }],
      questions: [{ open: false }],
      reminders: [{ requester: true }, { requester: true }, { requester: true }],
    });
    const [row] = await libs.em.execute<Message[]>(
      `select id, kind, facts from message where kind = 'request.answer-missing' order by queued_at desc limit 1`,
    );
    const kind = libs.app.get(MessageKinds).named('request.answer-missing');
    expect(await kind.word(row!, { em: libs.em, forMail: true })).toMatchObject({
      subject: 'Your request for access waits for your answer',
      paragraphs: [
        expect.stringContaining(view.reference),
        expect.stringContaining('Without an answer it is closed on Sunday, September 12'),
      ],
      action: { address: `${libs.settings.PORTAL_ORIGIN}/requests/${id}` },
    });
  });

  it('stands still while an offer of less waits for its answer, and runs anew when it is declined', async () => {
    const requests = libs.app.get(RequestsService);
    const { version, lines } = await queries.view(ned.actor, id);
    const decision = { lineId: lines[0]!.id, verdict: 'narrow' as const, toDay: '2027-12-01' };
    await requests.decide(ned.actor, id, { version, decisions: [decision] });
    expect((await seen()).lines[0]).toMatchObject({ asked: true, time: { asked: true, expiryDay: '2027-09-11' } });
    expect(await libs.app.get(AnswersWanted).of(teacher.accountId)).toMatchObject([{ id }]);
    expect(await follow(20)).toEqual(['08-16 answer-missing Lee', '08-18 answer-missing Lee']);
    const offerId = (await seen()).lines[0]!.offer!.id;
    await libs.app.get(LineOffers).answer(teacher.actor, id, { offerId, accept: false });
    expect((await seen()).lines[0]).toMatchObject({
      asked: false,
      time: { asked: false, dueDay: '2027-09-09', expiryDay: '2027-10-01' },
    });
    expect(await follow(3)).toEqual(['09-03 reminder Ned']);
    expect(await libs.app.get(AnswersWanted).of(teacher.accountId)).toEqual([]);
  });

  it('runs anew from the answer: reminders, the next in line and the end all count from there', async () => {
    expect(await follow(4)).toEqual(['08-16 reminder Ned']);
    const questionId = await ask();
    expect(await follow(21)).toEqual(['08-18 answer-missing Lee', '08-20 answer-missing Lee']);
    await questions.answer(teacher.actor, id, { questionId, answer: 'Grades 3 to 5.' });
    expect((await seen()).lines[0]!.time).toMatchObject({
      asked: false,
      overdue: false,
      dueDay: '2027-09-13',
      expiryDay: '2027-10-06',
    });
    expect(await follow(30)).toEqual([
      '09-08 reminder Ned',
      '09-10 reminder Ned',
      ...['09-13 rerouted Fay', '09-13 rerouted Lee'],
      ...['09-15', '09-17'].flatMap((day) => ['Fay', 'Ned'].map((name) => `${day} reminder ${name}`)),
      ...['09-20 rerouted Lee', '09-20 rerouted Odile'],
      ...['09-22', '09-24'].flatMap((day) => ['Fay', 'Ned', 'Odile'].map((name) => `${day} reminder ${name}`)),
      '10-06 expired Lee',
    ]);
  });

  it('asked again after it was passed on, it stays passed on and stands still again', async () => {
    await follow(7);
    const questionId = await ask();
    expect(await follow(6)).toEqual(['08-23 answer-missing Lee', '08-25 answer-missing Lee']);
    await questions.answer(teacher.actor, id, { questionId, answer: 'Grades 3 to 5.' });
    await ask();
    expect((await follow(9)).filter((one) => !one.includes('answer-missing'))).toEqual([]);
    expect((await seen()).lines[0]!.deciders.map(({ name, passed }) => [name, passed])).toEqual([
      ['Fay Ruiz', undefined],
      ['Ned Ruiz', true],
    ]);
  });
});
