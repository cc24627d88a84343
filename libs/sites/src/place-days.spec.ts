import type { EntityManager } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { days, localDay, newId, systemActor } from '#kernel';
import { MovableClock } from '../../../test/support/clock.js';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aSite, aSystem } from '../../../test/support/people.js';
import { Organisation, SitesModule, SitesService } from './index.js';
import { beginCodes, beginNames, beginParents, beginServing, closePlaces, reopenPlaces } from './place-periods.js';

const site = (code: string) => ({ level: 'site', code }) as const;
const noon = (day: string): Date => new Date(`${day}T18:00:00Z`);

describe('places on any day', () => {
  let libs: TestLibs;
  let em: EntityManager;
  let sites: SitesService;
  let organisation: Organisation;
  const clock = new MovableClock();
  const now = (): string => localDay(clock.now());
  beforeAll(async () => {
    libs = await startLibs([SitesModule], { clock });
    em = libs.em;
    sites = libs.app.get(SitesService);
    organisation = libs.app.get(Organisation);
  });
  afterAll(() => libs?.close());

  it('AC-5 name, owner, serving system, codes and being open are those of the day asked for', async () => {
    const [parish, other] = [await aSystem(em, { name: 'Acadia Parish' }), await aSystem(em, { name: 'Allen Parish' })];
    const owner = await aSystem(em, { kind: 'nonpublic', name: 'Diocese of Elms' });
    const code = await aSite(em, owner, { name: 'Latest name' });
    await em.transactional(async () => {
      await beginNames(em, 'site', [{ code, name: 'Old Oak' }], '2019-07-01');
      await beginNames(em, 'system', [{ code: parish, name: 'Acadia' }], '2019-07-01');
      await beginNames(em, 'system', [{ code: parish, name: 'Acadia Parish' }], '2023-07-01');
      await beginServing(em, [{ code, systemCode: parish }], '2020-07-01');
      await beginCodes(em, { level: 'site', scheme: 'federal' }, [{ code, value: 'F-1' }], '2020-07-01');
      await beginNames(em, 'site', [{ code, name: 'New Oak' }], '2021-07-01');
      await beginCodes(em, { level: 'site', scheme: 'federal' }, [{ code, value: 'F-2' }], '2021-07-01');
      await beginCodes(em, { level: 'site', scheme: 'legacy' }, [{ code, value: '77' }], '2021-07-01');
      await beginParents(em, [{ code, systemCode: other }], '2022-07-01');
      await beginServing(em, [{ code, systemCode: null }], '2022-07-01');
      await closePlaces(em, 'site', [code], '2023-07-01');
      await reopenPlaces(em, 'site', [code], '2024-07-01');
      await beginParents(em, [{ code, systemCode: owner }], '2024-07-01');
      await beginCodes(em, { level: 'site', scheme: 'legacy' }, [{ code, value: null }], '2024-07-01');
    });
    const on = async (day: string) => {
      const { name, system, serving, open } = await sites.place(site(code), noon(day));
      return [name, system.name, serving?.name, open, await sites.codes(site(code), noon(day))];
    };
    const diocese = 'Diocese of Elms';
    expect(await on('2018-01-01')).toEqual(['Old Oak', diocese, undefined, true, {}]); // the nearest name known
    expect(await on('2020-06-30')).toEqual(['Old Oak', diocese, undefined, true, {}]);
    expect(await on('2020-07-01')).toEqual(['Old Oak', diocese, 'Acadia', true, { federal: 'F-1' }]);
    expect(await on('2021-07-01')).toEqual(['New Oak', diocese, 'Acadia', true, { federal: 'F-2', legacy: '77' }]);
    expect(await on('2022-06-30')).toEqual(['New Oak', diocese, 'Acadia', true, { federal: 'F-2', legacy: '77' }]);
    expect(await on('2022-07-01')).toEqual(['New Oak', 'Allen Parish', undefined, true, expect.anything()]);
    expect(await on('2023-07-01')).toEqual(['New Oak', 'Allen Parish', undefined, false, expect.anything()]);
    expect(await on('2024-06-30')).toEqual(['New Oak', 'Allen Parish', undefined, false, expect.anything()]);
    expect(await on('2024-07-01')).toEqual(['New Oak', diocese, undefined, true, { federal: 'F-2' }]);

    expect((await sites.history(site(code))).map(({ day, what, text }) => `${day} ${what}: ${text}`)).toEqual([
      `2000-01-01 moved: Belongs to Diocese of Elms (${owner}).`,
      '2019-07-01 named: Named Old Oak.',
      `2020-07-01 served: Served by Acadia Parish (${parish}).`,
      '2020-07-01 code: Federal files: known as F-1.',
      '2021-07-01 named: Renamed from Old Oak to New Oak.',
      '2021-07-01 code: Federal files: known as F-2.',
      '2021-07-01 code: Earlier register: known as 77.',
      `2022-07-01 moved: Moved from Diocese of Elms (${owner}) to Allen Parish (${other}).`,
      `2022-07-01 served: No longer served by Acadia Parish (${parish}).`,
      '2023-07-01 closed: Closed.',
      '2024-07-01 opened: Opened again.',
      `2024-07-01 moved: Moved from Allen Parish (${other}) to Diocese of Elms (${owner}).`,
      '2024-07-01 code: Earlier register: no longer known as 77.',
    ]);
  });

  it('the level is said, never told from the code: a system and a site may have the same one, of any length', async () => {
    const code = '0100005-88';
    await aSystem(em, { code, name: 'Albert City', kind: 'district' });
    await aSite(em, code, { code, name: 'Albert Middle' });
    await em.transactional(() => beginNames(em, 'system', [{ code, name: 'Albert Town' }], now()));
    expect((await sites.place(site(code))).name).toBe('Albert Middle');
    expect((await sites.place({ level: 'system', code })).name).toBe('Albert Town');
    expect((await sites.search('albert 0100005-88')).map(({ level }) => level)).toEqual(['system', 'site']);
    expect((await sites.history({ level: 'system', code })).map(({ text }) => text)).toEqual(['Named Albert Town.']);
  });

  it('a site that moves and closes on one day has moved; one that closes and opens on one day was never closed', async () => {
    const [one, other] = [await aSystem(em), await aSystem(em)];
    const code = await aSite(em, one);
    const told = async () => (await sites.history(site(code))).map(({ text }) => text);
    await organisation.move(systemActor, { siteCode: code, systemCode: other });
    await organisation.close(systemActor, { siteCode: code, reason: 'Sold.' });
    expect((await sites.place(site(code))).system.code).toBe(other);
    expect((await told()).slice(1)).toEqual([
      `Moved from ${one} Parish (${one}) to ${other} Parish (${other}).`,
      'Closed.',
    ]);
    expect(await sites.sitesOf(other)).toEqual([]);
    await em.transactional(async () => {
      await reopenPlaces(em, 'site', [code], now());
      await beginParents(em, [{ code, systemCode: other }], now());
    });
    expect((await told()).slice(1)).toEqual([`Moved from ${one} Parish (${one}) to ${other} Parish (${other}).`]);
    expect((await sites.sitesOf(other)).map((place) => place.code)).toEqual([code]);
  });

  it('a closed system is in no list of today, but in that of its day', async () => {
    const code = await aSystem(em);
    await em.transactional(() => closePlaces(em, 'system', [code], '2022-07-01'));
    const listed = async (at?: Date) => (await sites.systems(at)).some((system) => system.code === code);
    expect([await listed(), await listed(noon('2022-06-30')), await listed(noon('2022-07-01'))]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it.each([
    ['site_parent', `'SITE', 'PARISH'`, 'site_code, system_code'],
    ['site_serving', `'SITE', 'PARISH'`, 'site_code, system_code'],
    ['place_name', `'site', 'SITE', 'Oak'`, 'level, code, name'],
    ['place_code', `'site', 'SITE', 'federal', 'F'`, 'level, code, scheme, value'],
    ['place_life', `'site', 'SITE'`, 'level, code'],
  ])('AC-5 the database refuses two %s rows for one day and forgets none', async (table, values, columns) => {
    const parish = await aSystem(em);
    const code = await aSite(em, await aSystem(em));
    const insert = (from: string, to: string | null) =>
      em.execute(
        `insert into ${table} (id, ${columns}, from_day, to_day) values (?, ${values.replace('SITE', code).replace('PARISH', parish)}, ?, ?)`,
        [newId(), from, to],
      );
    if (table === 'site_parent')
      await em.execute(`update site_parent set to_day = '2020-01-01' where site_code = ?`, [code]);
    await insert('2020-01-01', '2021-01-01');
    await insert('2021-01-01', '2022-01-01');
    await expect(insert('2020-12-31', '2021-01-01')).rejects.toThrow(new RegExp(`${table}_once`));
    await expect(insert('1999-01-01', '2030-01-01')).rejects.toThrow(new RegExp(`${table}_once`));
    await expect(insert('2023-01-01', '2022-12-31')).rejects.toThrow(/range lower bound/);
    await expect(em.execute(`delete from ${table}`)).rejects.toThrow(/permission denied/);
  });

  it('AC-5 after any moves, closings, openings and serving links, every day answers as a plain replay does', async () => {
    const owners = [await aSystem(em), await aSystem(em), await aSystem(em)];
    const systems = fc.constantFrom(...owners);
    const acts = fc.array(
      fc.oneof(
        fc.record({ act: fc.constant('move' as const), to: systems }),
        fc.record({ act: fc.constant('serve' as const), to: fc.option(systems), ahead: fc.nat(4) }),
        fc.constant({ act: 'close' as const }),
        fc.constant({ act: 'reopen' as const }),
        fc.record({ act: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 3 }) }),
      ),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(acts, async (sequence) => {
        const code = await aSite(em, owners[0]!, { code: `P-${newId().slice(0, 8).toUpperCase()}`, kind: 'nonpublic' });
        const start = clock.now();
        const dayAt = (offset: number): string => localDay(new Date(start.getTime() + days(offset)));
        // The plain replay: one entry for each day, written over from a day on.
        let today = 1;
        const replay = Array.from({ length: 45 }, () => ({
          owner: owners[0]!,
          serving: null as string | null,
          open: true,
        }));
        const from = (offset: number, change: Partial<(typeof replay)[number]>): void =>
          replay.slice(offset).forEach((entry) => Object.assign(entry, change));
        clock.advance(days(1));
        for (const one of sequence) {
          const { open } = replay[today]!;
          if (one.act === 'wait') {
            today += one.days;
            clock.advance(days(one.days));
          } else if (one.act === 'reopen') {
            if (open) continue;
            await em.transactional(async () => {
              await reopenPlaces(em, 'site', [code], now());
              await beginParents(em, [{ code, systemCode: replay[today]!.owner }], now());
            });
            from(today, { open: true });
          } else {
            const deed =
              one.act === 'move'
                ? organisation.move(systemActor, { siteCode: code, systemCode: one.to })
                : one.act === 'serve'
                  ? organisation.serve(systemActor, {
                      siteCode: code,
                      systemCode: one.to,
                      fromDay: dayAt(today + one.ahead),
                    })
                  : organisation.close(systemActor, { siteCode: code, reason: 'Sold.' });
            if (!open) {
              await expect(deed).rejects.toMatchObject({ code: 'sites.closed' });
              continue;
            }
            await deed;
            if (one.act === 'move') from(today, { owner: one.to });
            if (one.act === 'serve') from(today + one.ahead, { serving: one.to });
            if (one.act === 'close') from(today, { open: false, serving: null });
          }
        }
        const answers = await Promise.all(
          replay.slice(0, today + 6).map(async (_, offset) => {
            const { system, serving, open } = await sites.place(site(code), noon(dayAt(offset)));
            return { owner: system.code, serving: serving?.code ?? null, open };
          }),
        );
        expect(answers).toEqual(replay.slice(0, today + 6));
        const overlapping = await em.execute(
          `select 1 from (select * from site_parent union all select * from site_serving) one
           join (select * from site_parent union all select * from site_serving) other using (site_code)
           where one.id < other.id and site_code = ? and daterange(one.from_day, one.to_day) && daterange(other.from_day, other.to_day)
             and (one.id in (select id from site_parent)) = (other.id in (select id from site_parent))`,
          [code],
        );
        expect(overlapping).toEqual([]);
        clock.advance(-days(today));
      }),
      { numRuns: 60 },
    );
  });
});
