import { newId } from '#kernel';
import { codeOf } from '../../../test/support/libs.js';
import { aCoordinator, anAccount } from '../../../test/support/people.js';
import { RequestOffice } from '../../../test/support/request-office.js';

describe('withdrawing and writing notes', () => {
  const office = RequestOffice.inSpec();

  describe('withdraw', () => {
    it('takes back what is open and keeps what was decided; the deciders are told', async () => {
      const view = await office.submitted();
      await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'approve' }]);
      const before = (await office.messagesTo(office.coordinator)).length;
      await office.requests.withdraw(office.teacher.actor, view.id);
      expect((await office.queries.view(office.teacher.actor, view.id)).lines.map(({ status }) => status)).toEqual([
        'approved',
        'withdrawn',
      ]);
      expect((await office.messagesTo(office.coordinator)).slice(before)).toMatchObject([
        { kind: 'request.withdrawn', facts: { asked: 'IEP Form Approver' } },
      ]);
      expect(await office.effective(office.teacher)).toEqual(['iep-form-writer']);
      expect((await office.auditOf(`request:${view.id}`)).map(({ action }) => action)).toEqual([
        'request.submit',
        'request.withdraw',
      ]);
      await expect(office.requests.withdraw(office.teacher.actor, view.id)).rejects.toMatchObject({
        code: 'requests.nothing-open',
        status: 409,
        detail: expect.stringContaining('was approved by Ana Ruiz'),
      });
    });

    it('is for the requester only', async () => {
      const view = await office.submitted();
      expect(await codeOf(office.requests.withdraw(office.coordinator.actor, view.id))).toBe('requests.not-found');
      expect(await codeOf(office.requests.withdraw(office.officer.actor, view.id))).toBe('requests.not-found');
    });
  });

  describe('notes', () => {
    it('are read by both sides and told to the other one, once while the word of it waits', async () => {
      const view = await office.submitted();
      const before = [
        (await office.messagesTo(office.teacher)).length,
        (await office.messagesTo(office.coordinator)).length,
      ];
      await office.requests.addNote(office.coordinator.actor, view.id, 'Which grades?');
      await office.requests.addNote(office.coordinator.actor, view.id, 'And since when?');
      await office.requests.addNote(office.teacher.actor, view.id, 'Grades 3 to 5.\nSince August.');
      expect(
        (await office.queries.view(office.teacher.actor, view.id)).notes.map(({ author, text, own }) => [
          author,
          text,
          own,
        ]),
      ).toEqual([
        ['Ana Ruiz', 'Which grades?', false],
        ['Ana Ruiz', 'And since when?', false],
        ['Lee Carter', 'Grades 3 to 5.\nSince August.', true],
      ]);
      expect((await office.messagesTo(office.teacher)).slice(before[0])).toMatchObject([
        { kind: 'request.note', facts: { author: 'Ana Ruiz', page: 'requests' } },
      ]);
      expect((await office.messagesTo(office.coordinator)).slice(before[1])).toMatchObject([
        { kind: 'request.note', facts: { author: 'Lee Carter', page: 'review' } },
      ]);
      expect(JSON.stringify(await office.messagesTo(office.teacher))).not.toContain('grades');
      expect((await office.queries.view(office.coordinator.actor, view.id)).version).toBe(view.version);
    });

    it('AC-2 ID-2 an account that lost the Staff ID reads nothing more of the request it sent, nor hears of it', async () => {
      const view = await office.submitted();
      const linkTo = (accountId: string): Promise<unknown> =>
        office.libs.em.execute(
          `insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`,
          [newId(), accountId, office.teacher.staffMemberId],
        );
      await office.libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [
        office.teacher.accountId,
      ]);
      const rightful = await anAccount(office.libs.em);
      await linkTo(rightful);
      const before = (await office.messagesTo(office.teacher)).length;
      await office.requests.addNote(office.coordinator.actor, view.id, 'Which grades?');
      await office.decide(
        view,
        view.lines.map(({ id }) => ({ lineId: id, verdict: 'reject', reason: 'Not the same person.' })),
      );
      for (const work of [
        office.queries.view(office.teacher.actor, view.id),
        office.requests.addNote(office.teacher.actor, view.id, 'Hello?'),
        office.requests.withdraw(office.teacher.actor, view.id),
      ])
        expect(await codeOf(work)).toBe('requests.not-found');
      expect(await office.lists.mine(office.teacher.accountId)).toEqual([]);
      expect(await office.messagesTo(office.teacher)).toHaveLength(before);
      expect((await office.queries.view({ client: 'portal', accountId: rightful }, view.id)).notes).toHaveLength(1);
      expect((await office.lists.mine(rightful)).map(({ id }) => id)).toEqual([view.id]);
      expect(
        await office.libs.em.execute(`select kind from message where recipient_id = ? order by queued_at, kind`, [
          rightful,
        ]),
      ).toEqual([{ kind: 'request.note' }, { kind: 'request.decided' }]);
    });

    it('AC-6 whoever is no longer a coordinator hears nothing more of who asks for what', async () => {
      const former = await aCoordinator(office.libs.em, {
        reach: 'site',
        system: office.system,
        sites: [office.school],
      });
      const view = await office.submitted();
      const before = (await office.messagesTo(former)).length;
      expect(before).toBeGreaterThan(0);
      await office.libs.em.execute(`update coordinator set ended_at = now() where id = ?`, [former.coordinatorId]);
      await office.requests.addNote(office.teacher.actor, view.id, 'Since August.');
      await office.requests.withdraw(office.teacher.actor, view.id);
      expect(await office.messagesTo(former)).toHaveLength(before);
    });

    it('CO-7 are checked like reasons', async () => {
      const view = await office.submitted();
      for (const text of ['', '  ', 'x'.repeat(2001), 'a\u202Eb'])
        expect(await codeOf(office.requests.addNote(office.teacher.actor, view.id, text))).toBe('requests.bad-text');
    });
  });
});
