import type { EntityManager } from '@mikro-orm/postgresql';
import { type Change, Changes, days, localDay, systemActor } from '#kernel';
import { MovableClock } from '../../../test/support/clock.js';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import { aSite, aSystem } from '../../../test/support/people.js';
import { Organisation, SitesModule, SitesService } from './index.js';
import { closePlaces } from './place-periods.js';

const site = (code: string) => ({ level: 'site', code }) as const;

describe('changing single places', () => {
  let libs: TestLibs;
  let em: EntityManager;
  let sites: SitesService;
  let organisation: Organisation;
  const clock = new MovableClock();
  const announced: Change[] = [];
  const day = (offset = 0): string => localDay(new Date(clock.now().getTime() + days(offset)));

  beforeAll(async () => {
    libs = await startLibs([SitesModule], { clock });
    em = libs.em;
    sites = libs.app.get(SitesService);
    organisation = libs.app.get(Organisation);
    libs.app.get(Changes).follow(async (_, change) => void announced.push(change));
  });
  afterAll(() => libs?.close());
  beforeEach(() => void announced.splice(0));

  /** A parish, a second one, a diocese, and a school of the diocese. */
  async function diocese() {
    const [parish, other] = [await aSystem(em), await aSystem(em)];
    const owner = await aSystem(em, { kind: 'nonpublic', name: 'Diocese of Elms' });
    return { parish, other, owner, school: await aSite(em, owner, { name: 'St. Oak' }) };
  }
  const audited = (target: string) =>
    em.execute(`select action, before, after, reason from audit_entry where target = ? order by id`, [target]);
  const linksOf = (table: string, code: string) =>
    em.execute(
      `select system_code as system, from_day::text as from, to_day::text as to from ${table} where site_code = ? and to_day is distinct from from_day order by from_day`,
      [code],
    );

  it('AC-5 a parish serves what a diocese owns: from a day on, then another, then nobody', async () => {
    const { parish, other, owner, school } = await diocese();
    await organisation.serve(systemActor, { siteCode: school, systemCode: parish });
    expect(await sites.place(site(school))).toMatchObject({ system: { code: owner }, serving: { code: parish } });
    expect(announced).toEqual([{ cause: `St. Oak is served by ${parish} Parish now.`, systems: [owner, parish] }]);
    expect(await audited(`site:${school}`)).toEqual([
      {
        action: 'place.serve',
        before: { systemCode: null },
        after: { systemCode: parish, fromDay: day() },
        reason: null,
      },
    ]);

    await organisation.serve(systemActor, { siteCode: school, systemCode: other, fromDay: day(30) });
    expect((await sites.place(site(school))).serving?.code).toBe(parish);
    expect((await sites.servedBy(parish)).map(({ code }) => code)).toEqual([school]);
    const later = new Date(clock.now().getTime() + days(30));
    expect((await sites.place(site(school), later)).serving?.code).toBe(other);
    expect([await sites.servedBy(parish, later), (await sites.servedBy(other, later)).length]).toEqual([[], 1]);
    expect(announced.at(-1)).toMatchObject({ systems: [owner, parish, other] });

    await organisation.serve(systemActor, { siteCode: school, systemCode: null, fromDay: day(10) });
    expect(await linksOf('site_serving', school)).toEqual([{ system: parish, from: day(), to: day(10) }]);
    expect(await sites.boundaries(day(9), day(10))).toEqual({ systems: [parish, owner].sort(), closedSites: [] });
    expect(await sites.boundaries(day(10), day(40))).toEqual({ systems: [], closedSites: [] });
  });

  it('saying what is so already changes and tells nothing', async () => {
    const { parish, owner, school } = await diocese();
    await organisation.serve(systemActor, { siteCode: school, systemCode: parish });
    announced.splice(0);
    await organisation.serve(systemActor, { siteCode: school, systemCode: parish });
    await organisation.move(systemActor, { siteCode: school, systemCode: owner });
    expect(announced).toEqual([]);
    expect(await audited(`site:${school}`)).toHaveLength(1);
    // A planned end is let go when the site stays with the same system.
    await organisation.serve(systemActor, { siteCode: school, systemCode: null, fromDay: day(5) });
    await organisation.serve(systemActor, { siteCode: school, systemCode: parish });
    expect((await sites.place(site(school), new Date(clock.now().getTime() + days(9)))).serving?.code).toBe(parish);
  });

  it('AC-5 refuses to be served by a closed, a nonpublic or an unknown system, and a public school being served', async () => {
    const { parish, owner, school } = await diocese();
    const closed = await aSystem(em);
    await em.transactional(() => closePlaces(em, 'system', [closed], day()));
    const public_ = await aSite(em, parish);
    const office = await aSite(em, parish, { kind: 'central-office' });
    const support = await aSite(em, parish, { kind: 'support' });
    const other = await aSystem(em);
    const serve = (siteCode: string, systemCode: string | null, fromDay?: string) =>
      codeOf(organisation.serve(systemActor, { siteCode, systemCode, fromDay }));
    expect(await serve(school, closed)).toBe('sites.closed');
    expect(await serve(school, owner)).toBe('sites.wrong-serving');
    expect(await serve(school, 'NONE9')).toBe('sites.unknown-code');
    expect(await serve('NONE9', parish)).toBe('sites.unknown-code');
    expect(await serve("1\u0000'; --", parish)).toBe('sites.unknown-code');
    expect(await serve(public_, other)).toBe('sites.wrong-serving');
    expect(await serve(office, other)).toBe('sites.wrong-serving');
    expect(await serve(school, parish, '2026-02-30')).toBe('sites.wrong-day');
    expect(await serve(school, parish, day(-1))).toBe('done: undefined');
    expect(await serve(school, other, day(-2))).toBe('sites.wrong-day');
    expect(await serve(support, other)).toBe('done: undefined');
    expect(announced).toHaveLength(2);
  });

  it('AC-5 a move holds from its day on and both systems hear of it; a school that becomes public is served by nobody', async () => {
    const { parish, other, owner, school } = await diocese();
    await organisation.serve(systemActor, { siteCode: school, systemCode: other });
    await organisation.serve(systemActor, { siteCode: school, systemCode: parish, fromDay: day(10) });
    announced.splice(0);
    await organisation.move(systemActor, { siteCode: school, systemCode: parish });
    const moved = await sites.place(site(school));
    expect((await sites.place(site(school), new Date(clock.now().getTime() + days(20)))).serving).toBeUndefined();
    expect([moved.system.code, moved.sector, moved.serving]).toEqual([parish, 'public', undefined]);
    expect(announced).toEqual([
      { cause: `St. Oak belongs to ${parish} Parish now.`, systems: [owner, other, parish], movedSites: [school] },
    ]);
    expect((await sites.place(site(school), new Date(clock.now().getTime() - days(1)))).system.code).toBe(owner);
    expect((await sites.sitesOf(owner)).map(({ code }) => code)).toEqual([]);
    expect((await sites.sitesOf(parish)).map(({ code }) => code)).toEqual([school]);
  });

  it('refuses a move to come, before what is on record, to and of closed places', async () => {
    const { parish, other, owner, school } = await diocese();
    const move = (systemCode: string, fromDay?: string, siteCode = school) =>
      codeOf(organisation.move(systemActor, { siteCode, systemCode, fromDay }));
    expect(await move(parish, day(1))).toBe('sites.wrong-day');
    expect(await move(parish, '1999-12-31')).toBe('sites.wrong-day');
    expect(await move(parish, day(-3))).toBe('done: undefined');
    expect(await move(other, day(-4))).toBe('sites.wrong-day');
    await em.transactional(() => closePlaces(em, 'system', [other], day()));
    expect(await move(other)).toBe('sites.closed');
    await organisation.close(systemActor, { siteCode: school, reason: 'The building was sold.' });
    expect(await move(owner)).toBe('sites.closed');
    expect(await linksOf('site_parent', school)).toEqual([
      { system: owner, from: '2000-01-01', to: day(-3) },
      { system: parish, from: day(-3), to: day() },
    ]);
  });

  it('a closed site belongs to nobody and is served by nobody any more; it keeps where it was', async () => {
    const { parish, owner, school } = await diocese();
    await organisation.serve(systemActor, { siteCode: school, systemCode: parish });
    for (const reason of ['', '  ', 'x'.repeat(501), 'turned \u202e round'])
      expect(await codeOf(organisation.close(systemActor, { siteCode: school, reason }))).toBe('kernel.bad-input');
    announced.splice(0);
    await organisation.close(systemActor, { siteCode: school, reason: 'The building was sold.' });
    expect(announced).toEqual([{ cause: 'St. Oak is closed.', systems: [owner, parish], closedSites: [school] }]);
    const place = await sites.place(site(school));
    expect([place.open, place.name, place.system.code, place.serving]).toEqual([false, 'St. Oak', owner, undefined]);
    expect([await sites.sitesOf(owner), await sites.servedBy(parish)]).toEqual([[], []]);
    expect((await sites.boundaries(day(-1), day())).closedSites).toContain(school);
    expect((await audited(`site:${school}`)).at(-1)).toMatchObject({
      action: 'place.close',
      reason: 'The building was sold.',
    });
    expect(await codeOf(organisation.close(systemActor, { siteCode: school, reason: 'Again.' }))).toBe('sites.closed');
  });

  it('a merged site is closed and names the one that took over; mergers never go round in a circle', async () => {
    const { owner, school } = await diocese();
    const elm = await aSite(em, owner, { name: 'St. Elm' });
    await organisation.merge(systemActor, { siteCode: school, intoCode: elm });
    expect(announced).toEqual([{ cause: 'St. Oak was merged into St. Elm.', systems: [owner], closedSites: [school] }]);
    await expect(sites.placeOpen(site(school))).rejects.toMatchObject({
      code: 'sites.closed',
      detail: `St. Oak (${school}) is closed; St. Elm (${elm}) took over from it. Choose that one.`,
    });
    const merge = (siteCode: string, intoCode: string) =>
      codeOf(organisation.merge(systemActor, { siteCode, intoCode }));
    expect(await merge(elm, school)).toBe('sites.closed');
    expect(await merge(elm, elm)).toBe('sites.wrong-merger');
    expect(await merge(elm, 'NONE9')).toBe('sites.unknown-code');
  });

  it('two sites merged into each other at once: one of them stays', async () => {
    const { owner } = await diocese();
    for (let round = 0; round < 20; round++) {
      const [one, two] = [await aSite(em, owner), await aSite(em, owner)];
      const outcomes = await Promise.all(
        [
          [one, two],
          [two, one],
        ].map(([siteCode, intoCode]) =>
          codeOf(organisation.merge(systemActor, { siteCode: siteCode!, intoCode: intoCode! })),
        ),
      );
      expect(outcomes.sort()).toEqual(['done: undefined', 'sites.closed']);
      expect((await sites.sitesOf(owner)).filter(({ code }) => [one, two].includes(code))).toHaveLength(1);
    }
  });

  it('moves at once end as one after the other: one parent, and each is on record', async () => {
    const { owner, school } = await diocese();
    const systems = await Promise.all(Array.from({ length: 6 }, () => aSystem(em)));
    for (let round = 0; round < 10; round++) {
      const outcomes = await Promise.all(
        systems.map((systemCode) => codeOf(organisation.move(systemActor, { siteCode: school, systemCode }))),
      );
      expect(new Set(outcomes)).toEqual(new Set(['done: undefined']));
      const links = await linksOf('site_parent', school);
      expect(links).toEqual([
        { system: owner, from: '2000-01-01', to: day() },
        { system: expect.any(String), from: day(), to: null },
      ]);
    }
  });

  it('AC-5 no site is served by a system that closes at the same moment', async () => {
    const { school } = await diocese();
    for (let round = 0; round < 20; round++) {
      const parish = await aSystem(em);
      await Promise.all([
        codeOf(organisation.serve(systemActor, { siteCode: school, systemCode: parish })),
        em.transactional((own) => closePlaces(own as EntityManager, 'system', [parish], day())),
      ]);
      expect((await sites.place(site(school))).serving?.code).not.toBe(parish);
    }
  });
});
