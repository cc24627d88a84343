import { days, systemActor } from '#kernel';
import { MessageKinds } from '#notifications';
import { MovableClock } from '../../../test/support/clock.js';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aSite, aStateOfficer, aSystem, aTeacher, type TestPerson } from '../../../test/support/people.js';
import { GrantsService, GrantVerbs, GrantVerbsModule, UnusedAccess } from './index.js';

describe('access that is not used', () => {
  let clock: MovableClock;
  let libs: TestLibs;
  let grants: GrantsService;
  let unused: UnusedAccess;
  let teacher: TestPerson;
  let system: string;
  let school: string;

  beforeEach(async () => {
    clock = new MovableClock();
    libs = await startLibs([GrantVerbsModule], { clock });
    grants = libs.app.get(GrantsService);
    unused = libs.app.get(UnusedAccess);
    system = await aSystem(libs.em);
    school = await aSite(libs.em, system);
    teacher = await aTeacher(libs.em);
  });
  afterEach(() => libs?.close());

  const given = (application = 'ser', role = 'ser-data', permission = 'ser-data-reader'): Promise<string> =>
    grants.give(systemActor, {
      accountId: teacher.accountId,
      staffMemberId: teacher.staffMemberId,
      application,
      role,
      permission,
      location: { level: 'site', code: school },
      systemCode: system,
    });
  const entered = (): Promise<unknown> =>
    libs.em.execute(
      `insert into application_use (account_id, application, last_entered_at) values (?, 'ser', ?)
       on conflict (account_id, application) do update set last_entered_at = excluded.last_entered_at`,
      [teacher.accountId, clock.now()],
    );
  const effective = async (): Promise<number> =>
    (await grants.effective(teacher.accountId, undefined, clock.now())).length;
  const told = async (): Promise<string[]> =>
    (
      await libs.em.execute<{ kind: string }[]>(`select kind from message where recipient_id = ? order by queued_at`, [
        teacher.accountId,
      ])
    ).map(({ kind }) => kind);
  const pass = async (count: number): Promise<void> => {
    for (let day = 0; day < count; day++) {
      clock.advance(days(1));
      await unused.follow();
    }
  };

  it('CF-5 is warned of at 60, 75 and 85 days, and rests at 90; each once', async () => {
    const id = await given();
    await given('canopy', 'canopy-learning', 'learner');
    const seen: Record<number, number> = {};
    for (let day = 1; day <= 95; day++) {
      await pass(1);
      seen[day] = (await told()).length;
    }
    expect([59, 60, 74, 75, 84, 85, 89, 90, 95].map((day) => seen[day])).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect(await told()).toEqual(['grants.unused', 'grants.unused', 'grants.unused', 'grants.rests-unused']);
    expect((await grants.of(teacher.accountId)).find((one) => one.id === id)).toMatchObject({ state: 'suspended' });
    expect(await effective()).toBe(1);
    const officer = await aStateOfficer(libs.em);
    await libs.app.get(GrantVerbs).resume(officer.actor, id);
    await pass(59);
    expect(await effective()).toBe(2);
  });

  it('CF-5 whoever enters begins anew; nobody rests without the last warning five days before', async () => {
    await given();
    await pass(80);
    await entered();
    await pass(59);
    expect(await told()).toHaveLength(2);
    expect(await effective()).toBe(1);
    clock.advance(days(100));
    await pass(5);
    expect(await effective()).toBe(1);
    await pass(1);
    expect(await effective()).toBe(0);
  });

  it('CF-5 R-04 several workers at once, and again: each warning and the rest once', async () => {
    await given();
    clock.advance(days(86));
    const other = (): UnusedAccess =>
      Object.assign(Object.create(UnusedAccess.prototype) as UnusedAccess, unused, { followed: '' });
    await Promise.all(Array.from({ length: 8 }, () => other().follow()));
    expect(await told()).toEqual(['grants.unused']);
    clock.advance(days(6));
    await Promise.all(Array.from({ length: 8 }, () => other().follow()));
    expect(await told()).toEqual(['grants.unused', 'grants.rests-unused']);
    const deeds = await libs.em.execute(`select 1 from audit_entry where action = 'grant.suspend'`);
    expect(deeds).toHaveLength(1);
  });

  it('ML-3 both messages have their words', async () => {
    const kinds = libs.app.get(MessageKinds, { strict: false });
    for (const kind of ['unused', 'rests-unused']) {
      const facts = { application: 'SER', day: 'May 1, 2027' };
      const words = await kinds.named(`grants.${kind}`).word({ facts } as never, { em: libs.em, forMail: true });
      expect(JSON.stringify(words)).not.toMatch(/undefined/);
    }
  });
});
