import { readFileSync } from 'node:fs';
import { Changes, days, type Change } from '#kernel';
import { MovableClock } from '../../../test/support/clock.js';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aCoordinator, anAccount, aSite, aSystem, aTeacher } from '../../../test/support/people.js';
import { CoordinatorsModule, CoordinatorsService, StatementService } from './index.js';
import { readStatement } from './read-statement.js';

describe('the statement of coordinators', () => {
  let libs: TestLibs;
  let clock: MovableClock;
  let statements: StatementService;
  let coordinators: CoordinatorsService;
  const heard: Change[] = [];

  beforeAll(async () => {
    clock = new MovableClock();
    libs = await startLibs([CoordinatorsModule], { clock });
    statements = libs.app.get(StatementService);
    coordinators = libs.app.get(CoordinatorsService);
    libs.app.get(Changes).follow((_, change) => Promise.resolve(void heard.push(change)));
  });
  afterAll(() => libs?.close());

  it('CO-4 a coordinator decides from the moment of signing, for one year', async () => {
    const system = await aSystem(libs.em);
    const site = await aSite(libs.em, system);
    const one = await aCoordinator(libs.em, { reach: 'system', system, signed: false });
    const line = {
      application: 'ser',
      location: { level: 'site' as const, code: site },
      systemCode: system,
      requesterId: (await aTeacher(libs.em)).staffMemberId,
    };
    expect(await coordinators.mayDecide(one.staffMemberId, line)).toBe(false);
    const { version } = statements.text();
    expect(await codeOf(statements.sign(one.actor, 'older'))).toBe('coordinators.moved-on');
    await Promise.all(Array.from({ length: 4 }, () => statements.sign(one.actor, version)));
    expect(await coordinators.mayDecide(one.staffMemberId, line)).toBe(true);
    expect(heard).toEqual([
      { cause: 'Dana Reyes signed the statement of coordinators.', staffMemberIds: [one.staffMemberId] },
    ]);
    const signed = await libs.em.execute(
      `select version, text_hash from statement_signature where staff_member_id = ?`,
      [one.staffMemberId],
    );
    expect(signed).toEqual([{ version, text_hash: statements.text().hash }]);

    clock.advance(days(300));
    heard.splice(0);
    const { until } = (await statements.inForce(one.staffMemberId))!;
    await statements.sign(one.actor, version); // before the year is over: nothing changes today
    expect(heard).toEqual([]);
    expect((await statements.inForce(one.staffMemberId))!.until > until).toBe(true);
    clock.advance(days(367));
    expect(await statements.inForce(one.staffMemberId)).toBeUndefined();
    expect(await coordinators.mayDecide(one.staffMemberId, line)).toBe(false);
  });

  it('is in force up to the day before the year is over, also from a leap day', async () => {
    const { staffMemberId } = await aTeacher(libs.em);
    await libs.em.execute(
      `insert into statement_signature (id, staff_member_id, statement, version, text_hash, signed_on, signed_at)
       values (gen_random_uuid(), ?, 'coordinator', '1', 'x', '2028-02-29', '2028-02-29 12:00')`,
      [staffMemberId],
    );
    expect(await statements.inForce(staffMemberId, '2028-02-28')).toBeUndefined();
    expect(await statements.inForce(staffMemberId, '2029-02-27')).toEqual({
      signedOn: '2028-02-29',
      until: '2029-02-28',
    });
    expect(await statements.inForce(staffMemberId, '2029-02-28')).toBeUndefined();
  });

  it('is signed by a person, not by an account, and never changed', async () => {
    const accountId = await anAccount(libs.em);
    const { version } = statements.text();
    expect(await codeOf(statements.sign({ client: 'portal', accountId }, version))).toBe('coordinators.not-found');
    await expect(libs.em.execute(`update statement_signature set signed_on = now()`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(libs.em.execute(`delete from statement_signature`)).rejects.toThrow(/permission denied/);
  });

  it('is read when an app starts; every fault is named', () => {
    const text = readFileSync(new URL('../../../config/statements/coordinator.yaml', import.meta.url), 'utf8');
    expect(readStatement(text)).toEqual(statements.text());
    expect(() => readStatement('title: x\nparagraphs: [1]\nauthor: me')).toThrow(
      /version must be[^]*paragraphs must be[^]*"author" is not known/,
    );
    expect(() => readStatement('')).toThrow(/version must be/);
  });
});
