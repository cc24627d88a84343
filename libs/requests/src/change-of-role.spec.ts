import { localDay } from '#kernel';
import { codeOf } from '../../../test/support/libs.js';
import { approveAll, RequestOffice } from '../../../test/support/request-office.js';
import type { Decision, RequestView } from './index.js';
import { dayPlus } from './time-calendar.js';

describe('changing the role at a place', () => {
  const office = RequestOffice.inSpec();
  const learning = { application: 'canopy', role: 'canopy-learning', permissions: ['learner', 'instructor'] };
  const administration = { application: 'canopy', role: 'canopy-administration', permissions: ['admin'] };

  async function holding(): Promise<void> {
    const view = await office.submitted(learning);
    await office.decide(view, approveAll(view));
  }
  /** As a coordinator who saw what ends. */
  const seen = (view: RequestView): Decision[] =>
    view.lines.map((line) => ({
      lineId: line.id,
      verdict: 'approve',
      ends: line.ends.map(({ grantId }) => grantId),
    }));
  const seenBy = (view: RequestView): Promise<RequestView> => office.queries.view(office.coordinator.actor, view.id);

  it('CO-5 it is told before sending, on both pages, and done as one deed', async () => {
    await holding();
    const [routed] = await office.requests.preview(office.teacher.actor, office.wish(administration).wishes);
    const told = [
      { role: { code: 'canopy-learning', name: 'Learning' }, permission: { code: 'learner', name: 'Learner' } },
      { role: { code: 'canopy-learning', name: 'Learning' }, permission: { code: 'instructor', name: 'Instructor' } },
    ];
    expect(routed!.ends).toMatchObject(told);
    const view = await office.submitted(administration);
    expect(view.lines[0]!.ends).toMatchObject(told);
    const review = await seenBy(view);
    expect(review.lines[0]!.ends).toEqual(view.lines[0]!.ends);

    await office.decide(review, seen(review));
    expect(await office.effective(office.teacher)).toEqual(['admin']);
    const ended = (await office.grants.of(office.teacher.accountId)).filter(({ endedAt }) => endedAt);
    expect(ended.map(({ cause }) => cause)).toEqual(['duty-changed', 'duty-changed']);
    expect((await office.messagesTo(office.teacher)).at(-1)!.facts.outcome000).toBe(
      'Admin: approved. What ended for it: Learning.',
    );
    const after = await office.queries.view(office.teacher.actor, view.id);
    expect(after.lines[0]!.ends).toEqual([]);
  });

  it('CO-4 CO-5 nothing ends that the decider did not see', async () => {
    await holding();
    const view = await office.submitted(administration);
    const blind = office.decide(view, approveAll(view));
    await expect(blind).rejects.toMatchObject({
      code: 'requests.changed',
      detail: expect.stringMatching(/ends the role "Learning"/),
    });
    const one = [{ ...seen(view)[0]!, ends: [view.lines[0]!.ends[0]!.grantId] }];
    expect(await codeOf(office.decide(view, one))).toBe('requests.changed');
    expect((await office.effective(office.teacher)).sort()).toEqual(['instructor', 'learner']);
    await office.decide(view, seen(view));
    expect(await office.effective(office.teacher)).toEqual(['admin']);
  });

  it('CO-5 what was given since the page was opened counts as not seen', async () => {
    const both = await office.submitted(learning);
    const view = await office.submitted(administration);
    const review = await seenBy(view);
    expect(review.lines[0]!.ends).toEqual([]);
    await office.decide(both, approveAll(both));
    expect(await codeOf(office.decide(review, seen(review)))).toBe('requests.changed');
    const again = await seenBy(view);
    await office.decide(again, seen(again));
    expect(await office.effective(office.teacher)).toEqual(['admin']);
  });

  it('rejected, all stays', async () => {
    await holding();
    const view = await office.submitted(administration);
    await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'reject', reason: 'Not yet.' }]);
    expect((await office.effective(office.teacher)).sort()).toEqual(['instructor', 'learner']);
  });

  it('what ended by itself since is not missed', async () => {
    await holding();
    const view = await office.submitted(administration);
    await office.grants.endFor(office.teacher.actor, { staffMemberId: office.teacher.staffMemberId }, 'given-up');
    await office.decide(view, seen(view));
    expect(await office.effective(office.teacher)).toEqual(['admin']);
  });

  it('CO-5 several permissions of the new role: the first ends the old, the others find nothing to end', async () => {
    const admin = await office.submitted(administration);
    await office.decide(admin, approveAll(admin));
    const view = await office.submitted(learning);
    await office.decide(view, seen(view));
    expect((await office.effective(office.teacher)).sort()).toEqual(['instructor', 'learner']);
  });

  it('begins with the approval, so no later first day', async () => {
    await holding();
    const today = localDay(new Date());
    const later = { ...administration, fromDay: dayPlus(today, 20) };
    const submitting = office.requests.submit(office.teacher.actor, office.wish(later));
    await expect(submitting).rejects.toMatchObject({ code: 'requests.bad-period', errors: [{ field: 'fromDay' }] });
    await office.grants.endFor(office.teacher.actor, { staffMemberId: office.teacher.staffMemberId }, 'given-up');
    const view = await office.submitted(later);
    await holding();
    const review = await seenBy(view);
    expect(await codeOf(office.decide(review, seen(review)))).toBe('requests.not-grantable');
    expect((await office.effective(office.teacher)).sort()).toEqual(['instructor', 'learner']);
  });

  it('CO-5 two roles in one request at one place stay refused', async () => {
    const { wishes, formKey } = office.wish(learning);
    const two = [...wishes, ...office.wish(administration).wishes];
    expect(await codeOf(office.requests.submit(office.teacher.actor, { wishes: two, formKey }))).toBe(
      'requests.two-roles',
    );
  });
});
