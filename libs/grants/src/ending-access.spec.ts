import { days, systemActor } from '#kernel';
import { MessageKinds } from '#notifications';
import { MovableClock } from '../../../test/support/clock.js';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aSite, aSystem, aTeacher, type TestPerson } from '../../../test/support/people.js';
import { EndingAccess, GrantsService, GrantVerbsModule } from './index.js';

describe('access that ends soon', () => {
  let clock: MovableClock;
  let libs: TestLibs;
  let grants: GrantsService;
  let ending: EndingAccess;
  let teacher: TestPerson;
  let system: string;
  let school: string;

  beforeEach(async () => {
    clock = new MovableClock();
    libs = await startLibs([GrantVerbsModule], { clock });
    [grants, ending] = [libs.app.get(GrantsService), libs.app.get(EndingAccess)];
    system = await aSystem(libs.em);
    school = await aSite(libs.em, system, { name: 'Heron Street' });
    teacher = await aTeacher(libs.em);
  });
  afterEach(() => libs?.close());

  const inDays = (count: number): Date => new Date(clock.now().getTime() + days(count));
  const given = (toAt: Date | undefined, permission = 'ser-data-reader'): Promise<string> =>
    grants.give(systemActor, {
      accountId: teacher.accountId,
      staffMemberId: teacher.staffMemberId,
      application: 'ser',
      role: 'ser-data',
      permission,
      location: { level: 'site', code: school },
      systemCode: system,
      toAt,
    });
  const told = (): Promise<{ kind: string; facts: Record<string, string> }[]> =>
    libs.em.execute(`select kind, facts from message where recipient_id = ? order by queued_at, id`, [
      teacher.accountId,
    ]);
  const pass = async (count: number): Promise<void> => {
    for (let day = 0; day < count; day++) {
      clock.advance(days(1));
      await ending.follow();
    }
  };

  it('AC-6 its holder is told 30, 14 and 3 days before, once each, and nothing after', async () => {
    await given(inDays(40));
    await ending.follow();
    for (const [after, mails] of [
      [9, 0],
      [1, 1],
      [15, 1],
      [1, 2],
      [10, 2],
      [1, 3],
      [9, 3],
    ] as const) {
      await pass(after);
      expect(await told()).toHaveLength(mails);
    }
    const [mail] = await told();
    const { subject, paragraphs, action } = await libs.app
      .get(MessageKinds, { strict: false })
      .named('grants.ends-soon')
      .word({ facts: mail!.facts } as never, { em: libs.em, forMail: true });
    expect(subject).toBe('Access of yours ends soon');
    expect(paragraphs.join(' ')).toContain('SER Data Reader in SER at Heron Street.');
    expect(action?.address).toMatch(/\/access$/);
  });

  it('what ends on one day is one mail; an end nobody had known of for so long is told at the next step', async () => {
    const toAt = inDays(20);
    await given(toAt);
    await given(toAt, 'ser-data-writer');
    await pass(5);
    expect(await told()).toEqual([]);
    await pass(1);
    const [mail, ...others] = await told();
    expect(others).toEqual([]);
    expect([mail!.facts.what00, mail!.facts.what01].sort()).toEqual([
      'SER Data Reader in SER at Heron Street',
      'SER Data Writer in SER at Heron Street',
    ]);
  });

  it('a later end is told of anew; what rests, has ended or is for good is not told of', async () => {
    const kept = await given(inDays(20));
    await given(undefined, 'ser-data-writer');
    await pass(7);
    expect(await told()).toHaveLength(1);
    await grants.extend(systemActor, kept, inDays(60), 'extended');
    await pass(20);
    expect(await told()).toHaveLength(1);
    await pass(10);
    expect(await told()).toHaveLength(2);
    await grants.endFor(systemActor, { grantIds: [kept] }, 'revoked');
    await pass(30);
    expect(await told()).toHaveLength(2);
  });

  it('several workers at once, and a worker that begins late, tell each step once', async () => {
    await given(inDays(40));
    clock.advance(days(38));
    const other = (): EndingAccess =>
      Object.assign(Object.create(EndingAccess.prototype) as EndingAccess, ending, { followed: '' });
    await Promise.all(Array.from({ length: 8 }, () => other().follow()));
    expect(await told()).toHaveLength(1);
    await pass(1);
    expect(await told()).toHaveLength(1);
  });
});
