import type { EntityManager } from '@mikro-orm/postgresql';
import { RequestsModule } from '#requests';
import { SitesService } from '#sites';
import { runCommand } from '../support/commands.js';
import { startLibs, type TestLibs } from '../support/libs.js';
import { aSite, aSystem } from '../support/people.js';

describe('sites', () => {
  let libs: TestLibs;
  let em: EntityManager;
  beforeAll(async () => {
    libs = await startLibs([RequestsModule]);
    em = libs.em;
  });
  afterAll(() => libs?.close());
  const run = (...argv: string[]) => runCommand(libs.settings, ['sites', ...argv]);
  const today = async (): Promise<string> =>
    (await em.execute<{ day: string }[]>(`select (now() at time zone 'America/Chicago')::date::text as day`))[0]!.day;

  it("tells a site's life: where it belongs, who serves it, what became of it", async () => {
    const parish = await aSystem(em, { name: 'Acadia Parish' });
    const diocese = await aSystem(em, { name: 'Diocese of Elms', kind: 'nonpublic' });
    const other = await aSystem(em, { name: 'Diocese of Firs', kind: 'nonpublic' });
    const oak = await aSite(em, diocese, { name: 'St. Oak', kind: 'nonpublic' });
    const elm = await aSite(em, diocese, { name: 'St. Elm', kind: 'nonpublic' });
    const ok = (out: string) => ({ code: 0, err: '', out: `${out}\n` });

    expect(await run('serve', oak, parish)).toEqual(
      ok(`St. Oak (${oak}) is served by Acadia Parish (${parish}) from today on.`),
    );
    expect(await run('serve', elm, parish, '--from', '2024-07-01')).toEqual(
      ok(`St. Elm (${elm}) is served by Acadia Parish (${parish}) from 2024-07-01 on.`),
    );
    expect(await run('serve', elm, 'none', '--from', '2999-07-01')).toMatchObject({ code: 0 });
    expect(await run('move', oak, other)).toEqual(
      ok(`St. Oak (${oak}) belongs to Diocese of Firs (${other}) from today on.`),
    );
    expect(await libs.app.get(SitesService).place({ level: 'site', code: oak })).toMatchObject({
      system: { code: other },
      serving: { code: parish },
    });
    expect(await run('merge', oak, elm)).toEqual(
      ok(`St. Oak (${oak}) is closed from today on; St. Elm (${elm}) took over from it.`),
    );
    const day = await today();
    expect((await run('history', elm)).out.split('\n')).toEqual([
      `St. Elm (${elm}), Nonpublic, open`,
      `Belongs to Diocese of Elms (${diocese})`,
      `Served by Acadia Parish (${parish})`,
      '',
      `2000-01-01  Belongs to Diocese of Elms (${diocese}).`,
      `2024-07-01  Served by Acadia Parish (${parish}).`,
      `${day}  Took over from St. Oak (${oak}).`,
      `2999-07-01  No longer served by Acadia Parish (${parish}).`,
      '',
    ]);
    expect((await run('history', oak)).out).toContain(`${day}  Closed.\n${day}  Merged into St. Elm (${elm}).\n`);
    expect((await run('history', '--system', parish)).out).toContain('Acadia Parish');
    expect(await run('close', elm, '--reason', 'The building was sold.')).toEqual(
      ok(`St. Elm (${elm}) is closed from today on.`),
    );
    expect(
      await em.execute(`select action from audit_entry where client = 'jobs' and action like 'place.%' order by id`),
    ).toEqual(['serve', 'serve', 'serve', 'move', 'merge', 'close'].map((verb) => ({ action: `place.${verb}` })));
  });

  it.each([
    ['an unknown site', ['close', 'NONE9', '--reason', 'Sold.'], 1, /We do not know this place/],
    ['a system that serves what it owns', ['serve', 'SITE', 'PARISH'], 1, /is a public site/],
    ['a move to come', ['move', 'SITE', 'PARISH', '--from', '2999-01-01'], 1, /still to come/],
    ['a merger of a site into itself', ['merge', 'SITE', 'SITE'], 1, /cannot take over from itself/],
    ['a closing without a reason', ['close', 'SITE'], 2, /--reason/],
    ['a verb there is not', ['paint', 'SITE'], 2, /history/],
    ['no verb', [], 2, /history/],
  ])('refuses %s and changes nothing', async (_, argv, code, words) => {
    const parish = await aSystem(em);
    const site = await aSite(em, parish);
    const rows = () =>
      em.execute(`select (select count(*) from site_parent where to_day is null), (select count(*) from audit_entry)`);
    const before = await rows();
    const answer = await run(...argv.map((part) => ({ SITE: site, PARISH: parish })[part] ?? part));
    expect(answer.code).toBe(code);
    expect(answer.err).toMatch(words);
    expect(await rows()).toEqual(before);
  });
});
