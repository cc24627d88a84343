import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Actor, type Change, Changes, systemActor } from '#kernel';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import { Disagreements, Organisation, RegisterChanges, RegisterImport, SitesModule, SitesService } from './index.js';

const louisiana = join(process.env.EDLINK_SHARED ?? '../shared', 'data/louisiana');
const realIt = existsSync(louisiana) ? it : it.skip;
const year = (of: number): string => join(louisiana, `la_public_sites_${of}.csv`);
const desk = (n: number): Actor => ({ client: 'portal', accountId: `00000000-0000-4000-8000-00000000000${n}` });
const [first, second, third] = [desk(1), desk(2), desk(3)];
const header = 'system_code,system_name,system_kind,site_code,site_name,site_kind,serving_system_code\n';
const rows = (...lines: string[]): string => `${header}${lines.join('\n')}\n`;
const site = (code: string, name: string, system = '001'): string =>
  `${system},System ${system},parish,${code},${name},school,`;
const numbered = (count: number, name: string, from = 1): string[] =>
  Array.from({ length: count }, (_, n) => site(`001${String(from + n).padStart(3, '0')}`, `${name} ${from + n}`));

/** Register changes on a database of their own; `announced` is what followers were told. */
async function office() {
  const libs = await startLibs([SitesModule]);
  const folder = mkdtempSync(join(tmpdir(), 'edlink-changes-'));
  const announced: Change[] = [];
  libs.app.get(Changes).follow(async (_, change) => void announced.push(change));
  let count = 0;
  return {
    ...libs,
    announced,
    register: libs.app.get(RegisterImport),
    changes: libs.app.get(RegisterChanges),
    disagreements: libs.app.get(Disagreements),
    sites: libs.app.get(SitesService),
    organisation: libs.app.get(Organisation),
    file(content: string): string {
      const path = join(folder, `register-${count++}.csv`);
      writeFileSync(path, content);
      return path;
    },
    async close() {
      await libs.close();
      rmSync(folder, { recursive: true });
    },
  };
}
type Office = Awaited<ReturnType<typeof office>>;
const openSites = async ({ em }: TestLibs): Promise<number> =>
  (await em.execute(`select 1 from site where closed_on is null`)).length;

describe('the roll-over of Louisiana from 2019 to 2022 (skipped without ../shared)', () => {
  let home: Office;
  beforeAll(async () => void (home = await office()));
  afterAll(() => home?.close());

  realIt('IM-3 the preview is kept with its counts; the state office reads every row in words', async () => {
    const { register, changes, announced } = home;
    await register.apply(systemActor, year(2019), { effectiveDay: '2019-07-15' });
    expect(announced).toEqual([]); // nobody can have drawn conclusions from an empty register
    const { changeId } = await register.preview(systemActor, year(2022), { effectiveDay: '2022-07-15' });
    const again = await register.preview(systemActor, year(2022), { effectiveDay: '2022-07-15' });
    expect(again.changeId).toBe(changeId);
    const view = await changes.get(changeId!);
    expect(view).toMatchObject({
      fileName: 'la_public_sites_2022.csv',
      source: { code: 'sites-by-year', name: 'LDOE, Multiple Statistics by Site' },
      status: 'previewed',
      madeBy: 'operator',
      rows: 1392,
      covered: 1413,
      needsSecond: true,
      movedOn: [],
      counts: {
        sites: { changed: 0, new: 58, renamed: 49, moved: 0, served: 0, gone: 79, reopened: 0 },
        systems: { new: 0, renamed: 3, gone: 1 },
      },
    });
    const word = (key: string): string[] | undefined => view.plan.find((row) => row.key === key)?.words;
    expect(word('site:395005')).toEqual(['was called "Lord Beaconsfield Landry-Oliver Perry Walker High"']);
    expect(word('site:395003')).toEqual(['closes']);
    expect(word('system:306')).toEqual(['closes']);
    expect((await changes.list('previewed')).map(({ id }) => id)).toEqual([changeId]);
    expect(await openSites(home)).toBe(1413);
  });

  realIt(
    'IM-5 79 of 1,413 sites close: the operator is one person, an account the other, the same is not both',
    async () => {
      const { register, changes, announced } = home;
      const { applied, changeId } = await register.apply(systemActor, year(2022), { effectiveDay: '2022-07-15' });
      expect(applied).toBe('waits-for-second');
      expect(await codeOf(changes.apply(systemActor, changeId!))).toBe('sites.second-person');
      expect([await openSites(home), announced.length]).toEqual([1413, 0]);
      expect(await changes.get(changeId!)).toMatchObject({ status: 'waits-for-second', confirmedBy: 'operator' });

      const done = await changes.apply(first, changeId!);
      expect(done).toMatchObject({ status: 'applied', rows: 190 });
      expect(done.closedSites).toHaveLength(79);
      expect(await openSites(home)).toBe(1392);
      expect(announced).toEqual([
        {
          cause: 'The register of schools changed as of July 15, 2022.',
          systems: done.systems,
          closedSites: done.closedSites,
          movedSites: done.movedSites,
        },
      ]);
      expect(await codeOf(changes.apply(second, changeId!))).toBe('sites.change-ended');
      expect((await register.apply(systemActor, year(2022))).applied).toBe('nothing');
    },
  );

  realIt('IM-3 LEAP decides nothing: its 56 other parents wait to be settled, and nothing moves', async () => {
    const { register, disagreements, em } = home;
    const before = await em.execute(`select * from site_parent order by id`);
    const leap = join(louisiana, 'la_leap_system_site_names.csv');
    const report = await register.preview(systemActor, leap);
    expect([report.changeId, report.plan.disagreements.length, report.problems]).toEqual([undefined, 56, []]);
    expect((await register.apply(systemActor, leap)).applied).toBe('applied');
    expect((await register.apply(systemActor, leap)).applied).toBe('nothing');
    const open = await disagreements.list();
    expect([open.length, await disagreements.count()]).toEqual([56, 56]);
    expect(open.find(({ code }) => code === '343001')).toMatchObject({
      field: 'parent',
      source: { code: 'leap', name: 'LDOE, LEAP result files' },
      registerValue: 'CHA',
      sourceValue: '343',
      registerLabel: expect.stringMatching(/./),
      sourceLabel: expect.stringMatching(/Community School/),
    });
    expect(await em.execute(`select * from site_parent order by id`)).toEqual(before);
  });

  realIt(
    'AC-5 settled for the source, the site moves with its day, and the yearly file does not move it back',
    async () => {
      const { register, disagreements, sites, em } = home;
      const open = (await disagreements.list()).filter(({ code }) => code === '343001' || code === 'WBX001');
      const [theirs, ours] = [open.find(({ code }) => code === '343001')!, open.find(({ code }) => code === 'WBX001')!];
      await disagreements.settle(first, theirs.id, {
        outcome: 'source',
        note: 'Letter of the board',
        effectiveDay: '2026-07-01',
      });
      await disagreements.settle(first, ours.id, { outcome: 'register' });
      expect(await codeOf(disagreements.settle(second, ours.id, { outcome: 'source' }))).toBe('sites.settled-already');
      const at = { level: 'site', code: '343001' } as const;
      expect((await sites.place(at)).system.code).toBe('343');
      expect((await sites.place(at, new Date('2026-06-30T17:00:00Z'))).system.code).toBe('CHA');
      expect((await register.apply(systemActor, year(2022))).applied).toBe('nothing');
      expect((await register.apply(systemActor, join(louisiana, 'la_leap_system_site_names.csv'))).applied).toBe(
        'nothing',
      );
      expect(await disagreements.count()).toBe(54);
      expect((await disagreements.list(true)).map(({ code, settled }) => [code, settled!.outcome]).sort()).toEqual([
        ['343001', 'source'],
        ['WBX001', 'register'],
      ]);
      expect(
        await em.execute(
          `select action, target, reason from audit_entry where action = 'register.settle' order by target`,
        ),
      ).toEqual([
        { action: 'register.settle', target: 'site:343001', reason: 'Letter of the board' },
        { action: 'register.settle', target: 'site:WBX001', reason: null },
      ]);
    },
  );
});

describe('register changes', () => {
  let home: Office;
  beforeAll(async () => {
    home = await office();
    await home.register.apply(systemActor, home.file(rows(...numbered(40, 'Oak'))), { effectiveDay: '2024-07-15' });
  });
  afterAll(() => home?.close());
  const previewed = async (...lines: string[]): Promise<string> =>
    (await home.register.preview(systemActor, home.file(rows(...lines)))).changeId!;

  it('IM-3 by row: what is named is applied, the rest waits; a new site goes with its new system', async () => {
    const { changes } = home;
    const id = await previewed(site('001001', 'Oak Lane'), ...numbered(39, 'Oak', 2), site('W10001', 'Fir', 'W10'));
    expect(await codeOf(changes.apply(first, id, { only: ['site:W10001'] }))).toBe('sites.row-needs-others');
    expect(await codeOf(changes.apply(first, id, { only: ['site:001040'] }))).toBe('sites.register-moved-on');
    expect(await codeOf(changes.apply(first, id, { only: [] }))).toBe('sites.row-needs-others');
    expect(await changes.apply(first, id, { only: ['site:W10001', 'system:W10'] })).toMatchObject({
      status: 'partly-applied',
      rows: 2,
    });
    const view = await changes.get(id);
    expect(view.plan.map(({ key, words }) => [key, words])).toEqual([['site:001001', ['was called "Oak 1"']]]);
    expect(view.done.map(({ key }) => key)).toEqual(['system:W10', 'site:W10001']);
    expect(view).toMatchObject({ status: 'previewed', appliedRows: 2, movedOn: [] });
    expect(await changes.apply(second, id)).toMatchObject({ status: 'applied', rows: 1 });
  });

  it('IM-5 closing a few at a time does not go round the second person; another choice of rows needs its own', async () => {
    const { changes } = home;
    const id = await previewed(site('001001', 'Oak Lane'), ...numbered(35, 'Oak', 2), site('W10001', 'Fir', 'W10'));
    const key = (n: number): string => `site:0010${n}`;
    expect((await changes.apply(first, id, { only: [key(37), key(38)] })).status).toBe('partly-applied');
    expect((await changes.apply(first, id, { only: [key(39)] })).status).toBe('waits-for-second');
    expect(await codeOf(changes.apply(first, id, { only: [key(39)] }))).toBe('sites.second-person');
    expect((await changes.apply(second, id, { only: [key(40)] })).status).toBe('waits-for-second');
    expect((await changes.apply(third, id, { only: [key(40)] })).status).toBe('partly-applied');
    await changes.drop(first, id);
    expect(await codeOf(changes.apply(first, id))).toBe('sites.change-ended');
    expect(await codeOf(changes.drop(first, id))).toBe('sites.change-ended');
  });

  it('IM-3 the register moved on since the preview: nothing is written, and what changed is told', async () => {
    const { changes, organisation, em } = home;
    const id = await previewed(
      site('001001', 'Oak Lane'),
      site('001002', 'Elm'),
      ...numbered(34, 'Oak', 3),
      site('001039', 'Oak 39'),
      site('W10001', 'Fir', 'W10'),
    );
    const { planHash } = await changes.get(id);
    await organisation.close(first, { siteCode: '001002', reason: 'Roof' });
    const before = await em.execute(`select * from place_name order by id`);
    await expect(changes.apply(first, id)).rejects.toMatchObject({
      code: 'sites.register-moved-on',
      status: 409,
      detail: expect.stringMatching(/differs now: site 001002 "Elm" opens again, was called "Oak 2"/),
    });
    expect((await changes.get(id)).movedOn).toEqual([expect.stringMatching(/site 001002/)]);
    const fresh = await changes.refresh(first, id);
    expect(fresh).toMatchObject({ movedOn: [], status: 'previewed' });
    expect(await codeOf(changes.apply(first, id, { planHash }))).toBe('sites.register-moved-on');
    expect(await em.execute(`select * from place_name order by id`)).toEqual(before);
    expect((await changes.apply(first, id, { planHash: fresh.planHash })).status).toBe('applied');
  });

  it('IM-5 two who press at once are one after the other: 20 rounds of four persons, one applies', async () => {
    const { changes } = home;
    for (let round = 0; round < 20; round++) {
      const id = await previewed(
        site('001001', `Oak Lane ${round}`),
        site('001002', 'Elm'),
        ...numbered(34, 'Oak', 3),
        site('001039', 'Oak 39'),
        site('W10001', 'Fir', 'W10'),
      );
      const answers = await Promise.all([1, 2, 3, 4].map((n) => codeOf(changes.apply(desk(n), id))));
      expect(answers.filter((answer) => answer.startsWith('done'))).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'sites.change-ended')).toHaveLength(3);
    }
  });

  it('AC-5 a served site is announced with both systems; a rename concerns nobody who decides', async () => {
    const { changes, announced } = home;
    const base = [
      site('001001', 'Oak Lane'),
      site('001002', 'Elm'),
      ...numbered(34, 'Oak', 3),
      site('001039', 'Oak 39'),
      site('W10001', 'Fir', 'W10'),
    ];
    const diocese = (serving: string): string => `500,Diocese,nonpublic,500001,St. Oak,nonpublic,${serving}`;
    await changes.apply(first, await previewed(...base, diocese('001')));
    announced.length = 0;
    const renamed = base.map((line) => line.replace('Elm', 'Elm Street'));
    await changes.apply(first, await previewed(...renamed, diocese('001')));
    expect(announced).toEqual([]);
    await changes.apply(first, await previewed(...renamed, diocese('W10')));
    expect(announced.map(({ systems }) => systems)).toEqual([['001', '500', 'W10']]);
    expect((await home.sites.place({ level: 'site', code: '500001' })).serving?.code).toBe('W10');
  });

  it('a disagreement is asked once, agreed when the source says the same, asked again when it says something new', async () => {
    const { register, disagreements, file } = home;
    const leap = (parent: string): Promise<unknown> =>
      register.apply(
        systemActor,
        file(`system_code,system_name,site_code,site_name,years\n${parent},System ${parent},001001,Oak,2022\n`),
      );
    const state = async (): Promise<string[]> => [
      ...(await disagreements.list()).map(({ code, sourceValue }) => `${code} ${sourceValue}`),
      ...(await disagreements.list(true)).map(({ sourceValue, settled }) => `${sourceValue} ${settled!.outcome}`),
    ];
    await leap('W10');
    await leap('W10');
    expect(await state()).toEqual(['001001 W10']);
    await leap('001');
    expect(await state()).toEqual(['W10 agreed']);
    await leap('W10');
    const [open] = await disagreements.list();
    const answers = await Promise.all(
      [1, 2, 3].map((n) => codeOf(disagreements.settle(desk(n), open!.id, { outcome: 'register' }))),
    );
    expect(answers.sort()).toEqual([expect.stringMatching(/^done/), 'sites.settled-already', 'sites.settled-already']);
    await leap('W10');
    expect(await disagreements.count()).toBe(0);
    await leap('W77');
    expect((await disagreements.list()).map(({ sourceValue }) => sourceValue)).toEqual(['W77']);
    const [w77] = await disagreements.list();
    const settle = (how: object): Promise<string> =>
      codeOf(disagreements.settle(first, w77!.id, { outcome: 'source', ...how }));
    expect(await settle({ effectiveDay: '2999-01-01' })).toBe('sites.wrong-day');
    expect(await settle({ effectiveDay: '2020-01-01' })).toBe('sites.wrong-day');
    expect(await settle({ note: 'a\u202eb' })).toBe('sites.bad-note');
    expect(await disagreements.count()).toBe(1);
  });

  it('IM-3 no settlement closes a system over its open sites, also where another place is at odds already', async () => {
    const { disagreements, em, sites } = home;
    await em.execute(
      `insert into school_system (code, name, name_key, kind, closed_on) values ('X99', 'Gone', 'gone', 'parish', '2025-01-01')`,
    );
    await em.execute(`insert into site (code, name, name_key, kind) values ('X99001', 'Left', 'left', 'school')`);
    await em.execute(
      `insert into site_parent (id, site_code, system_code, from_day) values (gen_random_uuid(), 'X99001', 'X99', '2020-01-01')`,
    );
    const id = '00000000-0000-4000-8000-0000000000aa';
    await em.execute(
      `insert into register_disagreement (id, level, code, field, source, register_value, source_value, first_seen, last_seen)
       values (?, 'system', '001', 'opening', 'leap', 'open', 'closed', now(), now())`,
      [id],
    );
    expect(await codeOf(disagreements.settle(first, id, { outcome: 'source' }))).toBe('sites.closed');
    expect((await sites.place({ level: 'system', code: '001' })).open).toBe(true);
  });

  it('what is not there is not found, whatever the id looks like', async () => {
    const { changes, disagreements } = home;
    for (const id of ['00000000-0000-4000-8000-000000000009', 'x', "'; --"]) {
      expect(await codeOf(changes.get(id))).toBe('sites.unknown-change');
      expect(await codeOf(changes.apply(first, id))).toBe('sites.unknown-change');
      expect(await codeOf(disagreements.settle(first, id, { outcome: 'register' }))).toBe('sites.unknown-disagreement');
    }
  });
});
