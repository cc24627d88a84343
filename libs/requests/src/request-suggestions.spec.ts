import { newId, type SignedIn, systemActor } from '#kernel';
import { type Message, MessageKinds } from '#notifications';
import { codeOf } from '../../../test/support/libs.js';
import { aCoordinator, aSite, aSystem, aTeacher, type TestCoordinator } from '../../../test/support/people.js';
import { approveAll, RequestOffice } from '../../../test/support/request-office.js';
import { RequestSuggestions, type RequestView } from './index.js';

describe('offering the whole school system in place of a site', () => {
  const office = RequestOffice.inSpec();
  let suggestions: RequestSuggestions;
  let near: TestCoordinator;
  let site: string;
  beforeEach(async () => {
    suggestions = office.libs.app.get(RequestSuggestions);
    site = await aSite(office.libs.em, office.system, { name: 'Holy Oak' });
    near = await aCoordinator(office.libs.em, {
      reach: 'site',
      system: office.system,
      sites: [site],
      firstName: 'Nora',
    });
  });

  const asked = (): Promise<RequestView> => office.submitted({ location: { level: 'site', code: site } });
  const seenBy = (view: RequestView, actor: SignedIn = office.teacher.actor): Promise<RequestView> =>
    office.queries.view(actor, view.id);
  const suggest = (view: RequestView, actor: SignedIn = near.actor, note?: string): Promise<void> =>
    suggestions.suggestSystem(actor, view.id, { version: view.version, note });
  const answer = async (
    view: RequestView,
    accept: boolean,
    actor: SignedIn = office.teacher.actor,
  ): Promise<{ id: string; reference: string } | undefined> => {
    const suggestionId = (await seenBy(view)).suggestion!.id;
    return suggestions.answerSuggestion(actor, view.id, { suggestionId, accept });
  };

  it('agreed: the old request is withdrawn, the same is asked for the system, the consent is on record, both are told', async () => {
    const view = await asked();
    expect(await seenBy(view, near.actor)).toMatchObject({
      maySuggest: { code: office.system, name: 'Acadia Parish' },
    });
    await suggest(view, near.actor, 'It comes with the parish.');
    expect(await seenBy(view)).toMatchObject({
      suggestion: {
        status: 'open',
        by: 'Nora Reyes',
        note: 'It comes with the parish.',
        system: { name: 'Acadia Parish' },
      },
      mayWithdraw: true,
    });
    expect((await seenBy(view, near.actor)).maySuggest).toBeUndefined();
    const made = (await answer(view, true))!;

    const whole = await office.queries.view(office.teacher.actor, made.id);
    expect(whole).toMatchObject({
      replaces: { id: view.id, reference: view.reference },
      lines: [
        {
          place: { level: 'system', code: office.system },
          permission: { code: 'iep-form-writer' },
          deciders: [{ name: 'Ana Ruiz' }],
        },
        { permission: { code: 'iep-form-approver' }, deciders: [{ name: 'Ana Ruiz' }] },
      ],
    });
    expect(await seenBy(view)).toMatchObject({
      suggestion: { status: 'accepted', requestId: made.id },
      lines: [{ status: 'withdrawn' }, { status: 'withdrawn' }],
    });
    expect((await office.auditOf(`request:${view.id}`)).map(({ action }) => action)).toEqual([
      'request.submit',
      'request.suggest',
      'request.withdraw',
      'request.answer-suggestion',
    ]);
    expect((await office.messagesTo(office.teacher)).map(({ kind }) => kind)).toContain('request.suggested');
    expect((await office.messagesTo(near)).map(({ kind }) => kind)).toEqual([
      'request.submitted',
      'request.suggestion-answered',
    ]);
    expect((await office.messagesTo(office.coordinator)).at(-1)).toMatchObject({
      kind: 'request.submitted',
      facts: { requestId: made.id },
    });
    await office.decide(whole, approveAll(whole));
    expect(await office.effective(office.teacher)).toEqual(['iep-form-approver', 'iep-form-writer'].sort());
  });

  it('only what is open goes over', async () => {
    const view = await asked();
    await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'approve' }], near.actor);
    await suggest({ ...view, version: 2 });
    const made = (await answer(view, true))!;
    expect(
      (await office.queries.view(office.teacher.actor, made.id)).lines.map(({ permission }) => permission.code),
    ).toEqual(['iep-form-approver']);
    expect((await seenBy(view)).lines.map(({ status }) => status)).toEqual(['approved', 'withdrawn']);
  });

  it('declined: all stays, the coordinator is told, and the same is not offered again', async () => {
    const view = await asked();
    await suggest(view);
    expect(await answer(view, false)).toBeUndefined();
    expect(await seenBy(view)).toMatchObject({
      suggestion: { status: 'declined' },
      lines: [{ status: 'pending' }, { status: 'pending' }],
      version: 1,
    });
    expect((await office.messagesTo(near)).at(-1)).toMatchObject({ facts: { answer: 'declined' } });
    expect(await codeOf(suggest(view))).toBe('requests.not-suggestible');
    expect(await codeOf(answer(view, true))).toBe('requests.answered');
    await office.decide(view, approveAll(view), near.actor);
  });

  it('R-06 no form the requester sent before stands in the way', async () => {
    const view = await asked();
    await suggest(view);
    const { id } = (await seenBy(view)).suggestion!;
    await office.submitted({ formKey: `suggestion-${id}` });
    const made = (await answer(view, true))!;
    expect((await office.queries.view(office.teacher.actor, made.id)).lines[0]!.place.level).toBe('system');
  });

  it('CO-1 CO-2 AC-2 is for who may decide, and never for the own request', async () => {
    const view = await asked();
    const stranger = await aCoordinator(office.libs.em, { reach: 'system', system: await aSystem(office.libs.em) });
    expect(await codeOf(suggest(view, stranger.actor))).toBe('requests.not-found');
    expect(await codeOf(suggest(view, office.teacher.actor))).toBe('requests.own-request');
    expect(await codeOf(suggestions.suggestSystem(near.actor, newId(), { version: 1 }))).toBe('requests.not-found');
    expect(await codeOf(suggest({ ...view, version: 7 }))).toBe('requests.changed');
    expect(await codeOf(suggest(view, near.actor, 'x'.repeat(2001)))).toBe('requests.bad-text');
    const whole = await office.submitted({ location: { level: 'system', code: office.system } });
    expect(await codeOf(suggest(whole, office.coordinator.actor))).toBe('requests.not-suggestible');
  });

  it('AC-2 only the person who asked answers, and only the offer of that request', async () => {
    const view = await asked();
    await suggest(view);
    const other = await aTeacher(office.libs.em);
    for (const actor of [other.actor, near.actor, office.officer.actor])
      expect(await codeOf(answer(view, true, actor))).toBe('requests.not-found');
    for (const suggestionId of [newId(), 'x', `' or 1=1 --`])
      expect(
        await codeOf(suggestions.answerSuggestion(office.teacher.actor, view.id, { suggestionId, accept: true })),
      ).toBe('requests.not-found');
    await office.requests.withdraw(office.teacher.actor, view.id);
    expect(await codeOf(answer(view, true))).toBe('requests.nothing-open');
    expect(await codeOf(answer(view, false))).toBe('requests.nothing-open');
  });

  it('what is asked for the system already is not asked for twice, and the old request stays', async () => {
    const view = await asked();
    await suggest(view);
    await office.submitted({ location: { level: 'system', code: office.system } });
    expect(await codeOf(answer(view, true))).toBe('requests.already-open');
    expect((await seenBy(view)).lines.map(({ status }) => status)).toEqual(['pending', 'pending']);
  });

  it('CO-5 what the person could not be given for the whole system is not offered', async () => {
    const ser = { application: 'ser', location: { level: 'site' as const, code: site } };
    const whole = await office.submitted({
      ...ser,
      role: 'ser-data',
      permissions: ['ser-data-reader'],
      location: { level: 'system', code: office.system },
    });
    await office.decide(whole, approveAll(whole));
    for (const wish of [
      { role: 'ser-lasid', permissions: ['ser-lasid-writer'] },
      { role: 'ser-data', permissions: ['ser-data-reader'] },
    ]) {
      const view = await office.submitted({ ...ser, ...wish });
      expect((await seenBy(view, near.actor)).maySuggest).toBeUndefined();
      expect(await codeOf(suggest(view))).toBe('requests.not-suggestible');
      await office.requests.withdraw(office.teacher.actor, view.id);
    }
    const more = await office.submitted({ ...ser, role: 'ser-data', permissions: ['ser-data-writer'] });
    expect((await seenBy(more, near.actor)).maySuggest).toMatchObject({ code: office.system });
  });

  it('R-07 twenty answers at once make one request; a decision at the same time makes it or loses, never both', async () => {
    for (let round = 0; round < 10; round++) {
      const view = await asked();
      await suggest(view);
      const suggestionId = (await seenBy(view)).suggestion!.id;
      const accept = (): Promise<string> =>
        codeOf(suggestions.answerSuggestion(office.teacher.actor, view.id, { suggestionId, accept: true }));
      const [decided, ...answers] = await Promise.all([
        codeOf(office.decide(view, approveAll(view), near.actor)),
        ...Array.from({ length: 20 }, accept),
      ]);
      const won = answers.filter((one) => one.startsWith('done'));
      expect([decided!.startsWith('done'), won.length]).toEqual(won.length ? [false, 1] : [true, 0]);
      const refused = answers.filter((one) => !one.startsWith('done'));
      for (const one of refused) expect(one).toMatch(/^requests\.(answered|nothing-open)$/);
      const left = await office.lists.mine(office.teacher.accountId);
      const open = left.filter(({ lines }) => lines.some(({ status }) => status === 'pending'));
      for (const { id } of open) await office.requests.withdraw(office.teacher.actor, id);
      await office.grants.endFor(systemActor, { staffMemberId: office.teacher.staffMemberId }, 'left');
    }
  });

  it('two coordinators offer at once: one does', async () => {
    const view = await asked();
    const outcomes = await Promise.all([suggest(view), suggest(view, office.coordinator.actor)].map(codeOf));
    expect(outcomes.sort()).toEqual(['done: undefined', 'requests.not-suggestible']);
  });

  it('ML-3 the messages are worded calmly, with static subjects', async () => {
    const view = await asked();
    await suggest(view, near.actor, 'See https://evil.example');
    const worded = async (kind: string, accountId: string) => {
      const [row] = await office.libs.em.execute<{ facts: Record<string, string> }[]>(
        `select facts from message where kind = ? and recipient_id = ?`,
        [kind, accountId],
      );
      return office.libs.app
        .get(MessageKinds)
        .named(kind)
        .word({ ...row!, kind } as Message, { em: office.libs.em, forMail: true });
    };
    const offered = await worded('request.suggested', office.teacher.accountId);
    expect(offered).toMatchObject({
      subject: 'A coordinator suggests another place for your request',
      action: { address: `${office.libs.settings.PORTAL_ORIGIN}/requests/${view.id}` },
    });
    expect(JSON.stringify(offered)).not.toContain('evil');
    await answer(view, false);
    expect(await worded('request.suggestion-answered', near.accountId)).toMatchObject({
      subject: 'Your suggestion was answered',
      action: { address: `${office.libs.settings.PORTAL_ORIGIN}/review/${view.id}` },
    });
  });
});
