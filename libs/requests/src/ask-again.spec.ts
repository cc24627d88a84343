import { localDay, newId } from '#kernel';
import { codeOf } from '../../../test/support/libs.js';
import { approveAll, RequestOffice } from '../../../test/support/request-office.js';
import { RequestsAgain } from './index.js';
import { dayPlus } from './time-calendar.js';

const inDays = (count: number): string => dayPlus(localDay(new Date()), count);

describe('asking again', () => {
  const office = RequestOffice.inSpec();
  const formOf = (requestId: string, actor = office.teacher.actor) =>
    office.libs.app.get(RequestsAgain).formOf(actor, requestId);
  const view = (id: string) => office.queries.view(office.teacher.actor, id);

  it('what was rejected is prefilled, sent again, and both requests name each other', async () => {
    const first = await office.submitted({ why: 'I write the plans.', fromDay: inDays(3), toDay: inDays(30) });
    const [writer, approver] = first.lines;
    await office.decide(first, [
      { lineId: writer!.id, verdict: 'approve' },
      { lineId: approver!.id, verdict: 'reject', reason: 'Ask your supervisor to agree first.' },
    ]);
    expect((await view(first.id)).mayAskAgain).toBe(true);
    const form = await formOf(first.id);
    expect(form).toEqual({
      wishes: [
        {
          application: 'ser-iep-form',
          role: 'iep-form',
          permissions: ['iep-form-approver'],
          location: { level: 'site', code: office.school },
          fromDay: inDays(3),
          toDay: inDays(30),
        },
      ],
      why: 'I write the plans.',
    });
    const again = { ...form, formKey: newId(), replacesId: first.id };
    const made = await office.requests.submit(office.teacher.actor, again);
    expect(await office.requests.submit(office.teacher.actor, again)).toEqual(made);
    expect((await view(made.id)).replaces).toEqual({ id: first.id, reference: first.reference });
    expect((await view(first.id)).replacedBy).toEqual([made]);
    expect((await office.queries.view(office.coordinator.actor, made.id)).replaces?.reference).toBe(first.reference);
    expect((await office.queries.view(office.coordinator.actor, first.id)).mayAskAgain).toBe(false);
  });

  it('withdrawn and expired ones too; days that are past are left out', async () => {
    const first = await office.submitted({ fromDay: inDays(3), toDay: inDays(30) });
    await office.requests.withdraw(office.teacher.actor, first.id);
    await office.libs.em.execute(`update request_line set from_day = ?, to_day = ? where request_id = ?`, [
      inDays(-9),
      inDays(0),
      first.id,
    ]);
    const { wishes } = await formOf(first.id);
    expect(wishes).toMatchObject([{ permissions: ['iep-form-writer', 'iep-form-approver'] }]);
    expect(Object.keys(wishes[0]!).sort()).toEqual(['application', 'location', 'permissions', 'role']);
  });

  it('access that was to be kept longer and has ended since is asked for anew', async () => {
    const first = await office.submitted({ permissions: ['iep-form-writer'], toDay: inDays(30) });
    await office.decide(first, approveAll(first));
    const grantId = (await office.grants.of(office.teacher.accountId))[0]!.id;
    const longer = { grantId, toDay: inDays(60), formKey: newId() };
    const { id } = await office.requests.extend(office.teacher.actor, longer);
    await office.requests.withdraw(office.teacher.actor, id);
    expect((await formOf(id)).wishes).toMatchObject([{ extends: grantId, toDay: inDays(60) }]);
    await office.grants.endFor(office.teacher.actor, { grantIds: [grantId] }, 'given-up');
    const { wishes } = await formOf(id);
    expect(wishes[0]!.extends).toBeUndefined();
    await office.requests.submit(office.teacher.actor, { wishes, formKey: newId(), replacesId: id });
  });

  it('nothing open or approved, and nothing of others', async () => {
    const open = await office.submitted();
    const again = (replacesId: string, actor = office.teacher.actor): Promise<string> =>
      codeOf(office.requests.submit(actor, { ...office.wish({ permissions: ['iep-form-writer'] }), replacesId }));
    expect(await codeOf(formOf(open.id))).toBe('requests.not-again');
    expect(await again(open.id)).toBe('requests.not-again');
    await office.decide(open, approveAll(open));
    expect(await again(open.id)).toBe('requests.not-again');
    const other = await office.submitted({}, office.officer.actor);
    await office.requests.withdraw(office.officer.actor, other.id);
    expect(await codeOf(formOf(other.id))).toBe('requests.not-found');
    expect(await again(other.id)).toBe('requests.not-found');
    expect(await again('nonsense')).toBe('requests.not-found');
  });
});
