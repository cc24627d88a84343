import { newId, type SignedIn } from '#kernel';
import { codeOf, startLibs, type TestLibs } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aHead,
  anAssignment,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  type TestCoordinator,
  type TestPerson,
} from '../../../test/support/people.js';
import { Appointments, CoordinatorsModule, DesignationService, HeadsService } from './index.js';

/** What coordinators cannot do, whoever it is for: the whole table of verbs and actors. */
describe('CO-3 a coordinator of any kind makes and ends no coordinators', () => {
  let libs: TestLibs;
  let system: string;
  let site: string;
  let target: TestCoordinator;
  let proposed: { id: string; person: TestPerson };
  let asked: { id: string; person: TestPerson };
  let headId: string;
  const actors: Record<string, TestCoordinator> = {};

  beforeAll(async () => {
    libs = await startLibs([CoordinatorsModule]);
    const em = libs.em;
    system = await aSystem(em);
    site = await aSite(em, system);
    const [head, desk] = [await aHead(em, system), await aStateOfficer(em)];
    const at = { system, sites: [site] };
    for (const reach of ['site', 'group', 'system'] as const) {
      actors[reach] = await aCoordinator(em, { reach, ...at, sites: reach === 'system' ? [] : [site] });
      actors[`${reach}, SER only`] = await aCoordinator(em, { reach, ...at, application: 'ser' });
    }
    actors['state, SER only'] = await aCoordinator(em, { reach: 'state', application: 'ser' });
    actors['state, not begun'] = await aCoordinator(em, { reach: 'state', fromDay: '2998-01-01' });
    actors['state, over'] = await aCoordinator(em, { reach: 'state', toDay: '2021-01-01' });
    actors['stands in for the state desk'] = await aCoordinator(em, { reach: 'system', system });
    await em.execute(
      `insert into coordinator_cover (id, coordinator_id, staff_member_id, every_site, from_day, to_day, created_at)
       values (?, ?, ?, true, '2020-08-01', '2998-01-01', now())`,
      [newId(), desk.coordinatorId, actors['stands in for the state desk']!.staffMemberId],
    );
    target = await aCoordinator(em, { reach: 'group', ...at });
    const designations = libs.app.get(DesignationService);
    const propose = async () => {
      const person = await aTeacher(em);
      const form = { formKey: newId(), staffId: person.staffId, reach: 'system' as const, systemCode: system };
      return { person, id: await designations.propose(head.actor, { ...form, reason: 'Needed' }) };
    };
    proposed = await propose();
    asked = await propose();
    await designations.approve(desk.actor, asked.id, { version: 1 });
    await anAssignment(em, asked.person.staffMemberId, { reach: 'site', ...at });
    await designations.ask(asked.person.actor, asked.id, { version: 2 });
    [{ id: headId }] = (await em.execute(`select id from system_head where system_code = ?`, [system])) as [
      { id: string },
    ];
  });
  afterAll(() => libs?.close());

  const app = <T>(service: new (...args: never[]) => T): T => libs.app.get(service);
  type Verb = (actor: SignedIn, self: TestCoordinator) => Promise<unknown>;
  const forSystem = (staffMemberId: string) => ({ staffMemberId, reach: 'system' as const, systemCode: system });
  const verbs: [string, string, Verb][] = [
    [
      'designates another',
      'not-yours',
      (actor) => app(Appointments).designate(actor, forSystem(proposed.person.staffMemberId)),
    ],
    [
      'designates another for one site',
      'not-yours',
      (actor) =>
        app(Appointments).designate(actor, {
          ...forSystem(proposed.person.staffMemberId),
          reach: 'site',
          siteCodes: [site],
        }),
    ],
    [
      'widens his own scope',
      'not-yours',
      (actor, { staffMemberId }) => app(Appointments).designate(actor, { staffMemberId, reach: 'state' }),
    ],
    [
      'names himself for the system',
      'not-yours',
      (actor, { staffMemberId }) =>
        app(Appointments).designate(actor, { ...forSystem(staffMemberId), toDay: '2998-01-01' }),
    ],
    ['ends another', 'not-yours', (actor) => app(Appointments).end(actor, target.coordinatorId, { reason: 'Out' })],
    [
      'ends another on a day',
      'not-yours',
      (actor) =>
        app(Appointments).end(actor, target.coordinatorId, { reason: 'Out', day: '2998-01-01', takeOver: true }),
    ],
    [
      'ends himself by the door of the state',
      'not-yours',
      (actor, { coordinatorId }) => app(Appointments).end(actor, coordinatorId, { reason: 'Out', takeOver: true }),
    ],
    [
      'stands down for another',
      'not-found',
      (actor) => app(Appointments).standDown(actor, target.coordinatorId, { reason: 'Out' }),
    ],
    [
      'names a head',
      'not-yours',
      (actor) => app(HeadsService).name(actor, { ...forSystem(target.staffMemberId), title: 'Head' }),
    ],
    [
      'names himself head',
      'not-yours',
      (actor, { staffMemberId }) => app(HeadsService).name(actor, { ...forSystem(staffMemberId), title: 'Head' }),
    ],
    ['ends a head', 'not-yours', (actor) => app(HeadsService).end(actor, headId, 'Out')],
    [
      'proposes another',
      'not-head',
      (actor) =>
        app(DesignationService).propose(actor, {
          formKey: newId(),
          staffId: target.staffId,
          reach: 'system',
          systemCode: system,
          reason: 'Needed',
        }),
    ],
    [
      'proposes himself',
      'not-head',
      (actor, { staffId }) =>
        app(DesignationService).propose(actor, {
          formKey: newId(),
          staffId,
          reach: 'system',
          systemCode: system,
          reason: 'Needed',
        }),
    ],
    ['approves', 'not-found', (actor) => app(DesignationService).approve(actor, proposed.id, { version: 1 })],
    [
      'refuses',
      'not-found',
      (actor) => app(DesignationService).refuse(actor, proposed.id, { version: 1, reason: 'No' }),
    ],
    ['asks for another', 'not-found', (actor) => app(DesignationService).ask(actor, proposed.id, { version: 1 })],
    ['grants', 'not-found', (actor) => app(DesignationService).grant(actor, asked.id, { version: 3 })],
    ['withdraws', 'not-found', (actor) => app(DesignationService).withdraw(actor, asked.id, { version: 3 })],
  ];

  it.each(verbs)('%s', async (_, code, verb) => {
    const before = await rows();
    for (const [name, self] of Object.entries(actors))
      expect([name, await codeOf(verb(self.actor, self))]).toEqual([name, `coordinators.${code}`]);
    expect(await rows()).toEqual(before);
  });

  it('grants nothing to himself as the person designated', async () => {
    const { actor } = asked.person;
    const designations = app(DesignationService);
    expect(await codeOf(designations.grant(actor, asked.id, { version: 3 }))).toBe('coordinators.not-yours');
    expect(await codeOf(designations.approve(actor, asked.id, { version: 3 }))).toBe('coordinators.not-yours');
  });

  it('nor does nobody, nor a job of a person', async () => {
    const { staffMemberId } = proposed.person;
    const tries = [{ client: 'portal' as const }, { client: 'jobs' as const, accountId: actors.system!.accountId }];
    for (const actor of tries)
      expect(await codeOf(app(Appointments).designate(actor, { staffMemberId, reach: 'state' }))).toBe(
        'coordinators.not-yours',
      );
  });

  const rows = () =>
    libs.em.execute(
      `select (select json_agg(c order by id) from coordinator c) as coordinators, (select json_agg(h order by id) from system_head h) as heads,
         (select json_agg(d order by id) from designation d) as designations`,
    );
});
