import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrantsService } from '#grants';
import { localDay, newId, type SignedIn, systemActor } from '#kernel';
import { StaffFeedHolds, StaffFeedImport } from '#staff';
import { MovableClock } from '../../../test/support/clock.js';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import { anAccount, aSite, aSystem, aTeacher, type TestPerson } from '../../../test/support/people.js';
import { RequestsService } from '#requests';
import { ComplianceModule, DepartureSweep, Rehires } from './index.js';

const header = 'staff_id,last_name,first_name,middle_name,birth_date,site_code,position,from,to\n';

describe('staff files that end employments', () => {
  const clock = new MovableClock();
  const folder = mkdtempSync(join(tmpdir(), 'edlink-leavers-'));
  let files = 0;
  let libs: TestLibs;
  let feed: StaffFeedImport;
  let holds: StaffFeedHolds;
  let sweep: DepartureSweep;
  let school: string;

  beforeAll(async () => {
    libs = await startLibs([ComplianceModule], { clock });
    feed = libs.app.get(StaffFeedImport, { strict: false });
    holds = libs.app.get(StaffFeedHolds, { strict: false });
    sweep = libs.app.get(DepartureSweep);
    school = await aSite(libs.em, await aSystem(libs.em));
  });
  afterAll(async () => {
    await libs?.close();
    rmSync(folder, { recursive: true });
  });

  const day = (count: number): string => localDay(new Date(clock.now().getTime() + count * 86_400_000));
  const file = (people: TestPerson[], to: string): string => {
    const path = join(folder, `staff-${files++}.csv`);
    const rows = people.map(
      (one) => `${one.staffId},${one.lastName},${one.firstName},,,${school},Teacher,2020-08-01,${to}\n`,
    );
    writeFileSync(path, header + rows.join(''));
    return path;
  };
  const people = async (count: number): Promise<TestPerson[]> => {
    const made: TestPerson[] = [];
    for (let at = 0; at < count; at++) made.push(await aTeacher(libs.em, { site: school }));
    return made;
  };
  const withAccess = async (): Promise<TestPerson> => {
    const [person] = await people(1);
    const { accountId, staffMemberId } = person!;
    const what = { application: 'ser-iep-form', role: 'iep-form', permission: 'iep-form-writer' };
    const location = { level: 'site' as const, code: school };
    const gift = { ...what, location, systemCode: school, accountId, staffMemberId };
    await libs.app.get(GrantsService, { strict: false }).give(systemActor, gift);
    return person!;
  };
  const access = async ({ accountId }: TestPerson): Promise<number> =>
    (await libs.app.get(GrantsService, { strict: false }).effective(accountId, undefined, clock.now())).length;
  const account = async (): Promise<SignedIn> => ({ client: 'portal', accountId: await anAccount(libs.em) });

  it('access follows, at once for a day that has passed, else on its day, and never comes back with the employment', async () => {
    const [gone, going] = [await withAccess(), await withAccess()];
    await feed.apply(systemActor, file([gone], day(-2)));
    await feed.apply(systemActor, file([going], day(1)));
    expect(await sweep.followEnds()).toBe(1);
    expect([await access(gone), await access(going)]).toEqual([0, 1]);
    clock.advance(2 * 86_400_000);
    expect(await sweep.followEnds()).toBe(1);
    expect(await access(going)).toBe(0);
    await feed.apply(systemActor, file([gone, going], ''));
    expect(await sweep.followEnds()).toBe(0);
    expect([await access(gone), await access(going)]).toEqual([0, 0]);
    const records = await libs.em.execute<{ reason: string; ended: { kind: string }[] }[]>(
      `select reason, ended from departure`,
    );
    expect(records.map(({ reason, ended }) => [reason, ended.map(({ kind }) => kind)])).toEqual(
      Array(2).fill([
        'The staff records of the school system say that the employment ended.',
        ['employment', 'grant', 'sessions'],
      ]),
    );
  });

  it('who comes back within 90 days is offered to ask for the same again, until it is asked for', async () => {
    const [person, away] = [await withAccess(), await withAccess()];
    const offers = async (who: TestPerson) => libs.app.get(Rehires).offers(who.accountId);
    expect(await offers(person)).toEqual([]);
    await feed.apply(systemActor, file([person], day(-2)));
    await feed.apply(systemActor, file([away], day(-2)));
    await sweep.followEnds();
    expect(await offers(person)).toEqual([]); // not employed
    await feed.apply(systemActor, file([person], ''));
    const wish = { application: 'ser-iep-form', role: 'iep-form', location: { level: 'site' as const, code: school } };
    expect(await offers(person)).toEqual([
      { ...wish, permissions: ['iep-form-writer'], words: [expect.stringContaining('IEP Form Writer in ')] },
    ]);
    const form = { wishes: [{ ...wish, permissions: ['iep-form-writer'] }], formKey: newId() };
    await libs.app.get(RequestsService, { strict: false }).submit(person.actor, form);
    expect(await offers(person)).toEqual([]);
    clock.advance(91 * 86_400_000);
    await feed.apply(systemActor, file([away], ''));
    expect(await offers(away)).toEqual([]);
  });

  it('an end that a later file takes back before its day ends nothing', async () => {
    const person = await withAccess();
    await feed.apply(systemActor, file([person], day(3)));
    await feed.apply(systemActor, file([person], ''));
    clock.advance(5 * 86_400_000);
    expect(await sweep.followEnds()).toBe(0);
    expect(await access(person)).toBe(1);
  });

  it('what would end many waits for a second person, who is another account, and is then given in again', async () => {
    const all = await people(4);
    const path = file(all, day(-1));
    expect(await feed.preview(path)).toMatchObject({ leavers: 4, needsSecond: true });
    expect(await holds.waitingCount()).toBe(0);
    const first = await account();
    expect(await feed.apply(first, path)).toMatchObject({ held: true });
    expect(await feed.apply(first, path)).toMatchObject({ held: true });
    expect(await holds.waitingCount()).toBe(1);
    const [hold] = await holds.list();
    expect(hold).toMatchObject({ covered: 4, status: 'waits', leavers: all.map((one) => one.staffMemberId).sort() });
    expect(await codeOf(holds.answer(first, hold!.id, 'confirmed'))).toBe('staff.second-person');
    const second = await account();
    await holds.answer(second, hold!.id, 'confirmed');
    expect(await codeOf(holds.answer(second, hold!.id, 'confirmed'))).toBe('staff.hold-over');
    expect(await codeOf(holds.answer(second, 'x', 'confirmed'))).toBe('staff.unknown-hold');
    expect(await feed.apply(second, path)).toMatchObject({ held: true }); // who says yes does not also give it in
    await holds.answer(first, hold!.id, 'confirmed');
    expect(await feed.apply(second, path)).not.toHaveProperty('held');
    expect((await holds.list())[0]!.status).toBe('applied');
    const open = await libs.em.execute(
      `select 1 from employment where to_day is null and staff_member_id in (select value::uuid from json_array_elements_text(?::json))`,
      [JSON.stringify(all.map((one) => one.staffMemberId))],
    );
    expect(open).toEqual([]);
  });

  it('a yes holds for exactly the people it was said of, and a no for good until it is asked again', async () => {
    const all = await people(4);
    const path = file(all, day(-1));
    await feed.apply(systemActor, path);
    const second = await account();
    await holds.answer(second, (await holds.list())[0]!.id, 'confirmed');
    await feed.apply(systemActor, file(all.slice(0, 1), day(-1))); // one of them leaves meanwhile
    expect(await feed.apply(systemActor, path)).toMatchObject({ leavers: 3, held: true });
    await holds.answer(second, (await holds.list())[0]!.id, 'refused');
    expect(await feed.apply(systemActor, path)).toMatchObject({ held: true });
    expect(await holds.waitingCount()).toBe(1);
  });
});
