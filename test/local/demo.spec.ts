import { loadDemo } from '../../apps/local/src/demo/load-demo.js';
import { people } from '../../apps/local/src/demo/people.js';
import { anAccount, aSystem } from '../support/people.js';
import { startLibs, type TestLibs } from '../support/libs.js';

/** The demonstration adds coordinators whose passphrase is printed on screen: never beside people who are real. */
describe('loading the demonstration', () => {
  let libs: TestLibs;
  const load = (): Promise<string | undefined> => loadDemo(libs.settings, 'grove umber pebble yonder', () => undefined);
  const count = async (table: string): Promise<number> =>
    (await libs.em.execute<{ count: number }[]>(`select count(*)::int as count from ${table}`))[0]!.count;

  beforeEach(async () => void (libs = await startLibs([])));
  afterEach(() => libs?.close());

  it.each<[string, () => Promise<unknown>]>([
    ['an account', () => anAccount(libs.em)],
    ['a school system', () => aSystem(libs.em, { code: '777' })],
  ])('adds nobody to a database that holds %s of somebody else', async (_, settle) => {
    await settle();
    const before = [await count('account'), await count('staff_member'), await count('site')];
    expect(await load()).toBeUndefined();
    expect([await count('account'), await count('staff_member'), await count('site')]).toEqual(before);
    expect(await count('coordinator')).toBe(0);
    expect(await libs.em.execute(`select 1 from school_system where closed_on is not null`)).toEqual([]);
  });

  it('goes on where an earlier start was interrupted, and leaves a loaded one alone', async () => {
    await aSystem(libs.em, { code: '001', name: 'Acadia Parish' });
    expect(await load()).toContain(people[0]!.userName);
    expect(await count('account')).toBe(people.length);
    await anAccount(libs.em);
    expect(await load()).toContain(people[0]!.userName);
    expect(await count('account')).toBe(people.length + 1);
  });
});
