import { Appointments } from '#coordinators';
import { newId, systemActor } from '#kernel';
import { strayLines } from '../../../test/support/invariants.js';
import { codeOf } from '../../../test/support/libs.js';
import { aCoordinator, aSite, aSystem, type TestCoordinator } from '../../../test/support/people.js';
import { approveAll, RequestOffice } from '../../../test/support/request-office.js';
import { RequestLoads, type RequestView, type Wish } from './index.js';

const roles = [
  { application: 'ser', role: 'ser-data', permissions: ['ser-data-writer'] },
  { application: 'ser-iep-form', role: 'iep-form', permissions: ['iep-form-writer'] },
  { application: 'canopy', role: 'canopy-learning', permissions: ['learner'] },
];

describe('a request of many lines', () => {
  const office = RequestOffice.inSpec();
  let coordinators: TestCoordinator[];
  let sites: string[];
  let systems: string[];

  beforeEach(async () => {
    const { em } = office.libs;
    coordinators = [];
    sites = [];
    systems = [];
    for (const name of ['Ascension', 'Bienville', 'Caldwell', 'DeSoto']) {
      const system = await aSystem(em, { name: `${name} Parish` });
      systems.push(system);
      for (const at of [1, 2, 3]) sites.push(await aSite(em, system, { name: `${name} School ${at}` }));
      coordinators.push(await aCoordinator(em, { reach: 'system', system, lastName: name }));
    }
  });

  const everywhere = (): Wish[] =>
    sites.flatMap((code) => roles.map((role) => ({ ...role, location: { level: 'site' as const, code } })));
  const asked = async (wishes = everywhere()): Promise<RequestView> => {
    const { id } = await office.requests.submit(office.teacher.actor, { wishes, formKey: newId() });
    return office.queries.view(office.teacher.actor, id);
  };
  const seenBy = ({ id }: { id: string }, person: { actor: TestCoordinator['actor'] }) =>
    office.queries.view(person.actor, id);

  it('three roles at twelve sites under four coordinators: one mail for each, with what is theirs', async () => {
    const view = await asked();
    expect(view.lines).toHaveLength(36);
    expect(view.history).toMatchObject([{ cause: '', ways: [{}, {}, {}, {}] }]);
    for (const [at, one] of coordinators.entries()) {
      const told = await office.messagesTo(one);
      expect(told).toMatchObject([
        { kind: 'request.submitted', facts: { requestId: view.id, asked: '9 permissions', place: '3 places' } },
      ]);
      expect(Object.keys(told[0]!.facts).filter((name) => name.startsWith('item'))).toHaveLength(9);
      const seen = await seenBy(view, one);
      expect([seen.lines.length, seen.others, seen.mayDecide]).toEqual([9, 27, true]);
      expect(new Set(seen.lines.map(({ place }) => place.system.code))).toEqual(new Set([systems[at]]));
      expect(await office.lists.waitingFor(one.actor)).toMatchObject([{ id: view.id, lines: { length: 9 } }]);
    }
    const loads = office.libs.app.get(RequestLoads);
    expect((await loads.openBySystem()).get(systems[0]!)).toMatchObject({ open: 1 });
  });

  it('CO-4 four coordinators decide at once, each the version they saw; the person is told of each', async () => {
    const view = await asked();
    const seen = await Promise.all(coordinators.map((one) => seenBy(view, one)));
    const outcomes = await Promise.all(
      seen.map((one, at) => codeOf(office.decide(one, approveAll(one), coordinators[at]!.actor))),
    );
    expect(outcomes).toEqual(Array(4).fill('done: undefined'));
    const after = await seenBy(view, office.teacher);
    expect(new Set(after.lines.map(({ status }) => status))).toEqual(new Set(['approved']));
    expect(after.version).toBe(5);
    expect((await office.messagesTo(office.teacher)).map(({ kind }) => kind)).toEqual(Array(4).fill('request.decided'));
    expect(await office.effective(office.teacher)).toHaveLength(36);
  });

  it('CO-4 what a colleague decided of the same lines stops the decision; what others decided elsewhere does not', async () => {
    const colleague = await aCoordinator(office.libs.em, { reach: 'system', system: systems[0]! });
    const view = await asked();
    const [mine, theirs] = [await seenBy(view, coordinators[0]!), await seenBy(view, coordinators[1]!)];
    await office.decide(theirs, approveAll(theirs), coordinators[1]!.actor);
    await office.decide(mine, approveAll(mine).slice(0, 1), coordinators[0]!.actor);
    const late = office.decide(mine, approveAll(mine).slice(1), colleague.actor);
    await expect(late).rejects.toMatchObject({
      code: 'requests.changed',
      detail: expect.stringMatching(/^While you had it open: "SER Data Writer" at Ascension School 1 was approved/),
    });
    const again = office.decide(mine, approveAll(mine).slice(0, 1), coordinators[0]!.actor);
    await expect(again).rejects.toMatchObject({ code: 'requests.already-decided' });
  });

  it('AC-2 a line of another coordinator refuses the whole, and nobody sees what others decide', async () => {
    const view = await asked();
    const [mine, theirs] = [await seenBy(view, coordinators[0]!), await seenBy(view, coordinators[1]!)];
    const mixed = [...approveAll(mine), ...approveAll(theirs).slice(0, 1)];
    expect(await codeOf(office.decide(mine, mixed, coordinators[0]!.actor))).toBe('requests.not-found');
    expect((await seenBy(view, office.teacher)).lines.every(({ status }) => status === 'pending')).toBe(true);
    expect(JSON.stringify(mine)).not.toContain('Bienville');
  });

  it('who leaves hands on the lines that waited for them, and no other', async () => {
    const view = await asked();
    const last = coordinators[0]!;
    const second = await aCoordinator(office.libs.em, { reach: 'system', system: systems[0]!, lastName: 'Second' });
    await office.libs.app
      .get(Appointments, { strict: false })
      .end(systemActor, last.coordinatorId, { reason: 'Left the parish' });
    const after = await seenBy(view, office.teacher);
    expect(after.lines.filter(({ deciders }) => deciders[0]!.name.endsWith('Second'))).toHaveLength(9);
    expect(after.history).toMatchObject([{ ways: { length: 4 } }, { ways: [{ lineIds: { length: 9 } }] }]);
    expect((await office.messagesTo(second)).at(-1)).toMatchObject({ facts: { gained: '1' } });
    expect((await office.messagesTo(office.teacher)).at(-1)).toMatchObject({ facts: { asked: '1' } });
    expect(await strayLines(office.libs.app)).toEqual([]);
  });

  it('what was decided stays when the rest is withdrawn; each coordinator is told once', async () => {
    const view = await asked();
    const mine = await seenBy(view, coordinators[0]!);
    await office.decide(mine, approveAll(mine), coordinators[0]!.actor);
    await office.requests.withdraw(office.teacher.actor, view.id);
    const kinds = await Promise.all(
      coordinators.map(async (one) => (await office.messagesTo(one)).map(({ kind }) => kind)),
    );
    const withdrawn = ['request.submitted', 'request.withdrawn'];
    expect(kinds).toEqual([['request.submitted'], withdrawn, withdrawn, withdrawn]);
    const { lines } = await seenBy(view, office.teacher);
    expect(lines.map(({ status }) => status)).toEqual([...Array(9).fill('approved'), ...Array(27).fill('withdrawn')]);
  });

  it.each<[string, string, (site: string) => Wish[]]>([
    ['nothing', 'requests.incomplete', () => []],
    [
      'CO-7 the 61st permission',
      'requests.too-many-lines',
      () =>
        Array.from({ length: 31 }, (_, at) => ({
          application: 'ser',
          role: 'ser-data',
          permissions: ['ser-data-writer', 'ser-data-reader'],
          location: { level: 'site' as const, code: `T${at}` },
        })),
    ],
    [
      'CO-5 two roles of one application at one place',
      'requests.two-roles',
      (code) => [
        { ...roles[0]!, location: { level: 'site', code } },
        { application: 'ser', role: 'ser-lasid', permissions: ['ser-lasid-writer'], location: { level: 'site', code } },
      ],
    ],
    [
      'one place that is none among many',
      'sites.unknown-code',
      (code) => ['ZZZ999', code].map((each) => ({ ...roles[0]!, location: { level: 'site', code: each } })),
    ],
  ])('refuses %s, and makes nothing', async (_, code, wishes) => {
    const before = await office.countOf('request_line');
    const form = { wishes: wishes(sites[0]!), formKey: newId() };
    expect(await codeOf(office.requests.submit(office.teacher.actor, form))).toBe(code);
    expect(await office.countOf('request_line')).toBe(before);
  });

  it('the same thing wished twice is one line', async () => {
    const wish = { ...roles[0]!, location: { level: 'site' as const, code: sites[0]! } };
    const view = await asked([wish, { ...wish, permissions: ['ser-data-reader', 'ser-data-writer'] }]);
    expect(view.lines.map(({ permission }) => permission.code)).toEqual(['ser-data-writer', 'ser-data-reader']);
  });

  it('the whole school system is not offered for a request of several things', async () => {
    const view = await asked();
    expect((await seenBy(view, coordinators[0]!)).maySuggest).toBeUndefined();
  });
});
