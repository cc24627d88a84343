import { days, localDay, newId, type SignedIn, systemActor } from '#kernel';
import { MessageKinds } from '#notifications';
import { brokenInvariants } from '../../../test/support/invariants.js';
import { approvedBy } from '../../../test/support/duties.js';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  type TestCoordinator,
  type TestPerson,
} from '../../../test/support/people.js';
import { GrantVerbsModule, GrantsService, GrantVerbs } from './index.js';

describe('what people do with grants', () => {
  let libs: TestLibs;
  let grants: GrantsService;
  let verbs: GrantVerbs;
  let system: string;
  let school: string;
  let teacher: TestPerson;
  let coordinator: TestCoordinator;
  let officer: TestCoordinator;
  let stranger: TestCoordinator;
  const reason = 'The duties have changed.';

  beforeAll(async () => {
    libs = await startLibs([GrantVerbsModule]);
    [grants, verbs] = [libs.app.get(GrantsService), libs.app.get(GrantVerbs)];
    system = await aSystem(libs.em);
    school = await aSite(libs.em, system);
    coordinator = await aCoordinator(libs.em, { reach: 'site', system, sites: [school] });
    officer = await aStateOfficer(libs.em);
    stranger = await aCoordinator(libs.em, { reach: 'system', system: await aSystem(libs.em) });
  });
  afterAll(() => libs?.close());
  afterEach(async () => expect(await brokenInvariants(libs.em, { but: ['I1'] })).toEqual([]));
  beforeEach(async () => void (teacher = await aTeacher(libs.em)));

  const given = (to: TestPerson = teacher, more: { toAt?: Date; permission?: string } = {}): Promise<string> =>
    grants.give(systemActor, {
      accountId: to.accountId,
      staffMemberId: to.staffMemberId,
      application: 'ser',
      role: 'ser-data',
      permission: 'ser-data-reader',
      location: { level: 'site', code: school },
      systemCode: system,
      ...more,
    });
  const effective = async (person: TestPerson = teacher): Promise<number> =>
    (await grants.effective(person.accountId, undefined, new Date())).length;
  const inDays = (count: number): string => localDay(new Date(Date.now() + days(count)));
  const versionsOf = (grantId: string): Promise<Record<string, unknown>[]> =>
    libs.em.execute(
      `select state, cause, superseded_at is not null as superseded, to_at is not null as ends, by_staff_member_id as by, reason
       from grant_version where grant_id = ? order by recorded_at, from_at`,
      [grantId],
    );

  it('gives up their own, and nobody else can; what was believed before stays on record', async () => {
    const id = await given();
    for (const actor of [coordinator.actor, stranger.actor, officer.actor])
      expect(await codeOf(verbs.giveUp(actor, id))).toBe('grants.not-found');
    expect(await codeOf(verbs.giveUp(teacher.actor, 'x'))).toBe('grants.not-found');
    await verbs.giveUp(teacher.actor, id);
    expect(await effective()).toBe(0);
    expect(await versionsOf(id)).toEqual([
      { state: 'active', cause: 'given', superseded: true, ends: false, by: null, reason: null },
      { state: 'active', cause: 'given-up', superseded: false, ends: true, by: teacher.staffMemberId, reason: null },
    ]);
    expect(await codeOf(verbs.giveUp(teacher.actor, id))).toBe('grants.already-ended');
  });

  it('a person who lost the Staff ID gives up nothing', async () => {
    const id = await given();
    await libs.em.execute(`update staff_link set ended_at = now() where account_id = ?`, [teacher.accountId]);
    expect(await codeOf(verbs.giveUp(teacher.actor, id))).toBe('grants.not-found');
  });

  const acts: [string, (actor: SignedIn, id: string) => Promise<unknown>][] = [
    ['revoke', (actor, id) => verbs.revoke(actor, id, { reason })],
    ['suspend', (actor, id) => verbs.suspend(actor, id, { reason })],
    ['resume', (actor, id) => verbs.resume(actor, id)],
    ['renewMany', (actor, id) => verbs.renewMany(actor, [id], inDays(400))],
  ];

  it.each(acts)('CO-1 CO-2 %s is for those who decide at the place, never for oneself', async (name, act) => {
    const toAt = new Date(Date.now() + days(30));
    const [id, own, absent] = [await given(teacher, { toAt }), await given(coordinator, { toAt }), newId()];
    const nobody: SignedIn = { client: 'portal', accountId: newId() };
    for (const actor of [stranger.actor, teacher.actor, nobody])
      expect(await codeOf(act(actor, id))).toBe(actor === teacher.actor ? 'grants.own' : 'grants.not-found');
    expect(await codeOf(act(coordinator.actor, own))).toBe('grants.own');
    expect(await codeOf(act(coordinator.actor, absent))).toBe('grants.not-found');
    expect(await effective()).toBe(1);
    for (const actor of [coordinator.actor, officer.actor]) {
      const one = await given(await aTeacher(libs.em), { toAt });
      if (name === 'resume') await verbs.suspend(actor, one, { reason });
      expect(await codeOf(act(actor, one))).toMatch(/^done/);
    }
    await verbs.giveUp(coordinator.actor, own);
  });

  it('a coordinator who has not signed is told so', async () => {
    const unsigned = await aCoordinator(libs.em, { reach: 'system', system, signed: false });
    expect(await codeOf(verbs.revoke(unsigned.actor, await given(), { reason }))).toBe('coordinators.unsigned');
  });

  it('the person reads why access was ended; a reason has to be there, in plain words', async () => {
    const id = await given();
    for (const bad of ['', '  ', 'x'.repeat(501), 'turned\u202e'])
      expect(await codeOf(verbs.revoke(coordinator.actor, id, { reason: bad }))).toBe('grants.bad-reason');
    await verbs.revoke(coordinator.actor, id, { reason });
    const [told] = await libs.em.execute<{ kind: string; facts: Record<string, string> }[]>(
      `select kind, facts from message where recipient_id = ?`,
      [teacher.accountId],
    );
    expect(told).toMatchObject({ kind: 'grants.revoked', facts: { reason, permission: 'SER Data Reader in SER' } });
    expect(await grants.of(teacher.accountId)).toEqual([expect.objectContaining({ id, cause: 'revoked', reason })]);
  });

  it('rests and goes on; while it rests nothing is effective, and it keeps its place', async () => {
    const id = await given();
    expect(await codeOf(verbs.resume(coordinator.actor, id))).toBe('grants.not-suspended');
    await verbs.suspend(coordinator.actor, id, { reason });
    expect(await effective()).toBe(0);
    expect(await codeOf(verbs.suspend(coordinator.actor, id, { reason }))).toBe('grants.suspended');
    expect(await codeOf(given())).toBe('grants.already-held');
    await verbs.resume(coordinator.actor, id);
    expect(await effective()).toBe(1);
    expect((await versionsOf(id)).filter(({ superseded }) => !superseded)).toMatchObject([
      { state: 'active', cause: 'suspended', ends: true },
      { state: 'suspended', cause: 'resumed', ends: true },
      { state: 'active', cause: 'resumed', ends: false },
    ]);
    await verbs.revoke(coordinator.actor, id, { reason });
    expect(await codeOf(verbs.resume(coordinator.actor, id))).toBe('grants.already-ended');
  });

  it('renews many, each with its own result; a foreign one or one’s own refuses the whole', async () => {
    const toAt = new Date(Date.now() + days(30));
    const [one, forGood] = [await given(teacher, { toAt }), await given(teacher, { permission: 'ser-data-writer' })];
    const other = await aTeacher(libs.em);
    const gone = await given(other);
    await verbs.giveUp(other.actor, gone);
    const until = inDays(90);
    expect(await verbs.renewMany(coordinator.actor, [one, forGood, gone, one], until)).toEqual([
      { grantId: one, renewed: true },
      { grantId: forGood, renewed: false, detail: expect.stringMatching(/for good/) as string },
      { grantId: gone, renewed: false, detail: expect.stringMatching(/ended before/) as string },
    ]);
    const later = new Date(Date.now() + days(80));
    expect(await grants.effective(teacher.accountId, undefined, later)).toHaveLength(2);
    const own = await given(coordinator, { toAt });
    expect(await codeOf(verbs.renewMany(coordinator.actor, [one, own], inDays(200)))).toBe('grants.own');
    expect(await codeOf(verbs.renewMany(coordinator.actor, [one, newId()], inDays(200)))).toBe('grants.not-found');
    for (const day of [inDays(0), inDays(3700), '9999-12-31', 'soon'])
      expect(await codeOf(verbs.renewMany(coordinator.actor, [one], day))).toBe('grants.wrong-end');
    const many = Array.from({ length: 101 }, newId);
    expect(await codeOf(verbs.renewMany(coordinator.actor, many, inDays(200)))).toBe('grants.too-many');
    expect(await grants.effective(teacher.accountId, undefined, new Date(Date.now() + days(120)))).toHaveLength(1);
    await verbs.giveUp(coordinator.actor, own);
  });

  it('CO-2 what more than a coordinator approves nobody prolongs alone, not even at the state desk', async () => {
    const toAt = new Date(Date.now() + days(30));
    const id = await given(teacher, { toAt });
    approvedBy(libs.app, 'ser', 'special-education-supervisor', 'coordinator');
    try {
      for (const { actor } of [coordinator, officer])
        expect(await verbs.renewMany(actor, [id], inDays(90))).toEqual([
          { grantId: id, renewed: false, detail: expect.stringMatching(/asks to keep it longer/) as string },
        ]);
      expect(await grants.effective(teacher.accountId, undefined, new Date(Date.now() + days(40)))).toEqual([]);
    } finally {
      approvedBy(libs.app, 'ser', 'coordinator');
    }
    expect(await verbs.renewMany(coordinator.actor, [id], inDays(90))).toEqual([{ grantId: id, renewed: true }]);
  });

  it('one that is to begin later never holds when it is ended before', async () => {
    const id = await grants.give(systemActor, {
      accountId: teacher.accountId,
      staffMemberId: teacher.staffMemberId,
      application: 'canopy',
      role: 'canopy-learning',
      permission: 'learner',
      location: { level: 'site', code: school },
      systemCode: system,
      fromAt: new Date(Date.now() + days(5)),
    });
    await verbs.giveUp(teacher.actor, id);
    expect(await grants.effective(teacher.accountId, undefined, new Date(Date.now() + days(6)))).toEqual([]);
  });

  it('R-07 twenty at once, of all verbs: one after the other, and one end', async () => {
    for (let round = 0; round < 10; round++) {
      const person = await aTeacher(libs.em);
      const id = await given(person, { toAt: new Date(Date.now() + days(30)) });
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          codeOf(
            [
              () => verbs.revoke(coordinator.actor, id, { reason }),
              () => verbs.giveUp(person.actor, id),
              () => verbs.suspend(officer.actor, id, { reason }),
              () => verbs.resume(coordinator.actor, id),
              () => grants.extend(systemActor, id, new Date(Date.now() + days(31 + at)), 'extended'),
              () =>
                grants
                  .endFor(systemActor, { staffMemberId: person.staffMemberId }, 'left')
                  .then(({ length }) => length),
            ][at % 6]!(),
          ),
        ),
      );
      for (const outcome of outcomes) expect(outcome).toMatch(/^done|^grants\./);
      expect(await effective(person)).toBe(0);
      const ends = await libs.em.execute(`select 1 from audit_entry where target = ? and action = 'grant.end'`, [
        `grant:${id}`,
      ]);
      expect(ends).toHaveLength(1);
      const overlaps = await libs.em.execute(
        `select 1 from grant_version a join grant_version b on a.grant_id = b.grant_id and a.id < b.id
         where a.grant_id = ? and a.superseded_at is null and b.superseded_at is null and tstzrange(a.from_at, a.to_at) && tstzrange(b.from_at, b.to_at)`,
        [id],
      );
      expect(overlaps).toEqual([]);
    }
  });

  it('R-07 CO-5 one goes on while another role begins there: one of the two', async () => {
    for (let round = 0; round < 10; round++) {
      const person = await aTeacher(libs.em);
      const end = new Date(Date.now() + days(30));
      const id = await given(person, { toAt: end });
      const outcomes = await Promise.all([
        codeOf(grants.extend(systemActor, id, new Date(Date.now() + days(90)), 'extended')),
        codeOf(
          grants.give(systemActor, {
            accountId: person.accountId,
            staffMemberId: person.staffMemberId,
            application: 'ser',
            role: 'ser-lasid',
            permission: 'ser-lasid-writer',
            location: { level: 'site', code: school },
            systemCode: system,
            fromAt: end,
          }),
        ),
      ]);
      expect(outcomes.filter((one) => one.startsWith('done'))).toHaveLength(1);
      expect(outcomes).toContain('grants.other-role');
    }
  });

  it.each([
    [`update access_grant set code = 'x'`],
    [`delete from access_grant`],
    [`update grant_version set to_at = now()`],
    [`delete from grant_version`],
    [`truncate grant_version`],
  ])('AU-4 the apps cannot: %s', async (sql) => {
    await expect(libs.em.execute(sql)).rejects.toThrow(/permission denied/);
  });

  it('ML-3 every message has its words, and says them without gaps', async () => {
    const kinds = libs.app.get(MessageKinds, { strict: false });
    for (const kind of ['revoked', 'suspended', 'resumed', 'renewed']) {
      const facts = { permission: 'SER Data Reader in SER', place: 'Cypress', reason, through: 'May 1, 2027' };
      const words = await kinds.named(`grants.${kind}`).word({ facts } as never, { em: libs.em, forMail: true });
      expect(JSON.stringify(words)).not.toMatch(/undefined|Cypress.*"subject"/);
    }
  });
});
