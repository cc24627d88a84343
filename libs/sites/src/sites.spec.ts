import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Test } from '@nestjs/testing';
import { AuditModule } from '#audit';
import { databaseOptions } from '#database';
import { type Actor, KernelModule, localDay, systemActor } from '#kernel';
import { freshDatabase } from '../../../test/support/database.js';
import { testSettings } from '../../../test/support/settings.js';
import { RegisterChanges, RegisterImport, type RegisterReport, SitesModule, SitesService } from './index.js';
import { countDeeds } from './register-state.js';

const louisiana = join(process.env.EDLINK_SHARED ?? '../shared', 'data/louisiana');
const realIt = existsSync(louisiana) ? it : it.skip;
const desk: Actor = { client: 'portal', accountId: '00000000-0000-4000-8000-000000000001' };
const header = 'system_code,system_name,site_code,site_name\n';

/** A database with the sites lib on it, and a folder to write register files in. */
async function house() {
  const database = await freshDatabase();
  const settings = testSettings(database.url);
  const app = await Test.createTestingModule({
    imports: [KernelModule.with(settings), MikroOrmModule.forRoot(databaseOptions(settings)), AuditModule, SitesModule],
  }).compile();
  await app.init();
  const folder = mkdtempSync(join(tmpdir(), 'edlink-sites-'));
  let count = 0;
  return {
    em: app.get(MikroORM).em as EntityManager,
    sites: app.get(SitesService),
    register: app.get(RegisterImport),
    changes: app.get(RegisterChanges),
    file(content: string | Buffer): string {
      const path = join(folder, `register-${count++}.csv`);
      writeFileSync(path, content);
      return path;
    },
    async close() {
      await app.close();
      await database.drop();
      rmSync(folder, { recursive: true });
    },
  };
}
type House = Awaited<ReturnType<typeof house>>;

/** Every row of the register and its history, to compare before and after. */
async function everything({ em }: House): Promise<unknown> {
  const tables = ['school_system', 'site', 'site_parent', 'site_serving', 'place_name', 'place_code', 'place_life'];
  return Promise.all(tables.map((table) => em.execute(`select * from ${table} order by 1`)));
}
const totals = (report: RegisterReport) => {
  const { new: added, renamed, moved, gone } = countDeeds(report.plan.sites);
  return { new: added, renamed, moved, gone, ...report.open };
};

describe('the register of Louisiana (skipped without ../shared)', () => {
  let home: House;
  beforeAll(async () => void (home = await house()));
  afterAll(() => home?.close());
  const year = (of: number): string => join(louisiana, `la_public_sites_${of}.csv`);

  realIt(
    'IM-3 IM-5 takes 2019, then 2022 by two persons: a preview writes no place, applying does what it told, a second time changes nothing',
    async () => {
      const { em, register, changes } = home;
      const preview = await register.preview(systemActor, year(2019));
      expect(await em.execute('select 1 from site')).toHaveLength(0);
      expect(preview.problems).toEqual([]);
      expect(totals(preview)).toEqual({ new: 1413, renamed: 0, moved: 0, gone: 0, systems: 81, sites: 1413 });

      await register.apply(systemActor, year(2019), { effectiveDay: '2019-07-15' });
      const told = await register.preview(systemActor, year(2022), { effectiveDay: '2022-07-15' });
      const done = await register.apply(systemActor, year(2022), { effectiveDay: '2022-07-15' });
      expect(totals(done)).toEqual({ new: 58, renamed: 49, moved: 0, gone: 79, systems: 80, sites: 1392 });
      expect(done).toEqual({ ...told, applied: 'waits-for-second' });
      expect((await changes.apply(desk, told.changeId!)).status).toBe('applied');

      const before = await everything(home);
      const again = await register.apply(systemActor, year(2022));
      expect([again.plan.systems, again.plan.sites]).toEqual([[], []]);
      expect(await everything(home)).toEqual(before);
      expect(
        await em.execute(
          `select (select count(*)::int from site where closed_on is null) as sites, (select count(*)::int from school_system where closed_on is null) as systems`,
        ),
      ).toEqual([{ sites: 1392, systems: 80 }]);
      expect(await em.execute(`select action from audit_entry order by at, id`)).toEqual([
        { action: 'register.import' },
        { action: 'register.confirm' },
        { action: 'register.import' },
      ]);
    },
  );

  realIt('renames and closings keep their history', async () => {
    const { em, sites } = home;
    expect(
      await em.execute(
        `select name, from_day::text, to_day::text from place_name where code = '395005' order by from_day`,
      ),
    ).toEqual([
      { name: 'Lord Beaconsfield Landry-Oliver Perry Walker High', from_day: '2019-07-15', to_day: '2022-07-15' },
      { name: 'Lord Beaconsfield Landry High School', from_day: '2022-07-15', to_day: null },
    ]);
    const closed = { level: 'site', code: '395003' } as const;
    expect(await sites.place(closed)).toMatchObject({ open: false, system: { code: 'R36' } });
    expect(await sites.place(closed, new Date('2021-01-01T12:00:00Z'))).toMatchObject({ open: true });
    await expect(sites.placeOpen(closed)).rejects.toMatchObject({ code: 'sites.closed', status: 422 });
    expect(await sites.place({ level: 'system', code: '306' })).toMatchObject({ open: false });
  });

  realIt('AC-5 the system of a site is the stored link, also where the code begins otherwise', async () => {
    const { em, sites } = home;
    expect((await sites.place({ level: 'site', code: '395001' })).system.code).toBe('R36');
    const [{ count }] = (await em.execute(
      `select count(*)::int from site_parent p join site s on s.code = p.site_code where s.closed_on is null and p.to_day is null and left(p.site_code, 3) <> p.system_code`,
    )) as [{ count: number }];
    expect(count).toBe(124);
  });

  realIt('finds places by words of the name, of the system and by code; systems first, closed ones not', async () => {
    const { sites } = home;
    const found = await sites.search('ACADIA');
    expect(found[0]).toEqual({
      level: 'system',
      code: '001',
      name: 'Acadia Parish',
      kind: 'parish',
      sector: 'public',
      system: { code: '001', name: 'Acadia Parish' },
      open: true,
    });
    expect(found).toHaveLength(20);
    expect((await sites.search('behrman orleans')).map(({ code }) => code)).toEqual(['395001']);
    expect((await sites.search('395001'))[0]).toMatchObject({
      code: '395001',
      system: { code: 'R36', name: 'Orleans Parish' },
    });
    expect(await sites.search('fischer accelerated')).toEqual([]);
    for (const text of ['', '   ', '%', '_', "'; drop table site; --", '\u202e', 'x'.repeat(100_000)])
      expect(await sites.search(text)).toEqual([]);
  });

  realIt(
    'IM-5 half of the file, cut between two lines, waits for a second person; the first one is not both',
    async () => {
      const { register, file } = home;
      const lines = readFileSync(year(2022), 'utf8').split('\r\n');
      const half = file(lines.slice(0, 700).join('\r\n') + '\r\n');
      const before = await everything(home);
      const report = await register.apply(systemActor, half);
      expect([report.applied, countDeeds(report.plan.sites).gone]).toEqual(['waits-for-second', 693]);
      await expect(register.apply(systemActor, half)).rejects.toMatchObject({
        code: 'sites.second-person',
        status: 409,
      });
      expect(await everything(home)).toEqual(before);
    },
  );

  realIt.each([
    ['cut off in a line', (text: string) => Buffer.from(text.slice(0, 50_000))],
    ['with a code twice', (text: string) => Buffer.from(text + '001,Acadia Parish,001001,001001,Again,3\r\n')],
    ['in Latin-1', (text: string) => Buffer.from(text + '001,Acadia Parish,001999,001999,École Élan,3\r\n', 'latin1')],
    ['with a million columns', (text: string) => Buffer.from(text + '1,'.repeat(1e6) + '\r\n')],
    [
      'larger than 64 MiB',
      (text: string) => Buffer.from(text + '001,Acadia Parish,001999,001999,Oak,3\r\n'.repeat(1_800_000)),
    ],
    ['with an open quote', (text: string) => Buffer.from(text.replace('Branch', '"Branch'))],
  ])('a register file %s gets a clear answer and changes nothing', async (_, make) => {
    const { register, file } = home;
    const path = file(make(readFileSync(year(2022), 'utf8')));
    const before = await everything(home);
    await expect(register.apply(systemActor, path)).rejects.toMatchObject({
      status: 422,
      detail: expect.stringContaining('Nothing was changed'),
    });
    expect(await everything(home)).toEqual(before);
  });
});

describe('importing a register', () => {
  let home: House;
  beforeAll(async () => void (home = await house()));
  afterAll(() => home?.close());

  it('AC-5 a move holds from its day on: before it the old system, after it the new one', async () => {
    const { register, sites, file } = home;
    await register.apply(
      systemActor,
      file(`${header}395,Algiers,395001,Behrman\nR36,Orleans,036001,Oak\n395,Algiers,395002,Elm\n`),
      { effectiveDay: '2020-07-01' },
    );
    await register.apply(
      systemActor,
      file(`${header}R36,Orleans,395001,Behrman\nR36,Orleans,036001,Oak\n395,Algiers,395002,Elm\n`),
      { effectiveDay: '2021-07-01' },
    );
    const noon = (day: string): Date => new Date(`${day}T17:00:00Z`);
    expect((await sites.place({ level: 'site', code: '395001' }, noon('2021-06-30'))).system.code).toBe('395');
    expect((await sites.place({ level: 'site', code: '395001' }, noon('2021-07-01'))).system.code).toBe('R36');
    expect((await sites.place({ level: 'site', code: '395001' })).system).toEqual({ code: 'R36', name: 'Orleans' });
  });

  it('refuses an effective day that is no day, to come, or before what is known', async () => {
    const { register, file } = home;
    const next = file(`${header}R36,Orleans,036001,Oak School\nR36,Orleans,395001,Behrman\n395,Algiers,395002,Elm\n`);
    for (const effectiveDay of [
      '2021-02-30',
      'tomorrow',
      localDay(new Date(Date.now() + 48 * 3_600_000)),
      '2020-12-31',
    ]) {
      await expect(register.apply(systemActor, next, { effectiveDay })).rejects.toMatchObject({
        code: 'sites.wrong-day',
      });
    }
  });

  it('imports at the same time end as one after the other', async () => {
    const { register, file, em } = home;
    const named = (name: string): string =>
      file(`${header}R36,Orleans,036001,${name}\nR36,Orleans,395001,Behrman\n395,Algiers,395002,Elm\n`);
    await Promise.all(Array.from({ length: 4 }, () => em.fork().execute('select pg_sleep(0.1)'))); // connections are open
    for (let round = 1; round <= 10; round++) {
      const next = named(round % 2 ? 'Oak School' : 'Oak');
      await Promise.all(Array.from({ length: 4 }, () => register.apply(systemActor, next)));
      const names = await em.execute(`select count(*)::int from place_name where code = '036001'`);
      const audits = await em.execute(`select count(*)::int from audit_entry`);
      expect([names, audits]).toEqual([[{ count: 1 + round }], [{ count: 2 + round }]]);
    }
    await register.apply(systemActor, named('Oak School'));
  });

  it('a site that closed and opened again keeps both periods', async () => {
    const { register, file, em, sites } = home;
    const without = file(`${header}R36,Orleans,036001,Oak School\nR36,Orleans,395001,Behrman\n`);
    const with_ = file(`${header}R36,Orleans,036001,Oak School\nR36,Orleans,395001,Behrman\n395,Algiers,395002,Elm\n`);
    await register.apply(systemActor, without);
    expect(await sites.place({ level: 'site', code: '395002' })).toMatchObject({
      open: false,
      system: { code: '395' },
    });
    await register.apply(systemActor, with_);
    expect(await sites.place({ level: 'site', code: '395002' })).toMatchObject({ open: true });
    expect(await em.execute(`select count(*)::int from site_parent where site_code = '395002'`)).toEqual([
      { count: 2 },
    ]);
  });

  it('an unknown or ill-formed code has one answer', async () => {
    const { sites } = home;
    for (const code of ['999999', "1'; --", '', '001005001', '395001\u0000']) {
      await expect(sites.place({ level: 'site', code })).rejects.toMatchObject({
        code: 'sites.unknown-code',
        status: 422,
      });
    }
    await expect(sites.place({ level: 'system', code: '395001' })).rejects.toMatchObject({
      code: 'sites.unknown-code',
    });
  });
});
