import { RequestQuestions } from '#requests';
import { startPortal, type TestPortal } from './portal.js';
import { ask, lineIdsOf, type Story, tellStory } from './story.js';

describe('a question between asking and deciding', () => {
  let portal: TestPortal;
  let story: Story;
  beforeAll(async () => {
    portal = await startPortal();
  });
  beforeEach(async () => {
    story = await tellStory(portal);
  });
  afterAll(() => portal?.stop());

  it('is asked on the review page, answered on the page of the request, and read before deciding', async () => {
    const { id } = await ask(portal, story.teacher, story.school);
    const coordinator = await portal.signedIn(story.coordinator);
    const review = await coordinator.open(`/review/${id}`);
    expect(review.text).toMatch(/Something to ask the person first\?.*its time stands still/);
    await coordinator.send({ question: 'Which grades do you teach?' }, `/review/${id}/ask`);
    expect(coordinator.page!.text).toMatch(
      /Your question is sent.*Questions and answers Marguerite Delahoussaye asked, .*Which grades do you teach\? No answer yet\. You can decide without it\./,
    );
    expect(coordinator.page!.text).toMatch(/waiting for an answer of the person who asked/);
    expect(coordinator.page!.html).not.toContain(`action="/review/${id}/ask"`);
    expect((await coordinator.open('/review')).text).toMatch(/waits for an answer/i);

    const teacher = await portal.signedIn(story.teacher);
    expect((await teacher.open('/')).text).toMatch(/Your answer is wanted .*Answer in R-.*Waits for an answer/);
    expect(teacher.page!.text).not.toContain('there is nothing for you to do');
    const page = await teacher.open(`/requests/${id}`);
    expect(page.text).toMatch(/Marguerite Delahoussaye asks you Which grades do you teach\? Your answer/);
    expect(page.text).toContain('Without an answer, what it is about is closed on');
    await teacher.send({ answer: 'Grades 3 to 5.\nReading only.' }, `/requests/${id}/answer`);
    expect(teacher.page!.text).toMatch(
      /Your answer is sent.*What happened so far .*Marguerite Delahoussaye asked: Which grades do you teach\?.*You answered: Grades 3 to 5\./,
    );
    expect(teacher.page!.html).not.toContain(`action="/requests/${id}/answer"`);
    expect((await coordinator.open('/notifications')).text).toContain(
      'A question about a request for access was answered',
    );
    const again = await coordinator.open(`/review/${id}`);
    expect(again.text).toMatch(/Odessa Thibeaux answered, .*Grades 3 to 5\./);
    expect(again.html).toContain(`action="/review/${id}/ask"`);
  });

  it('is about some lines only, where that is ticked', async () => {
    const { id } = await ask(portal, story.teacher, story.school);
    const { 'iep-form-writer': writer } = await lineIdsOf(portal, id);
    const coordinator = await portal.signedIn(story.coordinator);
    await coordinator.open(`/review/${id}`);
    const sent = await coordinator.post(`/review/${id}/ask`, { question: 'For whom?', line: writer! });
    expect(sent.location).toContain(`/review/${id}?done=asked`);
    const teacher = await portal.signedIn(story.teacher);
    expect((await teacher.open(`/requests/${id}`)).text).toMatch(
      /asks you About IEP Form Writer For whom\?.*IEP Form Writer Waits for an answer.*IEP Form Approver Waiting for a decision/,
    );
  });

  it('what is missing or too late comes back beside its field, with what was typed', async () => {
    const { id } = await ask(portal, story.teacher, story.school);
    const [coordinator, teacher] = [await portal.signedIn(story.coordinator), await portal.signedIn(story.teacher)];
    const empty = await coordinator.post(`/review/${id}/ask`, { question: '' });
    expect(empty.status).toBe(422);
    expect(empty.html).toContain('id="question-fault"');
    expect((await coordinator.post(`/review/${id}/ask`, { question: 'x', line: 'y' })).status).toBe(400);

    const questionId = await portal.app
      .get(RequestQuestions, { strict: false })
      .ask(story.coordinator.actor, id, { question: 'Which grades?' });
    const twice = await coordinator.post(`/review/${id}/ask`, { question: 'And which class?' });
    expect([twice.status, twice.text.includes('Asked already')]).toEqual([409, true]);
    const blank = await teacher.post(`/requests/${id}/answer`, { questionId, answer: ' ' });
    expect(blank.status).toBe(422);
    expect(blank.html).toContain('id="answer-fault"');
    expect((await teacher.post(`/requests/${id}/answer`, { questionId: 'x', answer: 'y' })).status).toBe(400);
    await teacher.post(`/requests/${id}/withdraw`);
    const late = await teacher.post(`/requests/${id}/answer`, { questionId, answer: 'Grades 3 to 5.' });
    expect([late.status, late.text.includes('Your answer is no longer needed')]).toEqual([409, true]);
  });

  it('AC-2 is nobody else’s: strangers find no such request', async () => {
    const { id } = await ask(portal, story.teacher, story.school);
    const questionId = await portal.app
      .get(RequestQuestions, { strict: false })
      .ask(story.coordinator.actor, id, { question: 'Which grades?' });
    const stranger = await portal.signedIn(story.stranger);
    expect((await stranger.post(`/requests/${id}/answer`, { questionId, answer: 'x' })).status).toBe(404);
    expect((await stranger.post(`/review/${id}/ask`, { question: 'x' })).status).toBe(403);
  });
});
