import { systemActor, localDay, newId, startOfDay } from '#kernel';
import { codeOf } from '../../../test/support/libs.js';
import { aTeacher } from '../../../test/support/people.js';
import { approveAll, RequestOffice } from '../../../test/support/request-office.js';
import type { RequestView } from './index.js';
import { dayPlus } from './time-calendar.js';

const inDays = (count: number): string => dayPlus(localDay(new Date()), count);

describe('asking to keep access longer', () => {
  const office = RequestOffice.inSpec();
  const writer = { permissions: ['iep-form-writer'] };

  /** Access that ends in 30 days. */
  async function held(toDay: string | undefined = inDays(30)): Promise<string> {
    const view = await office.submitted({ ...writer, toDay });
    await office.decide(view, approveAll(view));
    return (await office.queries.view(office.teacher.actor, view.id)).lines[0]!.id;
  }
  const grantId = async (): Promise<string> => (await office.grants.of(office.teacher.accountId))[0]!.id;
  const endOf = async (): Promise<Date | undefined> => (await office.grants.of(office.teacher.accountId))[0]!.toAt;
  const extend = async (toDay: string, actor = office.teacher.actor): Promise<{ id: string }> =>
    office.requests.extend(actor, { grantId: await grantId(), toDay, why: 'The project goes on.', formKey: newId() });
  const extended = async (toDay: string): Promise<RequestView> =>
    office.queries.view(office.teacher.actor, (await extend(toDay)).id);

  it('CO-1 CO-2 it is a request like any other: whoever decides there decides it, and the grant goes on', async () => {
    await held();
    const id = await grantId();
    const view = await extended(inDays(60));
    expect(view.lines).toMatchObject([
      {
        toDay: inDays(60),
        extends: { grantId: id, toDay: inDays(30) },
        deciders: [{ name: 'Ana Ruiz' }],
        ends: [],
        lesser: [],
      },
    ]);
    expect(await codeOf(office.decide(view, approveAll(view), office.teacher.actor))).toBe('requests.own-request');
    await office.decide(view, approveAll(view));
    expect(await endOf()).toEqual(startOfDay(inDays(60)));
    expect(await office.grants.of(office.teacher.accountId)).toHaveLength(1);
    const [line] = await office.libs.em.execute<{ grant_id: string }[]>(
      `select grant_id from request_line where id = ?`,
      [view.lines[0]!.id],
    );
    expect(line!.grant_id).toBe(id);
    expect((await office.messagesTo(office.coordinator)).at(-1)!.facts.asked).toMatch(
      /^IEP Form Writer \(longer, through /,
    );
  });

  it('rejected, it ends when it was to end', async () => {
    await held();
    const view = await extended(inDays(60));
    await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'reject', reason: 'The project ends.' }]);
    expect(await endOf()).toEqual(startOfDay(inDays(30)));
  });

  it('R-06 the same form again gives the first answer, also after it was approved', async () => {
    await held();
    const form = { grantId: await grantId(), toDay: inDays(60), formKey: newId() };
    const first = await office.requests.extend(office.teacher.actor, form);
    const view = await office.queries.view(office.teacher.actor, first.id);
    await office.decide(view, approveAll(view));
    expect(await office.requests.extend(office.teacher.actor, form)).toEqual(first);
  });

  it('approved for a shorter time, which still is longer than it was', async () => {
    await held();
    const { wishes, formKey } = office.wish({ ...writer, toDay: inDays(90), extends: await grantId() });
    const { id } = await office.requests.submit(office.teacher.actor, { wishes, formKey, mayNarrow: true });
    const view = await office.queries.view(office.teacher.actor, id);
    const narrow = (toDay: string): Promise<void> =>
      office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'narrow', toDay }]);
    expect(await codeOf(narrow(inDays(30)))).toBe('requests.not-less');
    await narrow(inDays(45));
    expect(await endOf()).toEqual(startOfDay(inDays(45)));
  });

  it('CO-4 it ended meanwhile: it cannot be approved, and the words say so', async () => {
    await held();
    const view = await extended(inDays(60));
    await office.grants.endFor(systemActor, { grantIds: [await grantId()] }, 'revoked', 'No longer here.');
    await expect(office.decide(view, approveAll(view))).rejects.toMatchObject({
      code: 'requests.not-grantable',
      detail: expect.stringMatching(/not what it was: already ended/),
    });
    await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'reject', reason: 'It has ended.' }]);
    expect(await office.effective(office.teacher)).toEqual([]);
  });

  it('CO-4 it was prolonged meanwhile by somebody else: nothing is made shorter', async () => {
    await held();
    const view = await extended(inDays(60));
    await office.grants.extend(systemActor, await grantId(), startOfDay(inDays(80)), 'renewed');
    expect(await codeOf(office.decide(view, approveAll(view)))).toBe('requests.not-grantable');
    expect(await endOf()).toEqual(startOfDay(inDays(80)));
  });

  it("only one's own, in force, with an end, and for a later day", async () => {
    await held();
    const other = await aTeacher(office.libs.em);
    expect(await codeOf(extend(inDays(60), other.actor))).toBe('grants.not-found');
    expect(await codeOf(extend(inDays(60), office.coordinator.actor))).toBe('grants.not-found');
    for (const day of [inDays(30), inDays(10), '', 'soon'])
      await expect(extend(day)).rejects.toMatchObject({ code: 'requests.bad-period', errors: [{ field: 'toDay' }] });
    const bad = office.requests.extend(office.teacher.actor, { grantId: 'x', toDay: inDays(60), formKey: newId() });
    expect(await codeOf(bad)).toBe('grants.not-found');
    await office.grants.endFor(systemActor, { grantIds: [await grantId()] }, 'revoked', 'No.');
    expect(await codeOf(extend(inDays(60)))).toBe('grants.not-found');
  });

  it('what has no end, rests, or has not begun cannot be asked for longer', async () => {
    const view = await office.submitted(writer);
    await office.decide(view, approveAll(view));
    expect(await codeOf(extend(inDays(60)))).toBe('requests.not-extendable');
    const later = await office.submitted({
      permissions: ['iep-form-approver'],
      fromDay: inDays(5),
      toDay: inDays(30),
    });
    await office.decide(later, approveAll(later));
    expect(await codeOf(extend(inDays(60)))).toBe('requests.not-extendable');
  });

  it('a wish that names a grant of other things is refused', async () => {
    await held();
    const mixed = { ...writer, toDay: inDays(60), extends: await grantId() };
    const submit = (more: object): Promise<string> =>
      codeOf(office.requests.submit(office.teacher.actor, office.wish({ ...mixed, ...more })));
    expect(await submit({ permissions: ['iep-form-approver'] })).toBe('grants.not-found');
    expect(await submit({ location: { level: 'system', code: office.system } })).toBe('grants.not-found');
    expect(await submit({ permissions: ['iep-form-writer', 'iep-form-approver'] })).toBe('requests.incomplete');
    expect(await submit({ fromDay: inDays(40) })).toBe('requests.incomplete');
    expect(await submit({ toDay: undefined })).toBe('requests.bad-period');
    expect(await submit({})).toMatch(/^done/);
    expect(await submit({})).toBe('requests.already-open');
  });
});
