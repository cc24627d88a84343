import { localDay, startOfDay } from '#kernel';
import { codeOf } from '../../../test/support/libs.js';
import { approveAll, RequestOffice, type Wanted } from '../../../test/support/request-office.js';
import { dayPlus } from './time-calendar.js';

const today = localDay(new Date());
const inDays = (count: number): string => dayPlus(today, count);

describe('asking for a time', () => {
  const office = RequestOffice.inSpec();
  const submit = (more: Wanted): Promise<unknown> => office.requests.submit(office.teacher.actor, office.wish(more));
  const writer = { permissions: ['iep-form-writer'] };

  const periodOf = async (): Promise<{ fromAt: Date; toAt?: Date }[]> =>
    (await office.grants.of(office.teacher.accountId)).map(({ fromAt, toAt }) => ({ fromAt, toAt }));

  it('an end is kept on the line and becomes the end of the access', async () => {
    const view = await office.submitted({ ...writer, toDay: inDays(30) });
    expect(view.lines).toMatchObject([{ toDay: inDays(30), ends: [], warnings: [] }]);
    await office.decide(view, approveAll(view));
    expect(await periodOf()).toMatchObject([{ toAt: startOfDay(inDays(30)) }]);
    expect(await office.effective(office.teacher)).toEqual(['iep-form-writer']);
    expect((await office.messagesTo(office.teacher)).at(-1)!.facts.outcome000).toMatch(
      /^IEP Form Writer: approved, through /,
    );
  });

  it('a first day to come begins then and not before', async () => {
    const view = await office.submitted({ ...writer, fromDay: inDays(10), toDay: inDays(30) });
    await office.decide(view, approveAll(view));
    expect(await periodOf()).toEqual([{ fromAt: startOfDay(inDays(10)), toAt: startOfDay(inDays(30)) }]);
    expect(await office.effective(office.teacher)).toEqual([]);
    const { facts } = (await office.messagesTo(office.teacher)).at(-1)!;
    expect(facts).toMatchObject({ later: 'true', outcome000: expect.stringMatching(/approved, from .* through /) });
  });

  it('a first day that has come by the approval begins with the approval', async () => {
    const view = await office.submitted({ ...writer, fromDay: inDays(1) });
    await office.libs.em.execute(`update request_line set from_day = ? where id = ?`, [inDays(-2), view.lines[0]!.id]);
    const before = new Date();
    await office.decide(view, approveAll(view));
    expect((await periodOf())[0]!.fromAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
  });

  it('CO-4 what is over when it is decided cannot be approved; it can be rejected', async () => {
    const view = await office.submitted({ ...writer, toDay: inDays(1) });
    await office.libs.em.execute(`update request_line set to_day = ? where id = ?`, [today, view.lines[0]!.id]);
    const approval = office.decide(view, approveAll(view));
    await expect(approval).rejects.toMatchObject({
      code: 'requests.not-grantable',
      detail: expect.stringMatching(/^The time it was asked for is over/),
    });
    await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'reject', reason: 'Over.' }]);
    expect(await office.effective(office.teacher)).toEqual([]);
  });

  it.each([
    ['fromDay', { fromDay: '2026-02-30' }],
    ['fromDay', { fromDay: inDays(-1) }],
    ['fromDay', { fromDay: inDays(367) }],
    ['toDay', { toDay: 'June' }],
    ['toDay', { toDay: today }],
    ['toDay', { fromDay: inDays(5), toDay: inDays(5) }],
    ['toDay', { toDay: inDays(4000) }],
  ])('refuses with the field %s: %p', async (field, period) => {
    await expect(submit({ ...writer, ...period })).rejects.toMatchObject({
      code: 'requests.bad-period',
      status: 422,
      errors: [{ field, message: expect.any(String) }],
    });
  });

  it('what is held for a while can be asked for again after that while, and not within it', async () => {
    const view = await office.submitted({ ...writer, toDay: inDays(30) });
    await office.decide(view, approveAll(view));
    const within = submit({ ...writer, fromDay: inDays(29), toDay: inDays(60) });
    await expect(within).rejects.toMatchObject({
      code: 'grants.already-held',
      detail: expect.stringMatching(/through .*To keep it longer/),
    });
    const after = await office.submitted({ ...writer, fromDay: inDays(30), toDay: inDays(60) });
    await office.decide(after, approveAll(after));
    expect(await periodOf()).toHaveLength(2);
    expect(await office.effective(office.teacher)).toEqual(['iep-form-writer']);
  });

  it('one permission at one place is asked for one time in one request', async () => {
    const { wishes, formKey } = office.wish(writer);
    const twice = [
      { ...wishes[0]!, toDay: inDays(5) },
      { ...wishes[0]!, fromDay: inDays(9), toDay: inDays(12) },
    ];
    expect(await codeOf(office.requests.submit(office.teacher.actor, { wishes: twice, formKey }))).toBe(
      'requests.incomplete',
    );
    const split = [twice[0]!, { ...twice[1]!, permissions: ['iep-form-approver'] }];
    const { id } = await office.requests.submit(office.teacher.actor, { wishes: split, formKey });
    const view = await office.queries.view(office.coordinator.actor, id);
    expect(view.lines.map(({ toDay }) => toDay)).toEqual([inDays(5), inDays(12)]);
  });

  it('R-06 the same form with another end is another form', async () => {
    const formKey = 'one-form';
    await submit({ ...writer, formKey, toDay: inDays(30) });
    expect(await codeOf(submit({ ...writer, formKey, toDay: inDays(31) }))).toBe('requests.other-form');
    expect(await codeOf(submit({ ...writer, formKey, toDay: inDays(30) }))).toMatch(/^done/);
  });

  it('a day begins in Louisiana, in summer and in winter', () => {
    expect(startOfDay('2026-07-01').toISOString()).toBe('2026-07-01T05:00:00.000Z');
    expect(startOfDay('2026-12-01').toISOString()).toBe('2026-12-01T06:00:00.000Z');
    for (const day of ['2026-03-08', '2026-03-09', '2026-11-01', '2026-11-02']) {
      expect(localDay(startOfDay(day))).toBe(day);
      expect(localDay(new Date(startOfDay(day).getTime() - 1))).toBe(dayPlus(day, -1));
    }
  });
});
