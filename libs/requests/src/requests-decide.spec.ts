import { newId } from '#kernel';
import { codeOf } from '../../../test/support/libs.js';
import {
  aCoordinator,
  anAccount,
  aSite,
  aStaffMember,
  aSystem,
  aTeacher,
  moveSite,
  type TestCoordinator,
} from '../../../test/support/people.js';
import { approveAll, RequestOffice } from '../../../test/support/request-office.js';
import type { RequestView } from './index.js';

describe('deciding a request', () => {
  const office = RequestOffice.inSpec();

  describe('decide', () => {
    it('approves one line and rejects another with a reason, in one go', async () => {
      const view = await office.submitted();
      const [writer, approver] = view.lines;
      await office.decide(view, [
        { lineId: writer!.id, verdict: 'approve' },
        { lineId: approver!.id, verdict: 'reject', reason: 'Only supervisors approve here.' },
      ]);
      const after = await office.queries.view(office.teacher.actor, view.id);
      expect(after).toMatchObject({ version: 2, mayWithdraw: false });
      expect(after.lines).toMatchObject([
        { status: 'approved', decidedBy: 'Ana Ruiz' },
        { status: 'rejected', decidedBy: 'Ana Ruiz', reason: 'Only supervisors approve here.' },
      ]);
      expect(await office.effective(office.teacher)).toEqual(['iep-form-writer']);
      expect(await office.auditOf(`request-line:${writer!.id}`)).toEqual([
        { action: 'request.approve', result: 'done', reason: null },
      ]);
      expect(await office.auditOf(`request-line:${approver!.id}`)).toEqual([
        { action: 'request.reject', result: 'done', reason: 'Only supervisors approve here.' },
      ]);
      expect(
        (await office.messagesTo(office.teacher)).map(({ kind, facts }) => [kind, facts.outcome000, facts.outcome001]),
      ).toEqual([
        [
          'request.decided',
          'IEP Form Writer: approved.',
          'IEP Form Approver: not approved. Reason: Only supervisors approve here.',
        ],
      ]);
    });

    it('deciding twice, also with the version of now, is a conflict', async () => {
      const view = await office.submitted();
      await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'approve' }]);
      const again = office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'approve' }]);
      await expect(again).rejects.toMatchObject({
        code: 'requests.already-decided',
        status: 409,
        detail: expect.stringMatching(/^Your decision was saved before: "IEP Form Writer" was approved by you on /),
      });
      const other = office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'approve' }], office.officer.actor);
      await expect(other).rejects.toMatchObject({
        code: 'requests.changed',
        status: 409,
        detail: expect.stringMatching(/^While you had it open: "IEP Form Writer" was approved by Ana Ruiz on /),
      });
      expect(
        await codeOf(
          office.decide(
            view,
            [{ lineId: view.lines[0]!.id, verdict: 'reject', reason: 'No' }],
            office.coordinator.actor,
            2,
          ),
        ),
      ).toBe('requests.already-decided');
      expect(await office.effective(office.teacher)).toEqual(['iep-form-writer']);
    });

    it('CO-4 a version the coordinator did not see is a conflict that says what changed', async () => {
      const view = await office.submitted();
      await office.decide(view, [{ lineId: view.lines[1]!.id, verdict: 'reject', reason: 'No' }], office.officer.actor);
      const stale = office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'approve' }]);
      await expect(stale).rejects.toMatchObject({
        code: 'requests.changed',
        detail: expect.stringMatching(/"IEP Form Approver" was rejected by Odile Stone/),
      });
      expect(await office.effective(office.teacher)).toEqual([]);
      await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'approve' }], office.coordinator.actor, 2);
    });

    it('after a withdrawal is a conflict that says so', async () => {
      const view = await office.submitted();
      await office.requests.withdraw(office.teacher.actor, view.id);
      await expect(office.decide(view, approveAll(view))).rejects.toMatchObject({
        code: 'requests.changed',
        detail: expect.stringMatching(/was withdrawn by the person who asked/),
      });
      expect(await codeOf(office.decide(view, approveAll(view), office.coordinator.actor, 2))).toBe(
        'requests.already-decided',
      );
      expect(await office.effective(office.teacher)).toEqual([]);
    });

    it('CO-1 nobody decides for himself: as requester, by another account of the same person, by an account that asked', async () => {
      const view = await office.submitted({}, office.coordinator.actor);
      expect(await codeOf(office.decide(view, approveAll(view)))).toBe('requests.own-request');
      expect(await office.auditOf(`request:${view.id}`)).toHaveLength(1);

      const second = await anAccount(office.libs.em);
      await office.libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [
        office.coordinator.accountId,
      ]);
      await office.libs.em.execute(
        `insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`,
        [newId(), second, office.coordinator.staffMemberId],
      );
      expect(await codeOf(office.decide(view, approveAll(view), { client: 'portal', accountId: second }))).toBe(
        'requests.own-request',
      );

      const other = await aCoordinator(office.libs.em, { reach: 'system', system: office.system });
      await office.libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [other.accountId]);
      await office.libs.em.execute(
        `insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`,
        [newId(), office.coordinator.accountId, other.staffMemberId],
      );
      expect(await codeOf(office.decide(view, approveAll(view), office.coordinator.actor))).toBe(
        'requests.own-request',
      );

      await office.libs.em.execute(`update staff_link set ended_at = now() where account_id in (?, ?)`, [
        second,
        office.coordinator.accountId,
      ]);
      await office.libs.em.execute(
        `insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`,
        [newId(), office.coordinator.accountId, office.coordinator.staffMemberId],
      );
      await office.requests.withdraw(office.coordinator.actor, view.id);
    });

    it('CO-1 a bulk call with one line of the own request is refused whole', async () => {
      const own = await office.submitted({}, office.coordinator.actor);
      const view = await office.submitted();
      const mixed = [...approveAll(view), { lineId: own.lines[0]!.id, verdict: 'approve' as const }];
      expect(await codeOf(office.decide(view, mixed))).toBe('requests.not-found');
      expect(await office.effective(office.teacher)).toEqual([]);
      await office.requests.withdraw(office.coordinator.actor, own.id);
    });

    it('CO-2 AC-2 outside the scope it is absent: another parish, another school, another application, no coordinator at all', async () => {
      const view = await office.submitted();
      const elsewhere = await aSystem(office.libs.em);
      const outsiders = [
        await aCoordinator(office.libs.em, { reach: 'system', system: elsewhere }),
        await aCoordinator(office.libs.em, {
          reach: 'site',
          system: office.system,
          sites: [await aSite(office.libs.em, office.system)],
        }),
        await aCoordinator(office.libs.em, {
          reach: 'group',
          system: office.system,
          sites: [await aSite(office.libs.em, office.system)],
        }),
        await aCoordinator(office.libs.em, { reach: 'system', system: office.system, application: 'canopy' }),
        await aCoordinator(office.libs.em, { reach: 'system', system: office.system, toDay: '2021-01-01' }),
        await aTeacher(office.libs.em),
      ];
      const absent = await office.requests
        .decide(outsiders[0]!.actor, newId(), { version: 1, decisions: approveAll(view) })
        .catch((problem: Error) => problem.message);
      for (const outsider of outsiders) {
        const refused = office.decide(view, approveAll(view), outsider.actor);
        await expect(refused).rejects.toMatchObject({
          code: 'requests.not-found',
          status: 404,
          message: absent,
          refusal: { action: 'request.decide', target: `request:${view.id}` },
        });
        expect(await codeOf(office.queries.view(outsider.actor, view.id))).toBe('requests.not-found');
        expect(await codeOf(office.requests.addNote(outsider.actor, view.id, 'Hello'))).toBe('requests.not-found');
        expect(await codeOf(office.requests.withdraw(outsider.actor, view.id))).toBe('requests.not-found');
      }
      expect(await office.effective(office.teacher)).toEqual([]);
    });

    it('CO-2 a school coordinator cannot decide for all sites of the system', async () => {
      const near = await aCoordinator(office.libs.em, { reach: 'site', system: office.system, sites: [office.school] });
      const whole = await office.submitted({ location: { level: 'system', code: office.system } });
      expect(await codeOf(office.decide(whole, approveAll(whole), near.actor))).toBe('requests.not-found');
      const view = await office.submitted();
      expect(view.lines[0]!.deciders).toMatchObject([{ staffMemberId: near.staffMemberId }]);
      await office.libs.em.execute(`update coordinator set ended_at = now() where id = ?`, [near.coordinatorId]);
    });

    it('AC-2 a line of another request, in any position, refuses the whole call', async () => {
      const view = await office.submitted();
      const colleague = await aTeacher(office.libs.em);
      const foreign = (await office.submitted({}, colleague.actor)).lines[0]!.id;
      for (const alien of [foreign, newId(), 'x', `' or 1=1 --`]) {
        for (const position of [0, 1, 2]) {
          const list = approveAll(view);
          list.splice(position, 0, { lineId: alien, verdict: 'approve' });
          expect(await codeOf(office.decide(view, list))).toBe('requests.not-found');
        }
        expect(await codeOf(office.decide(view, [{ lineId: alien, verdict: 'approve' }]))).toBe('requests.not-found');
      }
      expect(await office.effective(office.teacher)).toEqual([]);
      expect(await office.effective(colleague)).toEqual([]);
    });

    it.each([
      ['no decision', () => []],
      [
        'a line twice',
        (id: string) => [
          { lineId: id, verdict: 'approve' as const },
          { lineId: id, verdict: 'reject' as const, reason: 'No' },
        ],
      ],
      ['another word', (id: string) => [{ lineId: id, verdict: 'grant' as never }]],
    ])('refuses %s', async (_, decisions) => {
      const view = await office.submitted();
      expect(await codeOf(office.decide(view, decisions(view.lines[0]!.id)))).toBe('requests.incomplete');
    });

    it.each([
      ['is missing', undefined],
      ['is white space', ' \n\t '],
      ['has 2,001 characters', 'x'.repeat(2001)],
      ['has 10 MB', 'x'.repeat(10_000_000)],
      ['holds a control character', 'no\u0000'],
      ['turns the reading direction', 'no \u202Eon'],
      ['is half a character', 'no \uD83D'],
    ])('CO-7 refuses a rejection whose reason %s, with words beside the field', async (_, reason) => {
      const view = await office.submitted();
      const lineId = view.lines[0]!.id;
      await expect(office.decide(view, [{ lineId, verdict: 'reject', reason }])).rejects.toMatchObject({
        code: 'requests.bad-text',
        status: 422,
        errors: [{ field: `reason-${lineId}` }],
      });
    });

    it('CO-7 2,000 characters are fine, also when each takes two code units', async () => {
      const view = await office.submitted();
      await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'reject', reason: '🍎'.repeat(2000) }]);
      expect((await office.queries.view(office.teacher.actor, view.id)).lines[0]!.reason).toBe('🍎'.repeat(2000));
    });

    it('a site that moved while the request waited is decided by its new system, and granted there', async () => {
      const [from, to] = [await aSystem(office.libs.em), await aSystem(office.libs.em)];
      const site = await aSite(office.libs.em, from);
      const old = await aCoordinator(office.libs.em, { reach: 'system', system: from });
      const late = await aCoordinator(office.libs.em, { reach: 'system', system: to });
      const view = await office.submitted({ location: { level: 'site', code: site } });
      await moveSite(office.libs.em, site, to);
      expect(await codeOf(office.decide(view, approveAll(view), old.actor))).toBe('requests.no-longer-yours');
      await office.decide(view, approveAll(view), late.actor);
      expect(
        (await office.grants.effective(office.teacher.accountId, ['ser-iep-form'], new Date())).map(
          (one) => one.systemCode,
        ),
      ).toEqual([to, to]);
    });

    describe('CO-4 asks again at the moment of approval', () => {
      const changes: [string, (view: RequestView) => Promise<unknown>][] = [
        [
          'the requester was disabled',
          () =>
            office.libs.em.execute(`update account set status = 'disabled' where id = ?`, [office.teacher.accountId]),
        ],
        [
          'the Staff ID link of the requester ended',
          () =>
            office.libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [
              office.teacher.accountId,
            ]),
        ],
        [
          'the account of the requester is another person now',
          async () => {
            await office.libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [
              office.teacher.accountId,
            ]);
            const other = await aStaffMember(office.libs.em);
            await office.libs.em.execute(
              `insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`,
              [newId(), office.teacher.accountId, other.staffMemberId],
            );
          },
        ],
        [
          'the site closed',
          (view) =>
            office.libs.em.execute(`update site set closed_on = '2021-07-01' where code = ?`, [
              view.lines[0]!.place.code,
            ]),
        ],
        [
          'the role left the catalogue',
          (view) =>
            office.libs.em.execute(`update request_line set role = 'iep-form-of-old' where request_id = ?`, [view.id]),
        ],
        [
          'the permission left the catalogue',
          (view) =>
            office.libs.em.execute(`update request_line set permission = 'of-old-' || position where request_id = ?`, [
              view.id,
            ]),
        ],
      ];
      it.each(changes)('%s: it cannot be approved, only rejected', async (_, change) => {
        const view = await office.submitted({
          location: { level: 'site', code: await aSite(office.libs.em, office.system) },
        });
        await change(view);
        await expect(office.decide(view, approveAll(view))).rejects.toMatchObject({
          code: 'requests.not-grantable',
          status: 409,
        });
        expect(await office.effective(office.teacher)).toEqual([]);
        await office.decide(view, [{ lineId: view.lines[0]!.id, verdict: 'reject', reason: 'Things changed.' }]);
      });

      it.each<[string, (one: TestCoordinator) => Promise<unknown>, string]>([
        [
          'ended',
          (one) => office.libs.em.execute(`update coordinator set ended_at = now() where id = ?`, [one.coordinatorId]),
          'requests.no-longer-yours',
        ],
        [
          'past the last day',
          (one) =>
            office.libs.em.execute(`update coordinator set to_day = '2021-01-01' where id = ?`, [one.coordinatorId]),
          'requests.no-longer-yours',
        ],
        [
          'disabled',
          (one) => office.libs.em.execute(`update account set status = 'disabled' where id = ?`, [one.accountId]),
          'requests.not-found',
        ],
        [
          'unlinked',
          (one) =>
            office.libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [one.accountId]),
          'requests.not-found',
        ],
      ])('a coordinator who is %s decides nothing', async (_, change, code) => {
        const passing = await aCoordinator(office.libs.em, { reach: 'system', system: office.system });
        const view = await office.submitted();
        expect(await office.queries.view(passing.actor, view.id)).toMatchObject({ mayDecide: true });
        await change(passing);
        expect(await codeOf(office.decide(view, approveAll(view), passing.actor))).toBe(code);
      });

      it('CO-4 a coordinator whose statement is not in force is told to sign, and decides nothing', async () => {
        const unsigned = await aCoordinator(office.libs.em, { reach: 'system', system: office.system, signed: false });
        const view = await office.submitted();
        expect(view.lines[0]!.deciders.map((one) => one.staffMemberId)).not.toContain(unsigned.staffMemberId);
        await expect(office.decide(view, approveAll(view), unsigned.actor)).rejects.toMatchObject({
          code: 'coordinators.unsigned',
          status: 409,
        });
        expect(await office.lists.waitingFor(unsigned.actor)).toEqual([]);
      });
    });

    it('a mistake in the third line undoes the first two', async () => {
      const view = await office.submitted({
        application: 'ser',
        role: 'ser-data',
        permissions: ['ser-data-writer', 'ser-data-reader'],
      });
      await office.libs.em.execute(`update request_line set permission = 'gone' where id = ?`, [view.lines[1]!.id]);
      expect(await codeOf(office.decide(view, approveAll(view)))).toBe('requests.not-grantable');
      expect(await office.effective(office.teacher)).toEqual([]);
      expect((await office.queries.view(office.teacher.actor, view.id)).lines.map(({ status }) => status)).toEqual([
        'pending',
        'pending',
      ]);
    });
  });
});
