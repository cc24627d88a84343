import { newId, type SignedIn } from '#kernel';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aHead,
  aSite,
  aCoordinator,
  aStateOfficer,
  aSystem,
  aTeacher,
  signStatement,
  type TestCoordinator,
  type TestPerson,
} from '../../../test/support/people.js';
import { CoordinatorsModule, CoordinatorsService, DesignationService, type DesignationProposal } from './index.js';

const done = 'done: undefined';

describe('the way of a designation', () => {
  let libs: TestLibs;
  let designations: DesignationService;
  let coordinators: CoordinatorsService;
  let system: string;
  let schools: string[];
  let head: TestPerson;
  let desk: TestCoordinator;
  let second: TestCoordinator;

  beforeAll(async () => {
    libs = await startLibs([CoordinatorsModule]);
    designations = libs.app.get(DesignationService);
    coordinators = libs.app.get(CoordinatorsService);
    system = await aSystem(libs.em, { name: 'Acadia Parish' });
    schools = [await aSite(libs.em, system, { name: 'Cypress Bend High' }), await aSite(libs.em, system)];
    head = await aHead(libs.em, system);
    desk = await aStateOfficer(libs.em, { firstName: 'Odile', lastName: 'Stone' });
    second = await aStateOfficer(libs.em, { firstName: 'Ives', lastName: 'Marsh' });
  });
  afterAll(() => libs?.close());

  const form = (person: TestPerson, more: Partial<DesignationProposal> = {}): DesignationProposal => ({
    formKey: newId(),
    staffId: person.staffId,
    reach: 'system',
    systemCode: system,
    reason: 'Takes over from a colleague',
    ...more,
  });
  const propose = (more: Partial<DesignationProposal> = {}, actor: SignedIn = head.actor) =>
    aTeacher(libs.em, { firstName: 'Nell', lastName: 'Carver' }).then(async (person) => ({
      person,
      id: await designations.propose(actor, form(person, more)),
    }));
  /** The designation and its person, as far as the state wanted. */
  const brought = async (to: 'approved' | 'asked', more: Partial<DesignationProposal> = {}) => {
    const one = await propose(more);
    await designations.approve(desk.actor, one.id, { version: 1 });
    if (to === 'asked') {
      await signStatement(libs.em, one.person.staffMemberId);
      await designations.ask(one.person.actor, one.id, { version: 2 });
    }
    return one;
  };
  const toldTo = async ({ accountId }: { accountId: string }, id: string): Promise<string[]> => {
    const rows = await libs.em.execute<{ kind: string }[]>(
      `select kind from message where recipient_id = ? and (facts ->> 'id' = ? or kind = 'coordinators.named') order by queued_at, kind`,
      [accountId, id],
    );
    return rows.map(({ kind }) => kind.replace('coordinators.', ''));
  };

  it('head, state office, person, state office: a coordinator; every step is seen and told', async () => {
    const { person, id } = await propose({ reach: 'group', siteCodes: schools, application: 'ser' });
    await designations.approve(desk.actor, id, { version: 1, note: 'As we talked' });
    expect(await codeOf(designations.ask(person.actor, id, { version: 2 }))).toBe('coordinators.unsigned');
    await signStatement(libs.em, person.staffMemberId);
    await designations.ask(person.actor, id, { version: 2 });
    expect(await coordinators.scopesOf(person.staffMemberId)).toEqual([]);
    await designations.grant(second.actor, id, { version: 3 });

    const [scope] = await coordinators.scopesOf(person.staffMemberId);
    expect(scope).toMatchObject({ reach: 'group', systemCode: system, application: 'ser' });
    expect([...scope!.siteCodes].sort()).toEqual([...schools].sort());
    const view = await designations.get(person.actor, id);
    expect(view).toMatchObject({
      status: 'granted',
      version: 4,
      person: { name: 'Nell Carver', staffId: person.staffId },
      proposedBy: { name: 'Corinne Landry' },
      system: { name: 'Acadia Parish' },
      siteCount: 2,
      coordinatorId: scope!.id,
      may: [],
    });
    expect(view.steps.map(({ step, by, note }) => [step, by, note])).toEqual([
      ['proposed', 'Corinne Landry', 'Takes over from a colleague'],
      ['approved', 'Odile Stone', 'As we talked'],
      ['asked', 'Nell Carver', undefined],
      ['granted', 'Ives Marsh', undefined],
    ]);
    expect(await toldTo(person, id)).toEqual(['designation-approved', 'named']);
    const [named] = await libs.em.execute(
      `select facts ->> 'signed' as signed from message where recipient_id = ? and kind = 'coordinators.named'`,
      [person.accountId],
    );
    expect(named).toEqual({ signed: 'yes' });
    expect(await toldTo(head, id)).toEqual(['designation-moved', 'designation-moved']);
    expect(await toldTo(desk, id)).toEqual(['designation-proposed', 'designation-asked']);
    const audit = await libs.em.execute<{ action: string }[]>(
      `select action from audit_entry where target = ? order by id`,
      [`designation:${id}`],
    );
    expect(audit.map(({ action }) => action.replace('designation.', ''))).toEqual([
      'propose',
      'approve',
      'ask',
      'grant',
    ]);
  });

  it('the state office may refuse until the grant, with a reason; head and person may take it back', async () => {
    const { id, person } = await brought('asked');
    expect(await codeOf(designations.refuse(desk.actor, id, { version: 3, reason: '' }))).toBe(
      'coordinators.wrong-scope',
    );
    await designations.refuse(desk.actor, id, { version: 3, reason: 'Not employed there' });
    expect(await toldTo(person, id)).toEqual(['designation-approved', 'designation-moved']);
    expect(await codeOf(designations.grant(desk.actor, id, { version: 4 }))).toBe('coordinators.moved-on');

    const other = await brought('approved');
    await designations.withdraw(other.person.actor, other.id, { version: 2 });
    const third = await propose();
    await designations.withdraw(head.actor, third.id, { version: 1 });
    expect(await toldTo(third.person, third.id)).toEqual(['designation-moved']);
    expect(await coordinators.scopesOf(person.staffMemberId)).toEqual([]);
  });

  it('only the head of that system designates, only for it; the form is checked', async () => {
    const person = await aTeacher(libs.em);
    const elsewhere = await aSystem(libs.em);
    const [foreign, otherHead] = [await aSite(libs.em, elsewhere), await aHead(libs.em, elsewhere)];
    const tries: [string, SignedIn, Partial<DesignationProposal>][] = [
      ['coordinators.not-head', otherHead.actor, {}],
      ['coordinators.not-head', head.actor, { systemCode: elsewhere }],
      ['coordinators.not-head', desk.actor, {}],
      ['coordinators.not-head', person.actor, {}],
      ['coordinators.unknown-person', head.actor, { staffId: '0000000000' }],
      ['coordinators.unknown-person', head.actor, { staffId: "1' or true --" }],
      ['coordinators.wrong-scope', head.actor, { reach: 'state' as never }],
      ['coordinators.wrong-scope', head.actor, { reach: 'group', siteCodes: [schools[0]!, foreign] }],
      ['coordinators.wrong-scope', head.actor, { reach: 'site', siteCodes: [foreign] }],
      ['coordinators.wrong-scope', head.actor, { reason: ' ' }],
      ['coordinators.wrong-scope', head.actor, { fromDay: '2998-02-02', toDay: '2998-02-01' }],
      ['coordinators.wrong-scope', head.actor, { formKey: 'again' }],
    ];
    for (const [code, actor, more] of tries)
      expect([more, await codeOf(designations.propose(actor, form(person, more)))]).toEqual([more, code]);
    await libs.em.execute(`update system_head set ended_at = now() where staff_member_id = ?`, [
      otherHead.staffMemberId,
    ]);
    expect(await codeOf(designations.propose(otherHead.actor, form(person, { systemCode: elsewhere })))).toBe(
      'coordinators.not-head',
    );
    expect(await designations.list(person.actor)).toEqual([]);
  });

  it('R-06 a form sent again with other answers is refused, also at once, whoever it names', async () => {
    const [one, other] = [await aTeacher(libs.em), await aTeacher(libs.em)];
    const { formKey, ...wish } = form(one);
    await designations.propose(head.actor, { ...wish, formKey });
    for (const more of [{ staffId: other.staffId }, { reason: 'Another' }, { application: 'ser' }])
      expect(await codeOf(designations.propose(head.actor, { ...wish, formKey, ...more }))).toBe(
        'coordinators.wrong-scope',
      );
    for (let round = 0; round < 10; round++) {
      const key = newId();
      const people = [await aTeacher(libs.em), await aTeacher(libs.em), await aTeacher(libs.em)];
      const sent = people.map((person) => designations.propose(head.actor, form(person, { formKey: key })));
      const answers = await Promise.all(sent.map((each) => codeOf(each)));
      expect(answers.filter((answer) => answer !== 'coordinators.wrong-scope')).toEqual([
        expect.stringMatching(/^done/),
      ]);
    }
  });

  it('designated twice is refused; the same form sent again and again is one designation', async () => {
    const person = await aTeacher(libs.em);
    const wish = form(person, { reach: 'group', siteCodes: schools });
    const ids = await Promise.all(Array.from({ length: 6 }, () => designations.propose(head.actor, wish)));
    expect(new Set(ids).size).toBe(1);
    const again = { ...wish, formKey: newId(), siteCodes: [...schools].reverse() };
    expect(await codeOf(designations.propose(head.actor, again))).toBe('coordinators.already');
    const held = await aCoordinator(libs.em, { reach: 'system', system });
    expect(await codeOf(designations.propose(head.actor, form(held)))).toBe('coordinators.already');

    for (let round = 0; round < 5; round++) {
      const another = await aTeacher(libs.em);
      const outcomes = await Promise.all(
        Array.from({ length: 6 }, () => codeOf(designations.propose(head.actor, form(another)))),
      );
      expect(outcomes.filter((one) => one.startsWith('done'))).toHaveLength(1);
    }
  });

  it('CO-3 nobody approves, refuses or grants a designation that is his own, or that he made', async () => {
    const small = await aSystem(libs.em);
    const both = await aStateOfficer(libs.em);
    await libs.em.execute(
      `insert into system_head (id, system_code, staff_member_id, title, from_day, created_at) values (?, ?, ?, 'Head', '2020-08-01', now())`,
      [newId(), small, both.staffMemberId],
    );
    const mine = await designations.propose(both.actor, form(both, { systemCode: small }));
    const made = await propose({ systemCode: small }, both.actor);
    for (const id of [mine, made.id]) {
      expect(await codeOf(designations.approve(both.actor, id, { version: 1 }))).toBe('coordinators.not-yours');
      expect(await codeOf(designations.refuse(both.actor, id, { version: 1, reason: 'No' }))).toBe(
        'coordinators.not-yours',
      );
      expect((await designations.get(both.actor, id)).may).toEqual(['withdraw']);
    }
    await designations.approve(desk.actor, mine, { version: 1 });
    await designations.ask(both.actor, mine, { version: 2 });
    expect(await codeOf(designations.grant(both.actor, mine, { version: 3 }))).toBe('coordinators.not-yours');
    await designations.grant(desk.actor, mine, { version: 3 });
  });

  it('a step on an older look, or by somebody else first, is refused and says what changed', async () => {
    const { id } = await brought('approved');
    await expect(designations.approve(second.actor, id, { version: 1 })).rejects.toThrow(
      /changed meanwhile: it is approved and waits for the person/,
    );
    expect(await codeOf(designations.ask(head.actor, id, { version: 2 }))).toBe('coordinators.not-yours');
    for (let round = 0; round < 5; round++) {
      const one = await brought('asked');
      const outcomes = await Promise.all([
        ...[desk, second, desk, second].map(({ actor }) => codeOf(designations.grant(actor, one.id, { version: 3 }))),
        codeOf(designations.withdraw(head.actor, one.id, { version: 3 })),
        codeOf(designations.refuse(second.actor, one.id, { version: 3, reason: 'No' })),
      ]);
      expect(outcomes.filter((outcome) => outcome === done)).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'coordinators.moved-on')).toHaveLength(5);
      const { status } = await designations.get(head.actor, one.id);
      expect(await coordinators.scopesOf(one.person.staffMemberId)).toHaveLength(status === 'granted' ? 1 : 0);
    }
  });

  it('what the form says is asked again at the grant: places, days, doubles', async () => {
    const site = await aSite(libs.em, system);
    const closing = await brought('asked', { reach: 'site', siteCodes: [site] });
    await libs.em.execute(`update site set closed_on = '2021-07-01' where code = ?`, [site]);
    expect(await codeOf(designations.grant(desk.actor, closing.id, { version: 3 }))).toBe('sites.closed');
    expect(await designations.get(desk.actor, closing.id)).toMatchObject({ status: 'asked', version: 3 });

    const late = await brought('asked');
    await libs.em.execute(`update designation set from_day = '2021-01-01', to_day = '2021-06-01' where id = ?`, [
      late.id,
    ]);
    expect(await codeOf(designations.grant(desk.actor, late.id, { version: 3 }))).toBe('coordinators.wrong-scope');
    await libs.em.execute(`update designation set to_day = null where id = ?`, [late.id]);
    await designations.grant(desk.actor, late.id, { version: 3 });
    const [{ today }] = (await libs.em.execute(
      `select (from_day = (now() at time zone 'America/Chicago')::date) as today from coordinator where staff_member_id = ?`,
      [late.person.staffMemberId],
    )) as [{ today: boolean }];
    expect(today).toBe(true); // who decided when stays as it was
  });

  it('AC-2 seen by the state desk, the head and the person; absent for everybody else', async () => {
    const { id, person } = await propose();
    const [stranger, coordinator] = [await aTeacher(libs.em), await aCoordinator(libs.em, { reach: 'system', system })];
    for (const { actor } of [desk, head, person]) expect((await designations.get(actor, id)).id).toBe(id);
    for (const { actor } of [stranger, coordinator]) {
      expect(await codeOf(designations.get(actor, id))).toBe('coordinators.not-found');
      expect(await designations.list(actor)).toEqual([]);
    }
    for (const absent of [newId(), 'x', "' or true --"])
      expect(await codeOf(designations.get(desk.actor, absent))).toBe('coordinators.not-found');
    expect((await designations.list(person.actor)).map((one) => one.id)).toEqual([id]);
    const waiting = (await designations.list(desk.actor)).filter(
      ({ may }) => may.includes('approve') || may.includes('grant'),
    );
    expect(await designations.waitingCount(desk.actor)).toBe(waiting.length);
    expect(await designations.waitingCount(head.actor)).toBe(0);
    const all = await designations.list(head.actor, { open: true });
    expect(all.every(({ status }) => ['proposed', 'approved', 'asked'].includes(status))).toBe(true);
    expect(all.some((one) => one.id === id)).toBe(true);
    const over = await designations.list(desk.actor, { open: false, systemCode: system });
    expect(over.length).toBeGreaterThan(0);
    expect(over.some((one) => one.id === id)).toBe(false);
  });
});
