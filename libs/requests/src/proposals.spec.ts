import { newId, type SignedIn } from '#kernel';
import { codeOf } from '../../../test/support/libs.js';
import {
  anAccount,
  anAssignment,
  aCoordinator,
  aSite,
  aStaffMember,
  aSystem,
  aTeacher,
} from '../../../test/support/people.js';
import { RequestOffice } from '../../../test/support/request-office.js';
import { rounds } from '../../../test/support/request-races.js';
import { ProposalReading, RequestProposals } from './index.js';

describe('a request entered on behalf of somebody', () => {
  const office = RequestOffice.inSpec();
  let proposals: RequestProposals;
  let reading: ProposalReading;
  beforeAll(() => {
    proposals = office.libs.app.get(RequestProposals);
    reading = office.libs.app.get(ProposalReading);
  });

  const form = (staffId = office.teacher.staffId, more: Parameters<RequestOffice['wish']>[0] = {}) => ({
    ...office.wish({ permissions: ['iep-form-writer'], ...more }),
    staffId,
  });
  const entered = (by: SignedIn = office.coordinator.actor, staffId?: string): Promise<string> =>
    proposals.propose(by, form(staffId));

  it('CO-1 asks for nothing until the person confirms; then somebody else than who entered it decides', async () => {
    const id = await entered();
    expect(await reading.waitingFor(office.teacher.actor)).toMatchObject([
      { id, own: true, by: 'Ana Ruiz', status: 'open', wishes: [{ place: { code: office.school } }] },
    ]);
    expect(await reading.enteredBy(office.coordinator.actor)).toMatchObject([
      { id, own: false, person: { name: 'Lee Carter', staffId: office.teacher.staffId } },
    ]);
    expect((await office.messagesTo(office.teacher)).map(({ kind }) => kind)).toEqual(['request.proposed']);
    expect(await office.lists.mine(office.teacher.accountId)).toEqual([]);
    expect((await reading.preview(office.teacher.actor, id))[0]!.routing).toMatchObject({
      stateDesk: true,
      reasons: expect.arrayContaining([
        'Whoever entered it, or approved an earlier step, does not decide it.',
      ]) as unknown,
    });

    const made = await proposals.confirm(office.teacher.actor, id);
    expect(await proposals.confirm(office.teacher.actor, id)).toEqual(made);
    const view = await office.queries.view(office.teacher.actor, made.id);
    expect(view).toMatchObject({ enteredBy: 'Ana Ruiz', lines: [{ stateDesk: true }] });
    expect(await office.lists.waitingFor(office.coordinator.actor)).toEqual([]);
    const theirs = await office.queries.view(office.coordinator.actor, made.id);
    expect(theirs).toMatchObject({ mayDecide: false });
    const decision = { version: 1, decisions: [{ lineId: view.lines[0]!.id, verdict: 'approve' as const }] };
    expect(await codeOf(office.requests.decide(office.coordinator.actor, made.id, decision))).toBe(
      'requests.not-found',
    );
    await office.requests.decide(office.officer.actor, made.id, decision);
    expect(await office.effective(office.teacher)).toEqual(['iep-form-writer']);
    expect((await office.auditOf(`request-proposal:${id}`)).map(({ action }) => action)).toEqual([
      'request.enter-proposal',
      'request.confirm-proposal',
    ]);
    expect(await reading.view(office.coordinator.actor, id)).toMatchObject({ status: 'confirmed', requestId: made.id });
  });

  it('CO-1 whoever entered it decides nothing of it when the person asks for it again, either', async () => {
    const first = await proposals.confirm(office.teacher.actor, await entered());
    await office.requests.withdraw(office.teacher.actor, first.id);
    const again = await office.submitted({ permissions: ['iep-form-writer'], replacesId: first.id });
    expect(again).toMatchObject({ enteredBy: 'Ana Ruiz', lines: [{ stateDesk: true }] });
    const decisions = [{ lineId: again.lines[0]!.id, verdict: 'approve' as const }];
    expect(await codeOf(office.decide(again, decisions))).toBe('requests.not-found');
    await office.decide(again, decisions, office.officer.actor);
  });

  it('can be confirmed though the person sent a request with its number as the key of the form', async () => {
    const id = await entered();
    const own = { ...office.wish({ permissions: ['iep-form-approver'] }), formKey: id };
    const { id: sent } = await office.requests.submit(office.teacher.actor, own);
    await office.requests.withdraw(office.teacher.actor, sent);
    const made = await proposals.confirm(office.teacher.actor, id);
    expect(made.id).not.toBe(sent);
    await office.requests.withdraw(office.teacher.actor, made.id);
  });

  it('AC-6 whoever entered it reads what became of it while the place is theirs, not after', async () => {
    const { em } = office.libs;
    const by = await aCoordinator(em, { reach: 'system', system: office.system, firstName: 'Cy' });
    const id = await entered(by.actor);
    await proposals.decline(office.teacher.actor, id, 'Between the two of us: no.');
    const seen = async (): Promise<[string, number]> => [
      (await codeOf(reading.view(by.actor, id))).slice(0, 18),
      (await reading.enteredBy(by.actor)).length,
    ];
    expect((await seen())[1]).toBe(1);
    expect((await reading.view(by.actor, id)).reason).toBe('Between the two of us: no.');
    await em.execute(`update coordinator set ended_at = now() where id = ?`, [by.coordinatorId]);
    expect(await seen()).toEqual(['requests.not-found', 0]);
    const moved = await aSystem(em);
    await anAssignment(em, by.staffMemberId, { reach: 'site', system: moved, sites: [await aSite(em, moved)] });
    expect(await seen()).toEqual(['requests.not-found', 0]);
    await anAssignment(em, by.staffMemberId, { reach: 'site', system: office.system, sites: [office.school] });
    expect((await seen())[1]).toBe(1);
    await em.execute(`update coordinator set ended_at = now() where staff_member_id = ?`, [by.staffMemberId]);
    expect((await reading.view(office.teacher.actor, id)).own).toBe(true);
  });

  it('goes to another coordinator of the place where there is one', async () => {
    const other = await aCoordinator(office.libs.em, { reach: 'system', system: office.system, firstName: 'Bo' });
    const { id } = await proposals.confirm(office.teacher.actor, await entered());
    const [line] = (await office.queries.view(office.teacher.actor, id)).lines;
    expect(line!.deciders.map((one) => one.staffMemberId)).toEqual([other.staffMemberId]);
    await office.libs.em.execute(`update coordinator set ended_at = now() where id = ?`, [other.coordinatorId]);
    await office.requests.withdraw(office.teacher.actor, id);
  });

  it('CO-2 is entered only by who decides at the place, for people employed where that one decides; never for oneself', async () => {
    const { em } = office.libs;
    const far = await aSystem(em);
    const farSite = await aSite(em, far);
    const stranger = await aTeacher(em, { site: farSite });
    const nobody = await aTeacher(em);
    const head = await aTeacher(em, { site: office.school });
    const tries: [string, SignedIn, string, string?][] = [
      ['requests.not-enterable', head.actor, office.teacher.staffId],
      ['requests.not-enterable', office.coordinator.actor, stranger.staffId],
      ['requests.not-enterable', office.coordinator.actor, nobody.staffId],
      ['requests.not-enterable', office.coordinator.actor, '0000000000'],
      ['requests.not-enterable', office.coordinator.actor, office.teacher.staffId, farSite],
      ['requests.own-request', office.coordinator.actor, office.coordinator.staffId],
      ['requests.not-linked', { client: 'portal', accountId: await anAccount(em, {}) }, office.teacher.staffId],
    ];
    for (const [code, actor, staffId, site] of tries) {
      const wish = site ? { location: { level: 'site' as const, code: site } } : {};
      expect([code, await codeOf(proposals.propose(actor, form(staffId, wish)))]).toEqual([code, code]);
    }
    const unsigned = await aCoordinator(em, { reach: 'system', system: office.system, signed: false });
    expect(await codeOf(proposals.propose(unsigned.actor, form()))).toBe('coordinators.unsigned');
    await em.execute(`update coordinator set ended_at = now() where id = ?`, [unsigned.coordinatorId]);
    expect(await codeOf(proposals.propose(office.coordinator.actor, form(undefined, { permissions: ['gone'] })))).toBe(
      'catalog.unknown-permission',
    );
    expect(await office.countOf(`request_proposal where staff_member_id = '${office.teacher.staffMemberId}'`)).toBe(0);
  });

  it('the same form twice is one entry, with other answers it is refused', async () => {
    const sent = form();
    const ids = await Promise.all([1, 2, 3].map(() => codeOf(proposals.propose(office.coordinator.actor, sent))));
    const again = await proposals.propose(office.coordinator.actor, sent);
    expect(ids).toEqual(ids.map(() => `done: ${JSON.stringify(again)}`));
    expect(await codeOf(proposals.propose(office.coordinator.actor, { ...sent, why: 'Other' }))).toBe(
      'requests.other-form',
    );
  });

  it('waits for a new hire without an account, who sees it after linking', async () => {
    const hire = await aStaffMember(office.libs.em, { firstName: 'Noa', site: office.school });
    const id = await entered(office.coordinator.actor, hire.staffId);
    const accountId = await anAccount(office.libs.em, hire);
    const actor = { client: 'portal' as const, accountId };
    expect(await reading.waitingFor(actor)).toEqual([]);
    expect(await codeOf(proposals.confirm(actor, id))).toBe('requests.not-found');
    await office.libs.em.execute(
      `insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`,
      [newId(), accountId, hire.staffMemberId],
    );
    expect(await reading.waitingFor(actor)).toMatchObject([{ id }]);
    await proposals.confirm(actor, id);
  });

  it('is declined by the person, taken back by who entered it, closed after 30 days; each is told, nobody else finds it', async () => {
    const [one, two, three] = [await entered(), await entered(), await entered()];
    const other = await aTeacher(office.libs.em, { site: office.school });
    for (const actor of [other.actor, office.officer.actor]) {
      for (const verb of ['confirm', 'decline', 'withdraw'] as const)
        expect(await codeOf(proposals[verb](actor, one))).toBe('requests.not-found');
      expect(await codeOf(reading.view(actor, one))).toBe('requests.not-found');
    }
    for (const verb of ['confirm', 'decline'] as const)
      expect(await codeOf(proposals[verb](office.coordinator.actor, one))).toBe('requests.not-found');
    expect(await codeOf(proposals.withdraw(office.teacher.actor, one))).toBe('requests.not-found');
    expect(await codeOf(proposals.confirm(office.teacher.actor, 'x'))).toBe('requests.not-found');

    await proposals.decline(office.teacher.actor, one, 'I have it already.');
    await proposals.withdraw(office.coordinator.actor, two);
    await office.libs.em.execute(`update request_proposal set lapses_on = current_date - 1 where id = ?`, [three]);
    expect(await reading.waitingFor(office.teacher.actor)).toEqual([]);
    expect(await codeOf(proposals.confirm(office.teacher.actor, three))).toBe('requests.answered');
    await Promise.all([proposals.lapse(), proposals.lapse()]);
    for (const id of [one, two, three]) {
      expect(await codeOf(proposals.confirm(office.teacher.actor, id))).toBe('requests.answered');
      expect(await codeOf(proposals.withdraw(office.coordinator.actor, id))).toBe('requests.answered');
    }
    const told = (await office.messagesTo(office.coordinator)).filter(
      ({ facts }) => facts.id === one || facts.id === three,
    );
    expect(told.map(({ facts }) => facts.outcome).sort()).toEqual(['declined', 'lapsed']);
    expect((await office.messagesTo(office.teacher)).map(({ kind }) => kind).sort()).toEqual(
      ['request.proposal-withdrawn', ...Array<string>(3).fill('request.proposed')].sort(),
    );
    expect(await reading.view(office.coordinator.actor, one)).toMatchObject({
      status: 'declined',
      reason: 'I have it already.',
    });
  });

  it('R-07 confirm, decline and withdraw at once: one of them, and a request only by the first', async () => {
    for (let round = 0; round < rounds / 4; round++) {
      const person = await aTeacher(office.libs.em, { site: office.school });
      const id = await entered(office.coordinator.actor, person.staffId);
      const outcomes = await Promise.all([
        codeOf(proposals.confirm(person.actor, id)),
        codeOf(proposals.decline(person.actor, id)),
        codeOf(proposals.withdraw(office.coordinator.actor, id)),
        codeOf(proposals.confirm(person.actor, id)),
      ]);
      const [first, declined, withdrawn, second] = outcomes.map((one) => one.startsWith('done'));
      const confirmed = first || second;
      expect([confirmed, declined, withdrawn].filter(Boolean)).toHaveLength(1);
      if (confirmed) expect(first && second).toBe(true);
      const made = await office.lists.mine(person.accountId);
      expect(made).toHaveLength(confirmed ? 1 : 0);
    }
  });
});
