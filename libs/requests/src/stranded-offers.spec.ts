import { localDay } from '#kernel';
import { codeOf } from '../../../test/support/libs.js';
import { aCoordinator } from '../../../test/support/people.js';
import { RequestOffice } from '../../../test/support/request-office.js';
import { LineOffers, type RequestView, TimeSweep } from './index.js';
import { dayPlus } from './time-calendar.js';

describe('an offer of somebody who decides there no longer', () => {
  const office = RequestOffice.inSpec();
  const writer = { application: 'ser', role: 'ser-data', permissions: ['ser-data-writer'] };
  let today = localDay(new Date());
  const sweep = (): Promise<void> => {
    today = dayPlus(today, 1);
    return office.libs.app.get(TimeSweep).followTime(today);
  };
  const seen = ({ id }: RequestView): Promise<RequestView> => office.queries.view(office.teacher.actor, id);

  it('keeps nobody waiting for an answer: it ends, and the time of whoever decides now begins', async () => {
    const { em, app } = office.libs;
    const leaves = await aCoordinator(em, { reach: 'site', system: office.system, sites: [office.school] });
    const request = await office.submitted(writer);
    const [line] = request.lines;
    const less = { lineId: line!.id, verdict: 'narrow' as const, permission: 'ser-data-reader' };
    await office.decide(request, [less], leaves.actor);
    await sweep();
    const open = (await seen(request)).lines[0]!;
    expect(open).toMatchObject({ asked: true, offer: { status: 'open' } });

    await em.execute(`update coordinator set ended_at = now() where id = ?`, [leaves.coordinatorId]);
    const answer = { offerId: open.offer!.id, accept: true };
    const accept = (): Promise<string> => codeOf(app.get(LineOffers).answer(office.teacher.actor, request.id, answer));
    expect(await accept()).toBe('requests.offer-over');
    await Promise.all([sweep(), sweep()]);
    expect((await seen(request)).lines[0]).toMatchObject({
      status: 'pending',
      asked: false,
      offer: { status: 'over' },
    });
    expect(await accept()).toBe('requests.offer-over');
    expect((await office.auditOf(`request-line:${line!.id}`)).map(({ action }) => action)).toEqual([
      'request.offer',
      'request.end-offer',
    ]);
    await office.decide(await seen(request), [{ lineId: line!.id, verdict: 'approve' }]);
    expect(await office.effective(office.teacher)).toEqual(['ser-data-writer']);
  });
});
