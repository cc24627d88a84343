import { codeOf } from '../../../test/support/libs.js';
import { anAccount, aSite, aTeacher } from '../../../test/support/people.js';
import { approveAll, RequestOffice, type Wanted } from '../../../test/support/request-office.js';

describe('submitting a request', () => {
  const office = RequestOffice.inSpec();

  describe('submit', () => {
    it('makes a line a permission, tells the deciders, writes one audit entry', async () => {
      const before = await office.messagesTo(office.coordinator);
      const view = await office.submitted({ why: 'New caseload\nsince August' });
      expect(view).toMatchObject({
        own: true,
        mayWithdraw: true,
        mayDecide: false,
        version: 1,
        why: 'New caseload\nsince August',
      });
      expect(view.reference).toMatch(/^R-20\d\d-\d{6}$/);
      expect(view.lines.map(({ permission, status }) => [permission.name, status])).toEqual([
        ['IEP Form Writer', 'pending'],
        ['IEP Form Approver', 'pending'],
      ]);
      expect(view.lines[0]).toMatchObject({
        place: { name: 'Cypress Bend High', system: { name: 'Acadia Parish' } },
        stateDesk: false,
        deciders: [{ name: 'Ana Ruiz' }],
        reasons: ['This school has no coordinator of its own, so the coordinator of Acadia Parish decides.'],
      });
      expect(await office.auditOf(`request:${view.id}`)).toEqual([
        { action: 'request.submit', result: 'done', reason: null },
      ]);
      const told = (await office.messagesTo(office.coordinator)).slice(before.length);
      expect(told).toMatchObject([
        {
          kind: 'request.submitted',
          facts: {
            requester: 'Lee Carter',
            asked: 'IEP Form Writer, IEP Form Approver',
            place: 'Cypress Bend High',
            requestId: view.id,
          },
        },
      ]);
    });

    it('the preview tells before what the request then says', async () => {
      const preview = await office.requests.preview(office.teacher.actor, office.wish().wishes);
      const view = await office.submitted();
      expect(preview).toHaveLength(1);
      for (const { reasons, deciders } of view.lines)
        expect({ reasons, deciders }).toEqual({
          reasons: preview[0]!.routing.reasons,
          deciders: preview[0]!.routing.deciders,
        });
    });

    it('a system as a whole goes to a system-level coordinator', async () => {
      const view = await office.submitted({ location: { level: 'system', code: office.system } });
      expect(view.lines[0]!.reasons).toEqual([
        'All sites of Acadia Parish are asked for, so the coordinator of the whole system decides.',
      ]);
    });

    it.each<[string, string, Wanted]>([
      ['an unknown application', 'catalog.unknown-application', { application: 'payroll' }],
      ['a role of another application', 'catalog.unknown-role', { role: 'ser-data' }],
      [
        'a permission of another role',
        'catalog.unknown-permission',
        { permissions: ['iep-form-writer', 'ser-data-writer'] },
      ],
      ['no permission', 'requests.incomplete', { permissions: [] }],
      ['an unknown site', 'sites.unknown-code', { location: { level: 'site', code: 'ZZZ999' } }],
      ['a system code as a site', 'sites.unknown-code', { location: { level: 'site', code: 'T01' } }],
      ['a hostile code', 'sites.unknown-code', { location: { level: 'site', code: `'; drop table site; --` } }],
      ['a prototype as application', 'catalog.unknown-application', { application: '__proto__' }],
      [
        'CO-3 a coordinator role',
        'requests.not-offered',
        { application: 'edlink-security', role: 'security-coordinator', permissions: ['state-desk'] },
      ],
      ['no form key', 'requests.incomplete', { formKey: '' }],
      ['a reason of 2,001 characters', 'requests.bad-text', { why: 'x'.repeat(2001) }],
      ['a reason of 10 MB', 'requests.bad-text', { why: 'x'.repeat(10_000_000) }],
      ['a reason that turns the reading direction', 'requests.bad-text', { why: 'ok \u202Etxt.exe' }],
    ])('refuses %s and changes nothing', async (_, code, more) => {
      const before = [await office.countOf('permission_request'), await office.countOf('message')];
      expect(await codeOf(office.requests.submit(office.teacher.actor, office.wish(more)))).toBe(code);
      expect([await office.countOf('permission_request'), await office.countOf('message')]).toEqual(before);
    });

    it('refuses a closed site', async () => {
      const closed = await aSite(office.libs.em, office.system);
      await office.libs.em.execute(`update site set closed_on = '2021-07-01' where code = ?`, [closed]);
      expect(
        await codeOf(
          office.requests.submit(office.teacher.actor, office.wish({ location: { level: 'site', code: closed } })),
        ),
      ).toBe('sites.closed');
    });

    it('refuses an account without a linked Staff ID, and one that was disabled', async () => {
      const stranger = await anAccount(office.libs.em);
      expect(await codeOf(office.requests.submit({ client: 'portal', accountId: stranger }, office.wish()))).toBe(
        'requests.not-linked',
      );
      await office.libs.em.execute(`update account set status = 'disabled' where id = ?`, [office.teacher.accountId]);
      expect(await codeOf(office.requests.submit(office.teacher.actor, office.wish()))).toBe('requests.not-linked');
    });

    it('R-06 the same form again gives the same answer; with other content it is refused', async () => {
      const form = office.wish();
      const { formKey } = form;
      const first = await office.requests.submit(office.teacher.actor, form);
      expect(
        await office.requests.submit(
          office.teacher.actor,
          office.wish({ formKey, permissions: ['iep-form-approver', 'iep-form-writer'] }),
        ),
      ).toEqual(first);
      expect(await codeOf(office.requests.submit(office.teacher.actor, { ...form, why: 'More' }))).toBe(
        'requests.other-form',
      );
      const colleague = await aTeacher(office.libs.em);
      expect((await office.requests.submit(colleague.actor, form)).id).not.toBe(first.id);
    });

    it('the same again while it is open is refused, and says where it waits', async () => {
      const view = await office.submitted({ permissions: ['iep-form-writer'] });
      const again = office.requests.submit(office.teacher.actor, office.wish());
      await expect(again).rejects.toMatchObject({
        code: 'requests.already-open',
        status: 409,
        detail: expect.stringContaining(view.reference),
      });
    });

    it('CO-5 what is granted already is refused; another role at the same place is a change of role', async () => {
      const view = await office.submitted({ application: 'ser', role: 'ser-data', permissions: ['ser-data-reader'] });
      await office.decide(view, approveAll(view));
      const at = { application: 'ser', location: { level: 'site' as const, code: office.school } };
      expect(
        await codeOf(
          office.requests.submit(
            office.teacher.actor,
            office.wish({ ...at, role: 'ser-data', permissions: ['ser-data-reader'] }),
          ),
        ),
      ).toBe('grants.already-held');
      await office.submitted({ ...at, role: 'ser-lasid', permissions: ['ser-lasid-writer'] });
      await office.submitted({ ...at, role: 'ser-data', permissions: ['ser-data-writer'] });
      await office.submitted({
        application: 'ser',
        role: 'ser-lasid',
        permissions: ['ser-lasid-writer'],
        location: { level: 'system', code: office.system },
      });
    });

    it('CO-7 the 21st open request is refused; a withdrawn one makes room', async () => {
      const places = await Promise.all(Array.from({ length: 21 }, () => aSite(office.libs.em, office.system)));
      const made: string[] = [];
      for (const code of places.slice(0, 20))
        made.push(
          (await office.requests.submit(office.teacher.actor, office.wish({ location: { level: 'site', code } }))).id,
        );
      const last = office.wish({ location: { level: 'site', code: places[20]! } });
      expect(await codeOf(office.requests.submit(office.teacher.actor, last))).toBe('requests.too-many-open');
      await office.requests.withdraw(office.teacher.actor, made[3]!);
      await office.requests.submit(office.teacher.actor, last);
    });
  });
});
