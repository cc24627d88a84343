import { aDutyHolder, approvedBy } from '../../../test/support/duties.js';
import { codeOf } from '../../../test/support/libs.js';
import { aCoordinator, type TestPerson } from '../../../test/support/people.js';
import { RequestOffice } from '../../../test/support/request-office.js';
import { type Decision, RequestQuestions, type RequestView } from './index.js';

describe('what happened at a step since somebody looked', () => {
  const office = RequestOffice.inSpec();
  const writer = { application: 'ser', role: 'ser-data', permissions: ['ser-data-writer'] };
  let supervisor: TestPerson;
  let second: TestPerson;
  beforeAll(async () => {
    approvedBy(office.libs.app, 'ser', 'special-education-supervisor', 'coordinator');
    supervisor = await aDutyHolder(office.libs.em, { system: office.system });
    second = await aDutyHolder(office.libs.em, { system: office.system, firstName: 'Iris' });
  });
  const seen = (who: TestPerson, { id }: { id: string }): Promise<RequestView> => office.queries.view(who.actor, id);
  const decide = (who: TestPerson, view: RequestView, decision: Partial<Decision> = {}): Promise<void> =>
    office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'approve', ...decision }], who.actor);

  it('CO-4 less that another offered at the second step is told to whoever approves all of it from an older page', async () => {
    const other = await aCoordinator(office.libs.em, { reach: 'site', system: office.system, sites: [office.school] });
    const request = await office.submitted(writer);
    await decide(supervisor, await seen(supervisor, request));
    const older = await seen(other, request);
    const less = { verdict: 'narrow' as const, permission: 'ser-data-reader' };
    await decide(office.coordinator, await seen(office.coordinator, request), less);
    await expect(decide(other, older)).rejects.toThrow(/Ana Ruiz offered less/);
    expect(await office.effective(office.teacher)).toEqual([]);
    await decide(other, await seen(other, request));
    expect(await office.effective(office.teacher)).toEqual(['ser-data-writer']);
  });

  it('CO-4 whoever had the step before asks nothing of the next one', async () => {
    const questions = office.libs.app.get(RequestQuestions);
    const request = await office.submitted(writer);
    const view = await seen(supervisor, request);
    // Both wait for the request, the decision first.
    const holder = office.libs.em.fork();
    await holder.begin();
    await holder.execute(`select 1 from permission_request where id = ? for update`, [request.id]);
    const approved = codeOf(decide(supervisor, view));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const asked = codeOf(questions.ask(second.actor, request.id, { question: 'Which classes are these?' }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await holder.commit();
    expect([await approved, await asked]).toEqual(['done: undefined', 'requests.changed']);
    expect((await seen(office.teacher, request)).questions).toEqual([]);
  });
});
