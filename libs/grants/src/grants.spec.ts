import { hours, newId, systemActor } from '#kernel';
import { anAccount, aSite, aSystem, aTeacher, type TestPerson } from '../../../test/support/people.js';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import { type Gift, GrantsModule, GrantsService } from './index.js';

describe('grants', () => {
  let libs: TestLibs;
  let grants: GrantsService;
  let system: string;
  let school: string;
  let teacher: TestPerson;
  const now = (): Date => new Date();

  beforeAll(async () => {
    libs = await startLibs([GrantsModule]);
    grants = libs.app.get(GrantsService);
    system = await aSystem(libs.em);
    school = await aSite(libs.em, system);
  });
  afterAll(() => libs?.close());
  beforeEach(async () => void (teacher = await aTeacher(libs.em)));

  const gift = (more: Partial<Gift> = {}): Gift => ({
    accountId: teacher.accountId,
    staffMemberId: teacher.staffMemberId,
    application: 'ser',
    role: 'ser-data',
    permission: 'ser-data-reader',
    location: { level: 'site', code: school },
    systemCode: system,
    ...more,
  });
  const effective = async (applications?: string[], at = now()): Promise<string[]> =>
    (await grants.effective(teacher.accountId, applications, at)).map(
      (one) => `${one.permission}@${one.location.code}`,
    );

  it('what was given is effective, with role, place and system, until it is ended', async () => {
    const id = await grants.give(systemActor, gift());
    await grants.give(
      systemActor,
      gift({ permission: 'ser-data-writer', location: { level: 'system', code: system } }),
    );
    expect(await grants.effective(teacher.accountId, ['ser'], now())).toEqual([
      {
        application: 'ser',
        role: 'ser-data',
        permission: 'ser-data-reader',
        location: { level: 'site', code: school },
        systemCode: system,
      },
      {
        application: 'ser',
        role: 'ser-data',
        permission: 'ser-data-writer',
        location: { level: 'system', code: system },
        systemCode: system,
      },
    ]);
    const end = (grantId: string): Promise<unknown[]> =>
      grants.endFor(systemActor, { grantIds: [grantId] }, 'duty-changed', 'Duties changed');
    expect(await end(id)).toEqual([expect.objectContaining({ id, permission: 'ser-data-reader' })]);
    expect(await effective()).toEqual([`ser-data-writer@${system}`]);
    for (const none of [id, newId(), 'x']) expect(await end(none)).toEqual([]);
    const audit = await libs.em.execute<{ action: string }[]>(
      `select action from audit_entry where target = ? order by id`,
      [`grant:${id}`],
    );
    expect(audit.map(({ action }) => action)).toEqual(['grant.give', 'grant.end']);
    expect(await grants.of(teacher.accountId)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id,
          cause: 'duty-changed',
          reason: 'Duties changed',
          endedAt: expect.any(Date) as Date,
        }),
      ]),
    );
  });

  it('only applications that were asked for are answered, and none when the list is empty', async () => {
    await grants.give(systemActor, gift());
    expect(await effective(['ser', 'canopy'])).toEqual([`ser-data-reader@${school}`]);
    expect(await effective(['canopy', `x"},'`])).toEqual([]);
    expect(await effective([])).toEqual([]);
  });

  it('holds from its first instant up to its last', async () => {
    const from = new Date(now().getTime() + hours(1));
    const to = new Date(now().getTime() + hours(2));
    await grants.give(systemActor, gift({ fromAt: from, toAt: to }));
    const at = (shift: number, base = from): Promise<string[]> =>
      effective(undefined, new Date(base.getTime() + shift));
    expect([await at(-1), await at(0), await at(-1, to), await at(0, to)].map((found) => found.length)).toEqual([
      0, 1, 1, 0,
    ]);
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      'the account is disabled',
      () => libs.em.execute(`update account set status = 'disabled' where id = ?`, [teacher.accountId]),
    ],
    [
      'the account is frozen',
      () => libs.em.execute(`update account set status = 'frozen' where id = ?`, [teacher.accountId]),
    ],
    [
      'the Staff ID link ended',
      () => libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [teacher.accountId]),
    ],
    [
      'the account is another person now',
      async () => {
        await libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [teacher.accountId]);
        const other = await aTeacher(libs.em);
        await libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [other.accountId]);
        await libs.em.execute(
          `insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`,
          [newId(), teacher.accountId, other.staffMemberId],
        );
      },
    ],
  ])('nothing is effective once %s', async (_, change) => {
    await grants.give(systemActor, gift());
    expect(await effective()).toHaveLength(1);
    await change();
    expect(await effective()).toEqual([]);
  });

  it.each([{ permission: 'of-old' }, { role: 'of-old' }, { application: 'of-old' }])(
    'nothing is effective that the catalogue does not know: %p',
    async (more) => {
      await grants.give(systemActor, gift(more));
      expect(await effective()).toEqual([]);
    },
  );

  it('ID-4 a new account of the same person has nothing of the old one', async () => {
    await grants.give(systemActor, gift());
    const fresh = await anAccount(libs.em);
    await libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [teacher.accountId]);
    await libs.em.execute(
      `insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`,
      [newId(), fresh, teacher.staffMemberId],
    );
    expect(await grants.effective(fresh, undefined, now())).toEqual([]);
  });

  it('ID-4 CO-5 what the old account held neither stands in the way of the new one nor comes back to life', async () => {
    const old = await grants.give(systemActor, gift());
    const fresh = await anAccount(libs.em);
    const link = (accountId: string): Promise<unknown> =>
      libs.em.execute(`insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`, [
        newId(),
        accountId,
        teacher.staffMemberId,
      ]);
    const unlink = (accountId: string): Promise<unknown> =>
      libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [accountId]);
    await unlink(teacher.accountId);
    await link(fresh);
    expect(await grants.holdings(teacher.staffMemberId)).toEqual([]);
    await grants.give(systemActor, gift({ accountId: fresh }));
    expect(await grants.effective(fresh, undefined, now())).toHaveLength(1);
    expect(
      await libs.em.execute(`select reason from audit_entry where action = 'grant.end' and target = ?`, [
        `grant:${old}`,
      ]),
    ).toEqual([{ reason: 'The account it was given to is no longer linked to this Staff ID.' }]);
    await unlink(fresh);
    await link(teacher.accountId);
    expect(await effective()).toEqual([]);
  });

  it('CO-5 one role per person, application and place; a permission once', async () => {
    await grants.give(systemActor, gift());
    expect(await codeOf(grants.give(systemActor, gift()))).toBe('grants.already-held');
    expect(await codeOf(grants.give(systemActor, gift({ role: 'ser-lasid', permission: 'ser-lasid-writer' })))).toBe(
      'grants.other-role',
    );
    await grants.give(systemActor, gift({ permission: 'ser-data-writer' }));
    await grants.give(systemActor, gift({ application: 'canopy', role: 'canopy-learning', permission: 'learner' }));
    await grants.give(
      systemActor,
      gift({ role: 'ser-lasid', permission: 'ser-lasid-writer', location: { level: 'system', code: system } }),
    );
  });

  it('R-07 CO-5 twenty at once: one is given, in the table too', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        codeOf(grants.give(systemActor, at % 2 ? gift() : gift({ role: 'ser-lasid', permission: 'ser-lasid-writer' }))),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.startsWith('done'))).toHaveLength(1);
    for (const outcome of outcomes) expect(outcome).toMatch(/^done|^grants\./);
    expect(await effective()).toHaveLength(1);
  });
});
