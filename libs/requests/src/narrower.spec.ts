import { localDay, newId, startOfDay } from '#kernel';
import { codeOf } from '../../../test/support/libs.js';
import { aCoordinator, type TestCoordinator } from '../../../test/support/people.js';
import { approveAll, RequestOffice, type Wanted } from '../../../test/support/request-office.js';
import { type Decision, LineOffers, type RequestView } from './index.js';
import { dayPlus } from './time-calendar.js';

const inDays = (count: number): string => dayPlus(localDay(new Date()), count);

describe('approving less than was asked for', () => {
  const office = RequestOffice.inSpec();
  const writer = { application: 'ser', role: 'ser-data', permissions: ['ser-data-writer'] };
  const offers = (): LineOffers => office.libs.app.get(LineOffers);

  const narrow = (
    view: RequestView,
    less: Partial<Decision> = { permission: 'ser-data-reader' },
    by: TestCoordinator = office.coordinator,
    version = view.version,
  ): Promise<void> =>
    office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'narrow', ...less }], by.actor, version);
  const seen = (view: RequestView, by = office.teacher.actor): Promise<RequestView> => office.queries.view(by, view.id);
  const answer = async (view: RequestView, accept: boolean, offerId?: string): Promise<void> =>
    offers().answer(office.teacher.actor, view.id, {
      offerId: offerId ?? (await seen(view)).lines[0]!.offer!.id,
      accept,
    });
  /** A request with an offer of the reader, until a day. */
  async function offered(more: Wanted = {}): Promise<RequestView> {
    const view = await office.submitted({ ...writer, ...more });
    await narrow(view, { permission: 'ser-data-reader', toDay: inDays(40), reason: 'Reading is enough for now.' });
    return seen(view);
  }

  describe('with consent given beforehand', () => {
    it('gives a lesser permission at once; the line keeps what was asked for and what was given', async () => {
      const view = await office.submitted({ ...writer, mayNarrow: true });
      const review = await seen(view, office.coordinator.actor);
      expect(review).toMatchObject({ mayNarrow: true, lines: [{ lesser: [{ code: 'ser-data-reader' }] }] });
      await narrow(view, { permission: 'ser-data-reader', toDay: inDays(40), reason: 'Reading is enough.' });
      const [line] = (await seen(view)).lines;
      expect(line).toMatchObject({
        status: 'approved',
        permission: { code: 'ser-data-writer' },
        given: { permission: { code: 'ser-data-reader', name: 'SER Data Reader' }, toDay: inDays(40) },
        reason: 'Reading is enough.',
        lesser: [],
      });
      expect(await office.effective(office.teacher)).toEqual(['ser-data-reader']);
      expect(await office.grants.of(office.teacher.accountId)).toMatchObject([{ toAt: startOfDay(inDays(40)) }]);
      expect((await office.messagesTo(office.teacher)).at(-1)!.facts.outcome000).toMatch(
        /^SER Data Writer: approved as SER Data Reader, through .*\. Reason: Reading is enough\.$/,
      );
      const [entry] = await office.libs.em.execute<{ after: object }[]>(
        `select after from audit_entry where action = 'request.narrow' and target = ?`,
        [`request-line:${line!.id}`],
      );
      expect(entry!.after).toMatchObject({
        consent: 'beforehand',
        permission: 'ser-data-writer',
        given: { permission: 'ser-data-reader', toDay: inDays(40) },
      });
    });

    it('approving all of it stays possible, and rejecting too', async () => {
      const view = await office.submitted({ ...writer, mayNarrow: true });
      await office.decide(view, approveAll(view));
      expect((await seen(view)).lines[0]!.given).toBeUndefined();
      expect(await office.effective(office.teacher)).toEqual(['ser-data-writer']);
    });
  });

  describe('without it', () => {
    it('it is an offer: nothing is given, the line waits, the requester is asked', async () => {
      const view = await offered();
      expect(view).toMatchObject({
        mayNarrow: false,
        version: 2,
        lines: [
          {
            status: 'pending',
            offer: {
              by: 'Ana Ruiz',
              permission: { code: 'ser-data-reader' },
              toDay: inDays(40),
              reason: 'Reading is enough for now.',
              status: 'open',
            },
          },
        ],
      });
      expect(await office.effective(office.teacher)).toEqual([]);
      expect((await office.messagesTo(office.teacher)).map(({ kind }) => kind)).toEqual(['request.offered']);
    });

    it('accepted, it is given in the name of whoever offered it; the consent is on record', async () => {
      const view = await offered();
      await answer(view, true);
      expect((await seen(view)).lines[0]).toMatchObject({
        status: 'approved',
        decidedBy: 'Ana Ruiz',
        given: { permission: { code: 'ser-data-reader' } },
        offer: { status: 'accepted' },
      });
      expect(await office.effective(office.teacher)).toEqual(['ser-data-reader']);
      const [grant] = await office.grants.of(office.teacher.accountId);
      expect(grant!.givenBy).toBe(office.coordinator.staffMemberId);
      const entries = await office.libs.em.execute<{ action: string; accountId: string }[]>(
        `select action, account_id as "accountId" from audit_entry where target = ? order by id`,
        [`request-line:${view.lines[0]!.id}`],
      );
      expect(entries).toEqual([
        { action: 'request.offer', accountId: office.coordinator.accountId },
        { action: 'request.accept-offer', accountId: office.teacher.accountId },
      ]);
      expect((await office.messagesTo(office.coordinator)).at(-1)).toMatchObject({
        kind: 'request.offer-answered',
        facts: { answer: 'accepted' },
      });
      expect(await codeOf(answer(view, true))).toBe('requests.answered');
    });

    it('declined, the line goes on waiting; it can be decided, and offered less again', async () => {
      const view = await offered();
      await answer(view, false);
      expect(await codeOf(answer(view, true, view.lines[0]!.offer!.id))).toBe('requests.answered');
      expect((await seen(view)).lines[0]).toMatchObject({ status: 'pending', offer: { status: 'declined' } });
      await narrow(view, { toDay: inDays(20) });
      await office.decide(view, approveAll(view), office.coordinator.actor, 3);
      expect(await office.effective(office.teacher)).toEqual(['ser-data-writer']);
      expect((await seen(view)).lines[0]!.offer!.status).toBe('over');
      expect(await codeOf(answer(view, true))).toBe('requests.offer-over');
    });

    it('another offer takes the place of one that waits', async () => {
      const view = await offered();
      const first = view.lines[0]!.offer!.id;
      await narrow(view, { toDay: inDays(20) }, office.officer);
      expect((await seen(view)).lines[0]!.offer).toMatchObject({
        by: 'Odile Stone',
        toDay: inDays(20),
        status: 'open',
      });
      expect(await codeOf(answer(view, true, first))).toBe('requests.offer-over');
    });

    it('CO-2 accepted when whoever offered it no longer decides: refused in words, the line goes on', async () => {
      const { em } = office.libs;
      const passing = await aCoordinator(em, {
        reach: 'system',
        system: office.system,
        firstName: 'Rae',
        lastName: 'Moss',
      });
      const view = await office.submitted(writer);
      await narrow(view, undefined, passing);
      await em.execute(`update coordinator set ended_at = now(), to_day = current_date where id = ?`, [
        passing.coordinatorId,
      ]);
      await expect(answer(view, true)).rejects.toMatchObject({
        code: 'requests.offer-over',
        detail: expect.stringMatching(/^Rae Moss, who made the offer, no longer decides here/),
      });
      expect((await seen(view)).lines[0]).toMatchObject({ status: 'pending', offer: { status: 'open' } });
      expect(await office.effective(office.teacher)).toEqual([]);
    });

    it('CO-1 CO-2 nobody else answers, and the one who offered cannot', async () => {
      const view = await offered();
      const { id: offerId } = view.lines[0]!.offer!;
      for (const actor of [office.coordinator.actor, office.officer.actor])
        expect(await codeOf(offers().answer(actor, view.id, { offerId, accept: true }))).toBe('requests.not-found');
      expect(await codeOf(answer(view, true, newId()))).toBe('requests.not-found');
      expect(await office.effective(office.teacher)).toEqual([]);
    });

    it('CO-4 a decision on a page from before the offer says that there is one; the same twice, that it was saved', async () => {
      const view = await office.submitted(writer);
      await narrow(view);
      await expect(narrow(view)).rejects.toMatchObject({ code: 'requests.already-decided' });
      await expect(office.decide(view, approveAll(view), office.officer.actor)).rejects.toMatchObject({
        code: 'requests.changed',
        detail: expect.stringMatching(/Ana Ruiz offered less than "SER Data Writer"/),
      });
    });
  });

  it.each<[string, Partial<Decision>]>([
    ['requests.incomplete', {}],
    ['requests.not-less', { permission: 'ser-data-writer' }],
    ['requests.not-less', { permission: 'ser-lasid-writer' }],
    ['requests.not-less', { permission: 'made-up' }],
    ['requests.not-less', { toDay: inDays(90) }],
    ['requests.not-less', { toDay: inDays(91) }],
    ['requests.bad-period', { toDay: inDays(0) }],
    ['requests.bad-period', { permission: 'ser-data-reader', toDay: 'soon' }],
  ])('%s: %p', async (code, less) => {
    for (const mayNarrow of [true, false]) {
      const view = await office.submitted({ ...writer, toDay: inDays(90), mayNarrow });
      expect(await codeOf(narrow(view, less))).toBe(code);
      expect((await seen(view)).lines[0]!.offer).toBeUndefined();
      await office.requests.withdraw(office.teacher.actor, view.id);
    }
  });

  it('a reader has nothing lesser, but may be given for a shorter time', async () => {
    const view = await office.submitted({ ...writer, permissions: ['ser-data-reader'], mayNarrow: true });
    expect(view.lines[0]!.lesser).toEqual([]);
    await narrow(view, { toDay: inDays(5) });
    expect((await seen(view)).lines[0]!.given).toEqual({
      permission: { code: 'ser-data-reader', name: 'SER Data Reader' },
      toDay: inDays(5),
    });
  });

  it('CO-4 what is offered is asked again when it is accepted: the account, the place, the time', async () => {
    const view = await offered();
    await office.libs.em.execute(`update line_offer set to_day = ? where id = ?`, [
      inDays(0),
      view.lines[0]!.offer!.id,
    ]);
    expect(await codeOf(answer(view, true))).toBe('requests.bad-period');
    expect((await seen(view)).lines[0]).toMatchObject({ status: 'pending', offer: { status: 'open' } });
  });
});
