import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityManager } from '@mikro-orm/postgresql';
import { systemActor } from '#kernel';
import { startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aSite, aSystem } from '../../../test/support/people.js';
import { StaffFeedImport, StaffModule, StaffService } from './index.js';

const header = 'staff_id,last_name,first_name,middle_name,birth_date,site_code,position,from,to\n';

describe('importing staff', () => {
  let libs: TestLibs;
  let em: EntityManager;
  let feed: StaffFeedImport;
  let staff: StaffService;
  const folder = mkdtempSync(join(tmpdir(), 'edlink-staff-'));
  let files = 0;

  beforeAll(async () => {
    libs = await startLibs([StaffModule]);
    em = libs.em;
    feed = libs.app.get(StaffFeedImport);
    staff = libs.app.get(StaffService);
    await aSystem(em, { code: '001', name: 'Acadia Parish' });
    for (const code of ['001005', '001700']) await aSite(em, '001', { code });
  });
  afterAll(async () => {
    await libs?.close();
    rmSync(folder, { recursive: true });
  });

  const file = (content: string | Buffer): string => {
    const path = join(folder, `staff-${files++}.csv`);
    writeFileSync(path, content);
    return path;
  };
  const uniqueId = (...rows: string[]): string =>
    file(
      `TH 08/08/2026 10:15:00 77 3.0 delimiter=,\n${rows.map((row) => `ID,${row}\n`).join('')}TT 77 ${rows.length + 2}\n`,
    );
  const everything = () =>
    Promise.all(
      ['staff_member', 'employment', 'audit_entry'].map((table) => em.execute(`select * from ${table} order by 1`)),
    );
  const told = (counts: Record<string, number>) =>
    Object.fromEntries(Object.entries(counts).filter(([, count]) => count));

  it('a list: a preview writes nothing, applying writes what it told, every row has one fate, a second time changes nothing', async () => {
    const list = file(
      header +
        '4000000001,Guidry,Solange,Marie,4/28/1986,001005,Special Education Teacher,2020-08-01,\n' +
        '4000000001,Guidry,Solange,Marie,4/28/1986,001700,IEP Facilitator,2023-08-01,\n' +
        '4000000002,Fontenot,Émile,,1979-12-02,001700,Data Manager,2015-07-01,2024-05-31\n' +
        '4000000003,Landry,Th3o,,1990-01-01,001005,Teacher,2020-08-01,\n' +
        '4000000004,Bergeron,Théo,,1990-01-01,999999,Teacher,2020-08-01,\n' +
        '4000000002,Fontenot,Émile,,1979-12-02,001700,Data Manager,2015-07-01,2024-05-31\n',
    );
    const preview = await feed.preview(list);
    expect(await em.execute('select 1 from staff_member')).toHaveLength(0);
    expect(told(preview.counts)).toEqual({ 'new-person': 2, changed: 1, repeated: 1, refused: 2 });
    expect(await feed.apply(systemActor, list)).toEqual(preview);

    const before = await everything();
    const again = await feed.apply(systemActor, list);
    expect(told(again.counts)).toEqual({ unchanged: 3, repeated: 1, refused: 2 });
    expect(await everything()).toEqual(before);
    expect(await em.execute(`select action, after->'counts'->>'refused' as refused from audit_entry`)).toEqual([
      { action: 'staff.import', refused: '2' },
    ]);
  });

  it('tells where somebody is employed on a day; the last day still counts', async () => {
    const [{ id }] = (await em.execute(`select id from staff_member where staff_id = '4000000002'`)) as [
      { id: string },
    ];
    const at = (day: string) => staff.employmentsOf(id, new Date(`${day}T17:00:00Z`));
    expect(await at('2024-05-31')).toEqual([
      { siteCode: '001700', position: 'Data Manager', from: '2015-07-01', to: '2024-05-31' },
    ]);
    expect(await at('2024-06-01')).toEqual([]);
    expect(await at('2015-06-30')).toEqual([]);
  });

  it('a Unique Id file: finds people by name and birth date, gives new ones a Staff ID of 10 digits, needs somebody for doubles', async () => {
    await feed.apply(
      systemActor,
      file(`${header}4000000010,Twin,Ann,,2000-01-01,,,,\n4000000011,Twin,Ann,,2000-01-01,,,,\n`),
    );
    const rows = [
      '001005,guidry,SOLANGE,,,F,04/28/1986',
      '001005,Fontenot,Emile,,,M,12/2/1979',
      '001005,Thibodeaux,Célestine,,,F,1991-03-04',
      '001700,Thibodeaux,Celestine,,,F,3/4/1991',
      '001005,Twin,Ann,,,F,1/1/2000',
      '001005,Hebert,,,,F,1/1/2000',
    ];
    const first = await feed.apply(systemActor, uniqueId(...rows));
    expect(first.rows.map(({ fate }) => fate)).toEqual([
      'unchanged',
      'changed',
      'new-person',
      'changed',
      'needs-person',
      'refused',
    ]);
    const found = await em.execute<{ staff_id: string }[]>(
      `select staff_id from staff_member where last_name = 'Thibodeaux'`,
    );
    expect(found).toEqual([{ staff_id: expect.stringMatching(/^[1-9]\d{9}$/) }]);

    const before = await everything();
    const second = await feed.apply(systemActor, uniqueId(...rows));
    expect(second.rows.map(({ fate }) => fate)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
      'unchanged',
      'needs-person',
      'refused',
    ]);
    expect(await everything()).toEqual(before);
  });

  it('corrects a name or an end, and tells when a Staff ID would become somebody else (ID-4)', async () => {
    const report = await feed.apply(
      systemActor,
      file(
        `${header}4000000001,Guidry-Roy,Solange,Marie,4/28/1986,001005,Special Education Teacher,2020-08-01,2026-05-31\n4000000002,Savoie,Odile,,1999-09-09,001700,Data Manager,2025-07-01,\n`,
      ),
    );
    expect(report.rows).toEqual([
      { row: 2, fate: 'changed' },
      { row: 3, fate: 'needs-person', reason: expect.stringContaining('never goes to another person') },
    ]);
    expect(
      await em.execute(
        `select last_name, name_key from staff_member where staff_id in ('4000000001', '4000000002') order by staff_id`,
      ),
    ).toEqual([
      { last_name: 'Guidry-Roy', name_key: 'guidryroy|solange' },
      { last_name: 'Fontenot', name_key: 'fontenot|emile' },
    ]);
  });

  it('no SSN and no birth date reaches a table', async () => {
    await feed.apply(
      systemActor,
      file(
        `${header.trim()},ssn\n4000000020,Moss,Iris,,1971-07-17,001005,Teacher,2020-08-01,,436-99-8127\n,,,,,,,,,998-55-1234\n,,,,,,,,,999551234\n`,
      ),
    );
    const columns = await em.execute<{ table_name: string; column_name: string }[]>(
      `select table_name, column_name from information_schema.columns where table_schema = 'public'`,
    );
    for (const { table_name, column_name } of columns) {
      const found = await em.execute(
        `select 1 from "${table_name}" where "${column_name}"::text ~ '1971-07-17|436-?99-?8127|99[89]-?55-?1234' limit 1`,
      );
      expect([table_name, column_name, found.length]).toEqual([table_name, column_name, 0]);
    }
  });

  it.each([
    [
      'with another transmission id in the trailer',
      `TH 08/08/2026 10:15:00 77 3.0\nID,001005,Oak,Ann,,,F,1/1/2000\nTT 78 3\n`,
    ],
    ['with a wrong count', `TH 08/08/2026 10:15:00 77 3.0\nID,001005,Oak,Ann,,,F,1/1/2000\nTT 77 4\n`],
    ['cut off', `TH 08/08/2026 10:15:00 77 3.0\nID,001005,Oak,Ann,,,F,1/1/2000\nID,001005,Elm,Ann`],
    ['in Latin-1', Buffer.from(`${header}4000000030,Peña,José,,,,,,\n`, 'latin1')],
    ['with a million columns', `${header}${'1,'.repeat(1e6)}\n`],
    ['with an open quote', `${header}4000000030,"Oak,Ann,,,,,,\n4000000031,Elm,Ann,,,,,,\n`],
    ['cut off in a line', `${header}4000000030,Oak,Ann,,,,,,\n4000000031,El`],
  ])('a staff file %s gets a clear answer and changes nothing', async (_, content) => {
    const before = await everything();
    await expect(feed.apply(systemActor, file(content))).rejects.toMatchObject({
      status: 422,
      detail: expect.stringContaining('Nothing was changed'),
    });
    expect(await everything()).toEqual(before);
  });

  it('two imports of one file at the same time end as one after the other', async () => {
    const path = uniqueId(
      ...Array.from(
        { length: 50 },
        (_, index) =>
          `001005,Parallel,Ann${'bcdefghijk'[index % 10]}${'bcdefghijk'[Math.floor(index / 10)]},,,F,1/1/1980`,
      ),
    );
    const reports = await Promise.all([1, 2, 3].map(() => feed.apply(systemActor, path)));
    expect(reports.map(({ counts }) => counts['new-person']).toSorted()).toEqual([0, 0, 50]);
    expect(await em.execute(`select count(*)::int from staff_member where last_name = 'Parallel'`)).toEqual([
      { count: 50 },
    ]);
  });

  it('takes 25,000 rows in one transaction, and finds them all again', async () => {
    const letters = (number: number): string =>
      [...number.toString(26)].map((digit) => String.fromCharCode(97 + parseInt(digit, 26))).join('');
    const lines = Array.from(
      { length: 25_000 },
      (_, index) => `${6_000_000_000 + index},Name${letters(index)},Ann,,1980-01-01,001005,Teacher,2020-08-01,\n`,
    );
    const path = file(header + lines.join(''));
    const from = performance.now();
    expect(told((await feed.apply(systemActor, path)).counts)).toEqual({ 'new-person': 25_000 });
    expect(performance.now() - from).toBeLessThan(30_000);
    expect(told((await feed.apply(systemActor, path)).counts)).toEqual({ unchanged: 25_000 });
  });
});
