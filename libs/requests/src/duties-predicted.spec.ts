import { CatalogService, type DutyConflict } from '#catalog';
import { localDay } from '#kernel';
import { codeOf } from '../../../test/support/libs.js';
import { approveAll, RequestOffice, type Wanted } from '../../../test/support/request-office.js';
import { dayPlus } from './time-calendar.js';

const inDays = (count: number): string => dayPlus(localDay(new Date()), count);

describe('duties that should not meet, before they do', () => {
  const office = RequestOffice.inSpec();
  const writer = { permissions: ['iep-form-writer'] };
  const approver = { permissions: ['iep-form-approver'] };
  const submit = (more: Wanted): Promise<unknown> => office.requests.submit(office.teacher.actor, office.wish(more));
  const rule = (): DutyConflict =>
    office.libs.app.get(CatalogService, { strict: false }).application('ser-iep-form').conflicts[0]!;
  const forbidden = async (work: () => Promise<void>): Promise<void> => {
    rule().effect = 'forbid';
    await work().finally(() => (rule().effect = 'warn'));
  };

  it('are told before sending, on the page of the request, and to whoever decides', async () => {
    const view = await office.submitted(writer);
    await office.decide(view, approveAll(view));
    const [routed] = await office.requests.preview(office.teacher.actor, office.wish(approver).wishes);
    const warning = {
      effect: 'warn',
      because: 'Whoever writes an IEP form should not be the one who makes it official.',
      permission: { code: 'iep-form-approver', name: 'IEP Form Approver' },
      meets: { code: 'iep-form-writer', name: 'IEP Form Writer' },
      held: true,
      at: 'Cypress Bend High',
    };
    expect(routed!.warnings).toEqual([warning]);
    const asked = await office.submitted(approver);
    expect(asked.lines[0]!.warnings).toEqual([warning]);
    const review = await office.queries.view(office.coordinator.actor, asked.id);
    expect(review.lines[0]!.warnings).toEqual([warning]);
    await office.decide(review, approveAll(review));
    const after = await office.queries.view(office.coordinator.actor, asked.id);
    expect(after.lines[0]!.warnings).toEqual([]);
  });

  it('among what is asked for together, and with what is held for the whole system', async () => {
    const both = await office.requests.preview(office.teacher.actor, office.wish().wishes);
    expect(both[0]!.warnings).toMatchObject([{ permission: { code: 'iep-form-approver' }, held: false }]);
    const whole = await office.submitted({ ...writer, location: { level: 'system', code: office.system } });
    await office.decide(whole, approveAll(whole));
    const [routed] = await office.requests.preview(office.teacher.actor, office.wish(approver).wishes);
    expect(routed!.warnings).toMatchObject([{ held: true, at: 'Acadia Parish' }]);
  });

  it('not where one is over before the other begins', async () => {
    const view = await office.submitted({ ...writer, toDay: inDays(20) });
    await office.decide(view, approveAll(view));
    const later = office.wish({ ...approver, fromDay: inDays(20) }).wishes;
    expect((await office.requests.preview(office.teacher.actor, later))[0]!.warnings).toEqual([]);
    const before = office.wish({ ...approver, fromDay: inDays(19) }).wishes;
    expect((await office.requests.preview(office.teacher.actor, before))[0]!.warnings).toHaveLength(1);
  });

  it('what is forbidden is told before sending and refused when sent, in words', () =>
    forbidden(async () => {
      const [routed] = await office.requests.preview(office.teacher.actor, office.wish().wishes);
      expect(routed!.warnings).toMatchObject([{ effect: 'forbid' }]);
      await expect(submit({})).rejects.toMatchObject({
        code: 'grants.conflict',
        detail: expect.stringMatching(
          /^"IEP Form Approver" and "IEP Form Writer" must not be held together there\. Whoever writes/,
        ),
      });
    }));

  it('what became forbidden since it was sent is refused when it is approved', async () => {
    const view = await office.submitted();
    await forbidden(async () => {
      expect(await codeOf(office.decide(view, approveAll(view)))).toBe('grants.conflict');
      expect(await office.effective(office.teacher)).toEqual([]);
      await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'approve' }]);
    });
    expect(await office.effective(office.teacher)).toEqual(['iep-form-writer']);
  });

  it('what is forbidden is not kept longer either', async () => {
    const [always, ends] = [await office.submitted(writer), await office.submitted({ ...approver, toDay: inDays(20) })];
    await office.decide(always, approveAll(always));
    await office.decide(ends, approveAll(ends));
    const grantId = (await office.grants.of(office.teacher.accountId))[0]!.id;
    const longer = { grantId, toDay: inDays(50), formKey: 'longer' };
    await forbidden(async () => {
      expect(await codeOf(office.requests.extend(office.teacher.actor, longer))).toBe('grants.conflict');
    });
    const { id } = await office.requests.extend(office.teacher.actor, longer);
    const asked = await office.queries.view(office.coordinator.actor, id);
    await forbidden(async () => {
      expect(await codeOf(office.decide(asked, approveAll(asked)))).toBe('grants.conflict');
    });
  });
});
