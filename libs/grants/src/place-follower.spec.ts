import { Changes, systemActor } from '#kernel';
import { MessageKinds } from '#notifications';
import { Organisation } from '#sites';
import { brokenInvariants } from '../../../test/support/invariants.js';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aCoordinator, aSite, aSystem, aTeacher, type TestPerson } from '../../../test/support/people.js';
import { type Gift, GrantsService, GrantVerbsModule } from './index.js';

describe('access and its place', () => {
  let libs: TestLibs;
  let grants: GrantsService;
  let organisation: Organisation;
  let [system, other, school] = ['', '', ''];
  let teacher: TestPerson;
  let newCoordinator: TestPerson;

  beforeAll(async () => {
    libs = await startLibs([GrantVerbsModule]);
    grants = libs.app.get(GrantsService);
    organisation = libs.app.get(Organisation, { strict: false });
    [system, other] = [await aSystem(libs.em), await aSystem(libs.em)];
    await aCoordinator(libs.em, { reach: 'system', system });
    newCoordinator = await aCoordinator(libs.em, { reach: 'system', system: other });
  });
  afterAll(() => libs?.close());
  afterEach(async () => expect(await brokenInvariants(libs.em, { but: ['I1'] })).toEqual([]));
  beforeEach(async () => {
    school = await aSite(libs.em, system, { name: 'Cypress Bend' });
    teacher = await aTeacher(libs.em);
  });

  const given = (more: Partial<Gift> = {}): Promise<string> =>
    grants.give(systemActor, {
      accountId: teacher.accountId,
      staffMemberId: teacher.staffMemberId,
      application: 'canopy',
      role: 'canopy-learning',
      permission: 'learner',
      location: { level: 'site', code: school },
      systemCode: system,
      ...more,
    });
  const effective = async (): Promise<string[]> =>
    (await grants.effective(teacher.accountId, undefined, new Date())).map(
      (one) => `${one.permission}@${one.location.code}`,
    );
  const reader = { application: 'ser', role: 'ser-data', permission: 'ser-data-reader' };
  const ends = async (): Promise<Record<string, unknown>[]> =>
    (await grants.of(teacher.accountId))
      .filter(({ endedAt }) => endedAt)
      .map(({ cause, reason }) => ({ cause, reason }));
  const mailsTo = ({ accountId }: TestPerson): Promise<{ kind: string; facts: Record<string, string> }[]> =>
    libs.em.execute(
      `select kind, facts from message where recipient_id = ? and facts ->> 'place' = 'Cypress Bend' and kind like 'grants.%'`,
      [accountId],
    );

  it('ends when the site closes; the person is told once, and so are those who decide there; other places stay', async () => {
    const elsewhere = await aSite(libs.em, system);
    const coordinator = await aCoordinator(libs.em, { reach: 'site', system, sites: [school] });
    await given();
    await given(reader);
    await given({ location: { level: 'site', code: elsewhere } });
    await organisation.close(systemActor, { siteCode: school, reason: 'Merged classes' });
    expect(await effective()).toEqual([`learner@${elsewhere}`]);
    expect(await ends()).toEqual(Array(2).fill({ cause: 'site-closed', reason: 'Cypress Bend is closed.' }));
    const [told, ...more] = await mailsTo(teacher);
    expect(told).toMatchObject({
      kind: 'grants.place-changed',
      facts: { permissions: 'Learner in Canopy, SER Data Reader in SER' },
    });
    expect(more).toEqual([]);
    expect(await mailsTo(coordinator)).toMatchObject([{ kind: 'grants.place-ended', facts: { people: '1 person' } }]);
  });

  it('ends when the site moves to another system, whose coordinators decide afresh', async () => {
    await given();
    await organisation.move(systemActor, { siteCode: school, systemCode: other });
    expect(await effective()).toEqual([]);
    expect(await ends()).toEqual([
      { cause: 'site-moved', reason: 'Cypress Bend belongs to another school system now.' },
    ]);
    expect(await mailsTo(newCoordinator)).toMatchObject([{ kind: 'grants.place-ended' }]);
    await given({ systemCode: other });
    await organisation.move(systemActor, { siteCode: school, systemCode: other });
    expect(await effective()).toHaveLength(1);
  });

  it('goes on where the same system answers after the move', async () => {
    const serving = await aSystem(libs.em);
    await libs.em.execute(`update site set kind = 'nonpublic' where code = ?`, [school]);
    await organisation.serve(systemActor, { siteCode: school, systemCode: serving });
    await given({ ...reader, systemCode: serving });
    await given();
    await organisation.move(systemActor, { siteCode: school, systemCode: other });
    expect(await effective()).toEqual([`ser-data-reader@${school}`]);
  });

  it('what was given for a whole system ends when the system closes', async () => {
    const closing = await aSystem(libs.em);
    await given({ location: { level: 'system', code: closing }, systemCode: closing });
    await given();
    const announced = (): Promise<void> =>
      libs.em.transactional(() =>
        libs.app.get(Changes).announce(systemActor, { cause: 'Changed.', systems: [closing, system] }),
      );
    await announced();
    expect(await effective()).toHaveLength(2);
    await libs.em.execute(`update school_system set closed_on = current_date - 1 where code = ?`, [closing]);
    await announced();
    expect(await effective()).toEqual([`learner@${school}`]);
  });

  it('R-07 several places close while people leave: nobody waits crosswise, all has ended', async () => {
    const second = await aSite(libs.em, system);
    const people = await Promise.all(Array.from({ length: 12 }, () => aTeacher(libs.em)));
    for (const person of people)
      for (const code of [school, second]) {
        const { accountId, staffMemberId } = person;
        await given({ accountId, staffMemberId, location: { level: 'site', code } });
      }
    await Promise.all([
      libs.em.transactional(async () => {
        await libs.em.execute(`update site set closed_on = current_date - 1 where code in (?, ?)`, [school, second]);
        const closedSites = [school, second];
        await libs.app.get(Changes).announce(systemActor, { cause: 'Both closed.', closedSites });
      }),
      ...people.map(({ staffMemberId }) => grants.endFor(systemActor, { staffMemberId }, 'left')),
    ]);
    const ended = await libs.em.execute(
      `select 1 from audit_entry where action = 'grant.end' and after ->> 'code' in (?, ?)`,
      [school, second],
    );
    expect(ended).toHaveLength(24);
    for (const { accountId } of people) expect(await grants.effective(accountId, undefined, new Date())).toEqual([]);
  });

  it('the end and the closing are one deed', async () => {
    await given();
    await expect(
      libs.em.transactional(async () => {
        await organisation.close(systemActor, { siteCode: school, reason: 'Not yet' });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await effective()).toHaveLength(1);
  });

  it('ML-3 both messages have their words', async () => {
    const kinds = libs.app.get(MessageKinds, { strict: false });
    for (const kind of ['place-changed', 'place-ended']) {
      const facts = { permissions: 'Learner', place: 'Cypress', people: '2 people', cause: 'Cypress is closed.' };
      const words = await kinds.named(`grants.${kind}`).word({ facts } as never, { em: libs.em, forMail: true });
      expect(JSON.stringify(words)).not.toMatch(/undefined/);
    }
  });
});
