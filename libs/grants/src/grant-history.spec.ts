import { days, hours, type SignedIn, systemActor } from '#kernel';
import { MovableClock } from '../../../test/support/clock.js';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aSite, aStateOfficer, aSystem, aTeacher, type TestPerson } from '../../../test/support/people.js';
import { GrantHistory, GrantsService, GrantVerbs, GrantVerbsModule } from './index.js';

/** One entry of the audit log about a grant: from one instant to another it is this, and that was recorded then. */
interface Entry {
  grantId: string;
  staffMemberId: string;
  application: string;
  permission: string;
  code: string;
  fromAt: Date;
  toAt?: Date;
  state: 'active' | 'suspended' | 'ended';
  recordedAt: Date;
}

/** What a grant is at an instant by the log alone: the last entry that speaks of that instant. */
const stateIn = (log: Entry[], grantId: string, validAt: Date, believedAt?: Date): string | undefined =>
  log.findLast(
    (one) =>
      one.grantId === grantId &&
      (!believedAt || one.recordedAt <= believedAt) &&
      one.fromAt <= validAt &&
      (!one.toAt || one.toAt > validAt),
  )?.state;

describe('the history of grants', () => {
  const clock = new MovableClock();
  let libs: TestLibs;
  let grants: GrantsService;
  let verbs: GrantVerbs;
  let history: GrantHistory;
  let system: string;
  let sites: string[];
  let officer: TestPerson;
  let people: TestPerson[];
  const begun = new Date();
  const permissions = ['ser-data-reader', 'ser-data-writer'];
  const random = randomFrom(4);
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = <T>(list: T[]): T => list[below(list.length)]!;

  beforeAll(async () => {
    libs = await startLibs([GrantVerbsModule], { clock });
    grants = libs.app.get(GrantsService);
    verbs = libs.app.get(GrantVerbs);
    history = libs.app.get(GrantHistory, { strict: false });
    system = await aSystem(libs.em);
    officer = await aStateOfficer(libs.em);
    sites = [];
    for (let at = 0; at < 4; at++) sites.push(await aSite(libs.em, system));
    people = [];
    for (let at = 0; at < 8; at++) people.push(await aTeacher(libs.em));
    await live(600);
  });
  afterAll(() => libs?.close());

  const gift = (person: TestPerson, site: string, permission: string) => ({
    accountId: person.accountId,
    staffMemberId: person.staffMemberId,
    application: 'ser',
    role: 'ser-data',
    permission,
    location: { level: 'site' as const, code: site },
    systemCode: system,
  });

  /** Half a year of whatever may happen, at random moments; refusals are part of it. */
  async function live(steps: number): Promise<void> {
    const ids: string[] = [];
    const inDays = (count: number): Date => new Date(clock.now().getTime() + days(count));
    for (let step = 0; step < steps; step++) {
      clock.advance(below(hours(14)));
      const person = oneOf(people);
      const id = ids.length ? oneOf(ids.slice(-40)) : '';
      const deeds: (() => Promise<unknown>)[] = [
        async () => {
          const fromAt = below(4) ? undefined : inDays(below(20));
          const toAt = below(2) ? undefined : inDays(21 + below(60));
          ids.push(await grants.give(systemActor, { ...gift(person, oneOf(sites), oneOf(permissions)), fromAt, toAt }));
        },
        () => verbs.suspend(officer.actor as SignedIn, id, { reason: 'Away' }),
        () => verbs.resume(officer.actor as SignedIn, id),
        () => grants.extend(officer.actor, id, inDays(below(90)), 'extended'),
        () => (below(3) ? Promise.resolve() : verbs.revoke(officer.actor as SignedIn, id, { reason: 'Duties' })),
        () =>
          below(12) ? Promise.resolve() : grants.endFor(systemActor, { staffMemberId: person.staffMemberId }, 'left'),
        () =>
          below(12) ? Promise.resolve() : grants.endFor(systemActor, { siteCodes: [oneOf(sites)] }, 'site-closed'),
      ];
      const deed = below(2) ? deeds[0]! : oneOf(deeds);
      await deed().catch((fault: { code?: string }) => expect(fault.code).toMatch(/^grants\./));
    }
  }

  async function logged(): Promise<Entry[]> {
    const rows = await libs.em.execute<{ target: string; after: Record<string, string> }[]>(
      `select target, after from audit_entry where target like 'grant:%' and result = 'done' order by id`,
    );
    return rows.map(({ target, after }) => ({
      grantId: target.slice('grant:'.length),
      staffMemberId: after.staffMemberId!,
      application: after.application!,
      permission: after.permission!,
      code: after.code!,
      fromAt: new Date(after.fromAt!),
      toAt: after.toAt ? new Date(after.toAt) : undefined,
      state: after.state as Entry['state'],
      recordedAt: new Date(after.recordedAt!),
    }));
  }

  /** A moment of the half year; every third the very instant of an entry. */
  const moment = (log: Entry[]): Date => {
    const entry = oneOf(log);
    if (!below(3)) return below(2) ? entry.fromAt : entry.recordedAt;
    return new Date(begun.getTime() + below(clock.now().getTime() - begun.getTime() + days(30)));
  };

  it('AU-1 a thousand random questions are answered as a replay of the audit log answers them', async () => {
    const log = await logged();
    const ids = [...new Set(log.map(({ grantId }) => grantId))];
    const first = new Map(ids.map((id) => [id, log.find(({ grantId }) => grantId === id)!]));
    expect(new Set(log.map(({ state }) => state))).toEqual(new Set(['active', 'suspended', 'ended']));
    let found = 0;
    for (let question = 0; question < 1000; question++) {
      const [validAt, believedAt] = [moment(log), below(3) ? moment(log) : undefined];
      const [site, permission] = [oneOf(sites), below(3) ? oneOf(permissions) : undefined];
      const person = below(2) ? oneOf(people).staffMemberId : undefined;
      const asked = ids.filter((id) => {
        const { code, permission: held, staffMemberId } = first.get(id)!;
        return person ? staffMemberId === person : code === site && (!permission || held === permission);
      });
      const expected = asked
        .map((id) => `${id} ${stateIn(log, id, validAt, believedAt)}`)
        .filter((one) => (person ? /active|suspended/ : /active/).test(one));
      const location = { level: 'site' as const, code: site };
      const answer = person
        ? await history.ofPerson(person, { from: validAt, to: new Date(validAt.getTime() + 1), believedAt })
        : await history.whoHad({ application: 'ser', permission, location, validAt, believedAt });
      expect(answer.map(({ grantId, state }) => `${grantId} ${state}`).sort()).toEqual(expected.sort());
      found += answer.length;
    }
    expect(found).toBeGreaterThan(1000);
  });

  it('what a person had in a month: every period that touches it, with why and by whom', async () => {
    const person = await aTeacher(libs.em);
    const from = clock.now();
    const id = await grants.give(officer.actor, gift(person, sites[0]!, 'ser-data-reader'));
    clock.advance(days(10));
    const then = clock.now();
    clock.advance(1);
    await verbs.suspend(officer.actor as SignedIn, id, { reason: 'Away' });
    clock.advance(days(10));
    await verbs.revoke(officer.actor as SignedIn, id, { reason: 'Other duties' });
    const to = clock.now();
    const periods = await history.ofPerson(person.staffMemberId, { from, to });
    const by = officer.staffMemberId;
    expect(periods).toMatchObject([
      { grantId: id, state: 'active', cause: 'suspended', by, fromAt: expect.any(Date) as Date },
      { grantId: id, state: 'suspended', cause: 'revoked', reason: 'Other duties', by },
    ]);
    expect(periods[0]!.toAt).toEqual(periods[1]!.fromAt);
    expect(await history.ofPerson(person.staffMemberId, { from, to, believedAt: then })).toMatchObject([
      { state: 'active', cause: 'given' },
    ]);
    expect(await history.ofPerson(person.staffMemberId, { from: to, to: new Date(to.getTime() + days(30)) })).toEqual(
      [],
    );
    expect(await history.ofPerson(person.staffMemberId, { from, to, believedAt: from })).toEqual([]);
  });
});

/** The same numbers in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
