import { GrantsService } from '#grants';
import { newId, systemActor } from '#kernel';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aCover,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  signStatement,
  type TestCoordinator,
  type TestPerson,
} from '../../../test/support/people.js';
import { AccessList, ComplianceModule, Departures, PeopleQueries } from './index.js';

const iep = { application: 'ser-iep-form', role: 'iep-form', permission: 'iep-form-writer' };
const ser = { application: 'ser', role: 'ser-data', permission: 'ser-data-reader' };

describe('people, for those who look after their access', () => {
  let libs: TestLibs;
  let people: PeopleQueries;
  let list: AccessList;
  let [north, south, church] = ['', '', ''];
  let schools: Record<'north' | 'second' | 'south' | 'chapel', string>;
  let officer: TestCoordinator;
  let readers: Record<'north' | 'site' | 'serOnly' | 'south' | 'church' | 'cover' | 'unsigned', TestCoordinator>;
  let pupils: Record<'both' | 'northern' | 'southern' | 'chapel', TestPerson>;

  const give = async (who: TestPerson, what: typeof iep, level: 'site' | 'system', code: string): Promise<void> => {
    const { accountId, staffMemberId } = who;
    const gift = { ...what, location: { level, code }, systemCode: code, accountId, staffMemberId };
    await libs.app.get(GrantsService, { strict: false }).give(systemActor, gift);
  };

  beforeAll(async () => {
    libs = await startLibs([ComplianceModule]);
    const { em } = libs;
    people = libs.app.get(PeopleQueries);
    list = libs.app.get(AccessList);
    [north, south] = [await aSystem(em), await aSystem(em)];
    church = await aSystem(em, { kind: 'nonpublic' });
    schools = {
      north: await aSite(em, north),
      second: await aSite(em, north),
      south: await aSite(em, south),
      chapel: await aSite(em, church, { kind: 'nonpublic' }),
    };
    await em.execute(`insert into site_serving (id, site_code, system_code, from_day) values (?, ?, ?, '2020-01-01')`, [
      newId(),
      schools.chapel,
      north,
    ]);
    officer = await aStateOfficer(em);
    const cover = await aCoordinator(em, { reach: 'site', system: south, sites: [schools.south] });
    readers = {
      north: await aCoordinator(em, { reach: 'system', system: north }),
      site: await aCoordinator(em, { reach: 'site', system: north, sites: [schools.second] }),
      serOnly: await aCoordinator(em, { reach: 'system', system: north, application: 'ser' }),
      south: await aCoordinator(em, { reach: 'system', system: south }),
      church: await aCoordinator(em, { reach: 'system', system: church }),
      cover,
      unsigned: await aCoordinator(em, { reach: 'system', system: north, signed: false }),
    };
    await aCover(em, readers.site.coordinatorId, cover.staffMemberId);
    pupils = {
      both: await aTeacher(em, { firstName: 'Ida', lastName: 'Arceneaux', site: schools.north }),
      northern: await aTeacher(em, { firstName: 'Leon', lastName: 'Boudreaux', site: schools.second }),
      southern: await aTeacher(em, { firstName: 'Nell', lastName: 'Cormier', site: schools.south }),
      chapel: await aTeacher(em, { firstName: 'Rene', lastName: "O'Dell", site: schools.chapel }),
    };
    await give(pupils.both, iep, 'site', schools.north);
    await give(pupils.both, iep, 'site', schools.south);
    await give(pupils.both, ser, 'system', north);
    await give(pupils.northern, iep, 'site', schools.second);
    await give(pupils.southern, ser, 'site', schools.south);
    await give(pupils.chapel, iep, 'site', schools.chapel);
    await give(pupils.chapel, ser, 'site', schools.chapel);
  });
  afterAll(() => libs?.close());

  const listed = async (who: TestPerson, filter = {}): Promise<string[]> => {
    const { rows } = await list.page(who.actor, filter);
    return rows.map(({ name, placeCode, permission }) => `${name.split(' ')[1]} ${placeCode} ${permission}`);
  };

  it('AC-3 the list holds what the scope holds: by system, site, application, cover, served sites', async () => {
    const writer = 'IEP Form Writer';
    const all = await listed(officer);
    expect(all).toHaveLength(7);
    const northern = await listed(readers.north);
    expect(northern).toEqual(
      expect.arrayContaining([
        `Arceneaux ${schools.north} ${writer}`,
        `Boudreaux ${schools.second} ${writer}`,
        expect.stringContaining(`Arceneaux ${north} `),
      ]),
    );
    expect(northern.join()).not.toContain(schools.south);
    expect(await listed(readers.site)).toEqual([`Boudreaux ${schools.second} ${writer}`]);
    expect((await listed(readers.serOnly)).join()).not.toContain(writer);
    expect(await listed(readers.cover)).toEqual(
      expect.arrayContaining([`Boudreaux ${schools.second} ${writer}`, `Arceneaux ${schools.south} ${writer}`]),
    );
  });

  it('AC-3 who holds only a duty in an approval looks after nobody', async () => {
    const holder = await aTeacher(libs.em, { lastName: 'Supervisor' });
    await signStatement(libs.em, holder.staffMemberId);
    await libs.em.execute(
      `insert into duty_holder (id, duty, staff_member_id, system_code, from_day, created_at) values (?, 'special-education-supervisor', ?, ?, '2020-01-01', now())`,
      [newId(), holder.staffMemberId, north],
    );
    expect(await codeOf(list.page(holder.actor, {}))).toBe('compliance.not-found');
    expect(await codeOf(people.person(holder.actor, pupils.northern.staffMemberId))).toBe('compliance.not-found');
  });

  it('AC-5 what the list holds is what the page of each person holds, for every reader', async () => {
    for (const reader of [...Object.values(readers), officer]) {
      const shown: string[] = [];
      for (const person of Object.values(pupils)) {
        const view = await people.person(reader.actor, person.staffMemberId).catch(() => undefined);
        for (const one of view?.access ?? []) shown.push(`${view!.name} ${one.place} ${one.permission}`);
      }
      const page = await list.page(reader.actor, {}).catch(() => ({ rows: [] }));
      const rows = page.rows.map(({ name, place, permission }) => `${name} ${place} ${permission}`);
      expect(rows.sort()).toEqual(shown.sort());
    }
  });

  it('narrowed by name, Staff ID, application and site', async () => {
    expect(await listed(officer, { text: 'ARCENEAUX ida' })).toHaveLength(3);
    expect(await listed(officer, { text: pupils.southern.staffId })).toHaveLength(1);
    expect(await listed(officer, { application: 'ser' })).toHaveLength(3);
    expect(await listed(officer, { siteCode: schools.south })).toHaveLength(2);
    expect(await listed(officer, { text: '%', siteCode: schools.south })).toHaveLength(2);
    expect(await listed(officer, { text: 'nobody' })).toEqual([]);
  });

  it('who has nothing is found by name, within the scope only', async () => {
    const person = await aTeacher(libs.em, { firstName: 'Zoe', lastName: 'Quebedeaux', site: schools.north });
    const find = async (who: TestPerson) => (await people.find(who.actor, 'quebedeaux')).map(({ staffId }) => staffId);
    expect([await find(officer), await find(readers.north)]).toEqual([[person.staffId], [person.staffId]]);
    expect([await find(readers.south), await find(readers.site), await find(person)]).toEqual([[], [], []]);
    expect(await people.find(officer.actor, 'q')).toEqual([]);
  });

  it('AC-2 a person of no concern is not there, as an absent one', async () => {
    const { staffMemberId } = pupils.southern;
    for (const reader of [readers.north, readers.site, readers.unsigned, pupils.both, pupils.southern])
      expect(await codeOf(people.person(reader.actor, staffMemberId))).toBe('compliance.not-found');
    for (const id of [newId(), 'x', "'"])
      expect(await codeOf(people.person(officer.actor, id))).toBe('compliance.not-found');
    expect(await codeOf(list.page(pupils.both.actor, {}))).toBe('compliance.not-found');
    expect(await codeOf(list.all(readers.unsigned.actor, {}))).toBe('compliance.not-found');
  });

  it('AC-3 a departure shows each reader what ended within the scope; of the rest not even how much it is', async () => {
    const { em } = libs;
    const person = await aTeacher(em, { firstName: 'Ola', lastName: 'Trahan', site: schools.north });
    await give(person, iep, 'site', schools.north);
    await give(person, iep, 'site', schools.south);
    expect((await people.person(readers.north.actor, person.staffMemberId)).mayEnd).toEqual([
      `School ${schools.north}`,
    ]);
    expect((await people.person(readers.south.actor, person.staffMemberId)).mayEnd).toBeUndefined();
    await libs.app.get(Departures).end(readers.north.actor, person.staffMemberId, { reason: 'Moved away.' });
    const seen = async (who: TestPerson) => {
      const { departures, access, mayEnd } = await people.person(who.actor, person.staffMemberId);
      return [departures[0]!.ended.map(({ kind }) => kind).join(), departures[0]!.partial, access.length, mayEnd];
    };
    expect(await seen(officer)).toEqual(['employment,grant,grant,sessions', false, 0, 'everywhere']);
    expect(await seen(readers.north)).toEqual(['employment,grant,sessions', true, 0, undefined]);
    expect(await seen(readers.south)).toEqual(['grant,sessions', true, 0, undefined]);
  });

  it('IM-7 a file is counted, kept in the audit log with its filter, and limited', async () => {
    expect(await list.all(readers.south.actor, { application: 'ser' })).toHaveLength(1);
    const rows = await libs.em.execute<{ after: unknown }[]>(
      `select after from audit_entry where action = 'access.export' and account_id = ?`,
      [readers.south.accountId],
    );
    expect(rows).toEqual([{ after: { application: 'ser', rows: 1 } }]);
    for (let at = 1; at < 20; at++) await list.all(readers.south.actor, {});
    expect(await codeOf(list.all(readers.south.actor, {}))).toBe('compliance.too-many-files');
    expect(await list.all(readers.north.actor, {})).not.toEqual([]);
  });

  it('pages by key: every row once, in order of names', async () => {
    const many = await aSystem(libs.em);
    const school = await aSite(libs.em, many);
    const reader = await aCoordinator(libs.em, { reach: 'system', system: many });
    for (let at = 0; at < 220; at++)
      await give(await aTeacher(libs.em, { lastName: `Name${at % 7}`, site: school }), iep, 'site', school);
    const seen: string[] = [];
    let next: string | undefined;
    let pages = 0;
    do {
      const page = await list.page(reader.actor, {}, next);
      seen.push(...page.rows.map(({ staffId }) => staffId));
      next = page.next;
      pages++;
    } while (next);
    expect([pages, seen.length, new Set(seen).size]).toEqual([3, 220, 220]);
    for (const nonsense of ['x', `${newId()}.`, "'; select"])
      expect((await list.page(reader.actor, {}, nonsense)).rows).toHaveLength(100);
  });
});
