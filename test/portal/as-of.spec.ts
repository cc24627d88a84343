import { GrantsService, GrantVerbs } from '#grants';
import { localDay, newId, systemActor } from '#kernel';
import { aCoordinator, aSite, aTeacher, type TestPerson } from '../support/people.js';
import { startPortal, type TestPortal } from './portal.js';
import { type Story, tellStory } from './story.js';

const daysMs = (count: number): number => count * 86_400_000;

describe('who had access on a day', () => {
  let portal: TestPortal;
  let story: Story;
  let writer: TestPerson;
  let whole: TestPerson;
  let revoked: TestPerson;
  /** Today when the story is told: 30 days before the questions. */
  let then: string;

  const get = <Service>(service: new (...parts: never[]) => Service): Service =>
    portal.app.get(service, { strict: false });
  const give = (
    { accountId, staffMemberId }: TestPerson,
    permission: string,
    location: { level: 'site' | 'system'; code: string },
    systemCode = story.system,
  ): Promise<string> => {
    const what = { application: 'ser-iep-form', role: 'iep-form', permission };
    return get(GrantsService).give(systemActor, { ...what, location, systemCode, accountId, staffMemberId });
  };
  const day = (after: number): string => localDay(new Date(portal.clock.now().getTime() + daysMs(after)));
  const atSchool = (more: Record<string, string>): string =>
    `/people/as-of?${new URLSearchParams({ level: 'site', code: story.school, what: 'ser-iep-form', ...more })}`;

  beforeAll(async () => {
    portal = await startPortal();
    story = await tellStory(portal);
    const someone = (lastName: string): Promise<TestPerson> =>
      aTeacher(portal.em, { firstName: 'Ismay', lastName, site: story.school });
    portal.clock.advance(-daysMs(30));
    then = localDay(portal.clock.now());
    [writer, whole, revoked] = [await someone('Labauve'), await someone('Mouton'), await someone('Naquin')];
    await give(writer, 'iep-form-writer', { level: 'site', code: story.school });
    await give(whole, 'iep-form-approver', { level: 'system', code: story.system });
    const id = await give(revoked, 'iep-form-writer', { level: 'site', code: story.school });
    await give(story.stranger, 'iep-form-writer', { level: 'site', code: story.otherSchool });
    portal.clock.advance(daysMs(10));
    await get(GrantVerbs).revoke(story.coordinator.actor, id, { reason: 'Moved to another school.' });
    portal.clock.advance(daysMs(20));
  });
  afterAll(() => portal?.stop());

  const names = (text: string): string[] => ['Labauve', 'Mouton', 'Naquin'].filter((name) => text.includes(name));

  it('at a site, with what holds for its whole system, and as it was on record on another day', async () => {
    const officer = await portal.signedIn(story.officer);
    const on = async (more: Record<string, string>): Promise<string[]> =>
      names((await officer.open(atSchool(more))).text);
    expect(await on({ day: day(0) })).toEqual(['Labauve', 'Mouton']);
    expect(await on({ day: day(-21) })).toEqual(['Labauve', 'Mouton', 'Naquin']);
    expect(await on({ day: day(-20) })).toEqual(['Labauve', 'Mouton', 'Naquin']);
    expect(await on({ day: day(-19) })).toEqual(['Labauve', 'Mouton']);
    expect(await on({ day: day(-10), believed: day(-25) })).toEqual(['Labauve', 'Mouton', 'Naquin']);
    expect(await on({ day: then, believed: day(-31) })).toEqual([]);
    expect(await on({ day: day(0), what: 'ser-iep-form:iep-form-writer' })).toEqual(['Labauve']);
    const { text } = await officer.open(atSchool({ day: day(-20) }));
    for (const words of [
      ': 3 people',
      'for the whole of Bayou Vermeil Parish counts too',
      ', the whole school system',
      'Reason: Moved to another school.',
      'As it is on record now',
    ])
      expect(text).toContain(words);
    expect((await officer.open(atSchool({ day: then, believed: day(-31) }))).text).toContain('Nobody had it there');
  });

  it('a site counts with the system it belonged to on that day', async () => {
    const moved = await aSite(portal.em, story.system, { name: 'Moved School' });
    await portal.em.execute(`update site_parent set to_day = ? where site_code = ?`, [day(-15), moved]);
    await portal.em.execute(
      `insert into site_parent (id, site_code, system_code, from_day) select ?, ?, s.system_code, ? from site_parent s where s.site_code = ?`,
      [newId(), moved, day(-15), story.otherSchool],
    );
    const officer = await portal.signedIn(story.officer);
    const ask = async (on: string): Promise<string> => (await officer.open(atSchool({ code: moved, day: on }))).text;
    expect(await ask(day(-16))).toContain('for the whole of Bayou Vermeil Parish counts too');
    expect(names(await ask(day(-16)))).toEqual(['Mouton']);
    expect(await ask(day(-15))).toContain('for the whole of Cypress Landing Parish counts too');
    expect(names(await ask(day(-15)))).toEqual([]);
  });

  it('AC-3 coordinators are answered where they decide; of others there is nothing', async () => {
    const coordinator = await portal.signedIn(story.coordinator);
    expect(names((await coordinator.open(atSchool({ day: day(-25) }))).text)).toHaveLength(3);
    const ofSite = await aCoordinator(portal.em, { reach: 'site', system: story.system, sites: [story.school] });
    const { text: part } = await (await portal.signedIn(ofSite)).open(atSchool({ day: day(-25) }));
    expect(names(part)).toEqual(['Labauve', 'Naquin']);
    // Nor whether there is more, or how much: asked day by day, a number would tell when somebody was given what elsewhere.
    const others = (text: string): string | undefined => /(And \d|Only what)[^.]*others decide\./.exec(text)?.[0];
    const site = await portal.signedIn(ofSite);
    const { text: alone } = await site.open(atSchool({ day: then, believed: day(-31) }));
    expect([others(part), others(alone)]).toEqual(
      Array(2).fill('Only what you decide is shown; there may be more where others decide.'),
    );
    await give(writer, 'iep-form-writer', { level: 'site', code: story.otherSchool });
    const ofPerson = async (who: TestPerson): Promise<string> =>
      (
        await site.open(
          `/people/as-of/person?${new URLSearchParams({ staffId: who.staffId, from: then, through: day(0) })}`,
        )
      ).text;
    for (const who of [writer, revoked]) expect(others(await ofPerson(who))).toBe(others(part));
    const officer = await portal.signedIn(story.officer);
    expect(others((await officer.open(atSchool({ day: day(-25) }))).text)).toBeUndefined();
    const other = await portal.signedIn(story.otherCoordinator);
    for (const address of [
      atSchool({ day: day(-25) }),
      `/people/as-of/person?${new URLSearchParams({ staffId: revoked.staffId, from: then, through: day(0) })}`,
    ]) {
      const { text, html } = await other.open(address);
      expect(names(text)).toEqual([]);
      expect(html).toMatch(/href="#(what|staffId)"/);
    }
    // Nor is it told whether a Staff ID is anybody's.
    const told = async (staffId: string): Promise<string> =>
      (await other.open(`/people/as-of/person?${new URLSearchParams({ staffId, from: then, through: day(0) })}`)).text;
    expect((await told(revoked.staffId)).replaceAll(revoked.staffId, '')).toBe(
      (await told('9999999999')).replaceAll('9999999999', ''),
    );
    const file = `/people/as-of/place.csv?${new URLSearchParams({ level: 'site', code: story.school, what: 'ser-iep-form', day: then })}`;
    expect((await other.open(file)).status).toBe(404);
    for (const address of ['/people/as-of', '/people/as-of/person', file])
      expect((await (await portal.signedIn(story.teacher)).open(address)).status).toBe(403);
    const refused = await portal.em.execute(
      `select 1 from audit_entry where action in ('access.as-of', 'person.view') and result = 'refused' and account_id = ?`,
      [story.otherCoordinator.accountId],
    );
    expect(refused).toHaveLength(5);
  });

  it('what a person had in some days, and what was not known yet', async () => {
    const officer = await portal.signedIn(story.officer);
    const ask = async (more: Record<string, string>): Promise<string> =>
      (await officer.open(`/people/as-of/person?${new URLSearchParams({ staffId: revoked.staffId, ...more })}`)).text;
    const known = await ask({ from: then, through: day(0) });
    for (const words of ['Ismay Naquin', 'IEP Form Writer in SER IEP Form', 'Reason: Moved to another school.'])
      expect(known).toContain(words);
    expect(await ask({ from: day(-19), through: day(0) })).toContain('This person had nothing in these days');
    const before = await ask({ from: day(-19), through: day(0), believed: day(-25) });
    expect(before).toContain('No end set');
    expect(before).not.toContain('Moved to another school.');
  });

  it('AU-5 every answer is kept in the audit log with what was asked and how much was answered', async () => {
    const officer = await portal.signedIn(story.officer);
    const count = async (): Promise<{ after: Record<string, unknown> }[]> =>
      portal.em.execute(
        `select after from audit_entry where action = 'access.as-of' and result = 'done' and account_id = ? order by id desc`,
        [story.officer.accountId],
      );
    const before = (await count()).length;
    await officer.open(atSchool({ day: then, believed: day(-5) }));
    await officer.open(
      `/people/as-of/person?${new URLSearchParams({ staffId: writer.staffId, from: then, through: then })}`,
    );
    const rows = await count();
    expect(rows).toHaveLength(before + 2);
    expect(rows[0]!.after).toMatchObject({ staffId: writer.staffId, fromDay: then, throughDay: then, rows: 1 });
    expect(rows[1]!.after).toMatchObject({
      ...{ level: 'site', code: story.school, application: 'ser-iep-form', day: then, believedDay: day(-5) },
      ...{ file: false, rows: 3 },
    });
  });

  it('IM-1 IM-7 as files: no cell is a formula, and only so many in an hour', async () => {
    const school = await aSite(portal.em, story.system, { name: '=HYPERLINK("http://evil.example")' });
    await give(story.teacher, 'iep-form-writer', { level: 'site', code: school });
    const coordinator = await portal.signedIn(story.coordinator);
    const file = `/people/as-of/place.csv?${new URLSearchParams({ level: 'site', code: school, what: 'ser-iep-form', day: day(0) })}`;
    const { html, headers } = await coordinator.open(file);
    expect(headers.get('content-disposition')).toContain(`access-${school}-${day(0)}.csv`);
    const lines = html.split('\r\n');
    expect(lines.some((line) => line.includes(`"'=HYPERLINK(""http://evil.example"")"`))).toBe(true);
    const person = `/people/as-of/person.csv?${new URLSearchParams({ staffId: story.teacher.staffId, from: day(0), through: day(0) })}`;
    expect((await coordinator.open(person)).html).toContain('Thibeaux');
    for (let at = 0; at < 18; at++) expect((await coordinator.open(person)).status).toBe(200);
    expect((await coordinator.open(person)).status).toBe(429);
    expect((await coordinator.open('/people/as-of/person.csv?staffId=x')).status).toBe(400);
  });

  it('leads from a name to a place, also a closed one by its code, and says what is missing', async () => {
    const closed = await aSite(portal.em, story.system, { name: 'Closed School' });
    await portal.em.execute(`update site set closed_on = ? where code = ?`, [day(-3), closed]).catch(() => undefined);
    const officer = await portal.signedIn(story.officer);
    const found = await officer.open('/people/as-of?q=heron');
    expect(found.html).toContain(`/people/as-of?level=site&amp;code=${story.school}`);
    expect((await officer.open(`/people/as-of?q=${closed}`)).text).toContain('Closed School');
    expect((await officer.open('/people/as-of?level=site&code=NOPE')).text).toContain(
      'There is no place with this code',
    );
    const bare = await officer.open(atSchool({ what: '', day: '' }));
    expect(bare.text).toContain('Show who had it');
    const wrong = await officer.open(atSchool({ what: '', day: '2999-01-01', believed: 'x' }));
    for (const field of ['what', 'day', 'believed']) expect(wrong.html).toContain(`href="#${field}"`);
    const person = await officer.open('/people/as-of/person?staffId=1&from=2026-05-02&through=2026-05-01');
    for (const field of ['staffId', 'through']) expect(person.html).toContain(`href="#${field}"`);
    expect((await officer.open('/people/as-of?q=a&q=b')).status).toBe(400);
    expect(
      (await officer.open(`/people/as-of/person?staffId=${story.stranger.staffId}&from=${then}&through=${then}`)).text,
    ).toContain('Lionel Brasseaux');
  });
});
