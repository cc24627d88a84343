import { codeOf } from '../../../test/support/libs.js';
import { aCoordinator, aTeacher } from '../../../test/support/people.js';
import { approveAll, RequestOffice } from '../../../test/support/request-office.js';
import { done, pause } from '../../../test/support/request-races.js';
import { RequestQuestions, type RequestView } from './index.js';

describe('asking the requester back', () => {
  const office = RequestOffice.inSpec();
  let questions: RequestQuestions;
  beforeAll(() => void (questions = office.libs.app.get(RequestQuestions)));

  const ask = (view: RequestView, lineIds?: string[], actor = office.coordinator.actor): Promise<string> =>
    questions.ask(actor, view.id, { lineIds, question: 'Which grades do you teach?' });
  const seen = (view: RequestView, actor = office.teacher.actor): Promise<RequestView> =>
    office.queries.view(actor, view.id);

  it('the question stands on the request, for the requester and whoever decides; the lines stay open', async () => {
    const view = await office.submitted();
    expect((await seen(view, office.coordinator.actor)).mayAsk).toBe(true);
    const id = await ask(view);
    for (const actor of [office.teacher.actor, office.coordinator.actor])
      expect(await seen(view, actor)).toMatchObject({
        version: view.version,
        mayAsk: false,
        lines: [
          { status: 'pending', asked: true },
          { status: 'pending', asked: true },
        ],
        questions: [{ id, by: 'Ana Ruiz', question: 'Which grades do you teach?', open: true }],
      });
    expect((await office.lists.mine(office.teacher.accountId))[0]!.lines.map(({ asked }) => asked)).toEqual([
      true,
      true,
    ]);
    expect(await office.messagesTo(office.teacher)).toMatchObject([
      { kind: 'request.question', facts: { author: 'Ana Ruiz', reference: view.reference } },
    ]);
    expect(await office.auditOf(`request:${view.id}`)).toMatchObject([
      { action: 'request.submit' },
      { action: 'request.ask-back' },
    ]);
  });

  it('the answer goes back to those who decide, and the next question may follow', async () => {
    const view = await office.submitted();
    const questionId = await ask(view);
    await questions.answer(office.teacher.actor, view.id, { questionId, answer: 'Grades 3 to 5.' });
    expect(await seen(view, office.coordinator.actor)).toMatchObject({
      mayAsk: true,
      lines: [{ asked: false }, { asked: false }],
      questions: [{ open: false, answer: 'Grades 3 to 5.', answeredAt: expect.any(Date) }],
    });
    const told = (await office.messagesTo(office.coordinator)).filter(({ kind }) => kind === 'request.answer');
    expect(told).toMatchObject([{ facts: { reference: view.reference, requester: 'Lee Carter' } }]);
    expect(await codeOf(questions.answer(office.teacher.actor, view.id, { questionId, answer: 'Again' }))).toBe(
      'requests.answered',
    );
    await ask(view);
    expect((await seen(view)).questions.map(({ open }) => open)).toEqual([false, true]);
  });

  it('CO-4 who has the request open to decide hears of the answer first', async () => {
    const view = await office.submitted();
    const [first, second] = view.lines.map(({ id }) => id) as [string, string];
    const questionId = await ask(view, [first]);
    await questions.answer(office.teacher.actor, view.id, { questionId, answer: 'Grades 3 to 5.' });
    await expect(
      office.decide(view, [{ lineId: first, verdict: 'reject', reason: 'No answer' }]),
    ).rejects.toMatchObject({
      code: 'requests.changed',
      detail: expect.stringContaining('the person who asked answered a question'),
    });
    await office.decide(await seen(view, office.coordinator.actor), [{ lineId: second, verdict: 'approve' }]);
    expect((await seen(view)).lines.map(({ status }) => status)).toEqual(['pending', 'approved']);
  });

  it('there is one open question about a line, and others may be asked about the rest', async () => {
    const view = await office.submitted();
    const [first, second] = view.lines.map(({ id }) => id) as [string, string];
    await ask(view, [first]);
    expect(await codeOf(ask(view, [first]))).toBe('requests.already-asked');
    expect(await codeOf(ask(view, [first, second]))).toBe('requests.already-asked');
    await ask(view);
    expect((await seen(view)).questions.map(({ lineIds }) => lineIds)).toEqual([[first], [second]]);
    expect(await codeOf(ask(view))).toBe('requests.already-asked');
  });

  it('whatever settles a line ends its question', async () => {
    const decided = await office.submitted();
    const questionId = await ask(decided);
    await office.decide(decided, approveAll(decided));
    expect(await codeOf(questions.answer(office.teacher.actor, decided.id, { questionId, answer: 'Late' }))).toBe(
      'requests.nothing-open',
    );
    expect(await seen(decided)).toMatchObject({
      lines: [{ asked: false }, { asked: false }],
      questions: [{ open: false }],
    });
    expect(await codeOf(ask(decided))).toBe('requests.nothing-open');

    const other = await aTeacher(office.libs.em, { site: office.school });
    const withdrawn = await office.submitted({}, other.actor);
    await ask(withdrawn, [withdrawn.lines[0]!.id]);
    await office.requests.withdraw(other.actor, withdrawn.id);
    expect((await seen(withdrawn, other.actor)).questions).toMatchObject([{ open: false }]);
  });

  it('CO-1 CO-2 only who may decide asks, and only who asked for it answers', async () => {
    const view = await office.submitted();
    const stranger = await aTeacher(office.libs.em);
    const [elsewhere] = await Promise.all([
      aCoordinator(office.libs.em, { reach: 'site', system: office.system, sites: [] }),
    ]);
    expect(await codeOf(ask(view, undefined, office.teacher.actor))).toBe('requests.own-request');
    expect(await codeOf(ask(view, undefined, stranger.actor))).toBe('requests.not-found');
    expect(await codeOf(ask(view, undefined, elsewhere.actor))).toBe('requests.not-found');
    expect(await codeOf(ask(view, [view.id]))).toBe('requests.not-found');
    const other = await office.submitted({}, (await aTeacher(office.libs.em)).actor);
    expect(await codeOf(ask(view, [other.lines[0]!.id]))).toBe('requests.not-found');
    const questionId = await ask(view);
    for (const actor of [office.coordinator.actor, stranger.actor])
      expect(await codeOf(questions.answer(actor, view.id, { questionId, answer: 'x' }))).toBe('requests.not-found');
    expect(await codeOf(questions.answer(office.teacher.actor, view.id, { questionId: view.id, answer: 'x' }))).toBe(
      'requests.not-found',
    );
  });

  it('CO-7 an empty, an endless or an unreadable text is refused at its field', async () => {
    const view = await office.submitted();
    for (const question of [' ', 'x'.repeat(2001), 'a\u202eb'])
      await expect(questions.ask(office.coordinator.actor, view.id, { question })).rejects.toMatchObject({
        code: 'requests.bad-text',
        errors: [{ field: 'question' }],
      });
    const questionId = await ask(view);
    await expect(questions.answer(office.teacher.actor, view.id, { questionId, answer: '' })).rejects.toMatchObject({
      code: 'requests.bad-text',
      errors: [{ field: 'answer' }],
    });
  });

  it('R-07 two ask at once: one question is open', async () => {
    for (let round = 0; round < 25; round++) {
      const teacher = await aTeacher(office.libs.em);
      const view = await office.submitted({}, teacher.actor);
      const outcomes = await Promise.all(
        [office.coordinator, office.officer, office.coordinator].map(({ actor }) =>
          codeOf(ask(view, undefined, actor)),
        ),
      );
      expect(outcomes.filter((one) => one.startsWith('done'))).toHaveLength(1);
      expect(outcomes.filter((one) => one === 'requests.already-asked')).toHaveLength(2);
    }
  });

  it('R-07 an answer and a decision meet: one of them counts, and the other says so', async () => {
    for (let round = 0; round < 25; round++) {
      const teacher = await aTeacher(office.libs.em);
      const view = await office.submitted({}, teacher.actor);
      const questionId = await ask(view);
      const [answered, decided] = await Promise.all([
        pause(8).then(() => codeOf(questions.answer(teacher.actor, view.id, { questionId, answer: 'Yes' }))),
        pause(8).then(() => codeOf(office.decide(view, approveAll(view)))),
      ]);
      expect([done, 'requests.nothing-open']).toContain(answered);
      // An answer that came first is read first.
      expect(decided).toBe(answered === done ? 'requests.changed' : done);
      const [question] = (await seen(view, teacher.actor)).questions;
      expect([question!.open, question!.answer]).toEqual([false, answered === done ? 'Yes' : undefined]);
    }
  });
});
