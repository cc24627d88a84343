import { systemActor } from '#kernel';
import { DutiesService } from '#coordinators';
import { aDutyHolder, approvedBy } from '../../../test/support/duties.js';
import { codeOf } from '../../../test/support/libs.js';
import { aCoordinator, aStateOfficer, aTeacher } from '../../../test/support/people.js';
import { RequestOffice } from '../../../test/support/request-office.js';
import { rounds } from '../../../test/support/request-races.js';
import type { RequestView } from './index.js';

const supervisorFirst = ['special-education-supervisor', 'coordinator'] as const;

describe('approval in more than one step', () => {
  const office = RequestOffice.inSpec();
  const app = 'ser-iep-form';
  let supervisor: Awaited<ReturnType<typeof aDutyHolder>>;
  beforeAll(async () => {
    supervisor = await aDutyHolder(office.libs.em, { system: office.system });
  });
  beforeEach(() => approvedBy(office.libs.app, app, ...supervisorFirst));

  const asked = (): Promise<RequestView> => office.submitted({ permissions: ['iep-form-writer'] });
  const approve = (
    who: { actor: RequestOffice['teacher']['actor'] },
    { id, version, lines }: RequestView,
    verdict: 'approve' | 'reject' = 'approve',
  ): Promise<number> =>
    office.requests.decide(who.actor, id, {
      version,
      decisions: lines.map((line) => ({ lineId: line.id, verdict, reason: verdict === 'reject' ? 'No' : undefined })),
    });
  const seen = (id: string, who: { actor: RequestOffice['teacher']['actor'] } = office.teacher): Promise<RequestView> =>
    office.queries.view(who.actor, id);
  const aNewTeacher = async (): Promise<void> => {
    office.teacher = await aTeacher(office.libs.em, { firstName: 'Lee', lastName: 'Carter', site: office.school });
  };
  const held = async (): Promise<number> => (await office.grants.holdings(office.teacher.staffMemberId)).length;

  it('waits for the supervisor, then for the coordinator, and access is given by the last yes', async () => {
    const request = await asked();
    expect(request.lines[0]).toMatchObject({
      deciders: [{ staffMemberId: supervisor.staffMemberId, duty: 'special-education-supervisor' }],
      steps: [
        { step: 1, by: 'Special Education Supervisor', state: 'waits' },
        { step: 2, by: 'Security Coordinator', state: 'later' },
      ],
    });
    expect(await office.lists.waitingFor(office.coordinator.actor)).toEqual([]);
    expect(await office.lists.waitingFor(supervisor.actor)).toMatchObject([{ id: request.id }]);
    expect(await codeOf(approve(office.coordinator, request))).toBe('requests.not-found');
    await approve(supervisor, await seen(request.id, supervisor));
    expect(await held()).toBe(0);

    const after = await seen(request.id);
    expect(after.lines[0]).toMatchObject({
      status: 'pending',
      deciders: [{ staffMemberId: office.coordinator.staffMemberId }],
      steps: [
        { step: 1, state: 'approved', decidedBy: 'Vera Mouton' },
        { step: 2, state: 'waits' },
      ],
    });
    expect(after.history.at(-1)).toMatchObject({ cause: 'Vera Mouton approved it as step 1 of 2.' });
    expect(await office.lists.waitingFor(supervisor.actor)).toEqual([]);
    expect(await office.lists.waitingFor(office.coordinator.actor)).toMatchObject([{ id: request.id }]);
    // Who said yes goes on seeing it, and has no word in it any more.
    const theirs = await seen(request.id, supervisor);
    expect(theirs).toMatchObject({ mayDecide: false, lines: [{ mayDecide: false }] });
    expect(await codeOf(approve(supervisor, theirs))).toBe('requests.no-longer-yours');
    await approve(office.coordinator, await seen(request.id, office.coordinator));
    expect(await held()).toBe(1);
    expect((await seen(request.id)).lines[0]).toMatchObject({
      status: 'approved',
      steps: [{ state: 'approved' }, { state: 'approved', decidedBy: 'Ana Ruiz' }],
    });
  });

  it('a no at any step ends it', async () => {
    const first = await asked();
    await approve(supervisor, await seen(first.id, supervisor), 'reject');
    expect((await seen(first.id)).lines[0]).toMatchObject({
      status: 'rejected',
      steps: [{ state: 'rejected' }, { state: 'later' }],
    });
    const second = await asked();
    await approve(supervisor, await seen(second.id, supervisor));
    await approve(office.coordinator, await seen(second.id, office.coordinator), 'reject');
    expect((await seen(second.id)).lines[0]).toMatchObject({ status: 'rejected' });
    expect(await held()).toBe(0);
  });

  it('CO-1 nobody approves two steps: the next one goes to somebody else, at last to the state desk', async () => {
    const { em } = office.libs;
    const both = await aCoordinator(em, { reach: 'site', system: office.system, sites: [office.school] });
    await em.execute(
      `insert into duty_holder (id, duty, staff_member_id, system_code, from_day, created_at)
       values (gen_random_uuid(), 'special-education-supervisor', ?, ?, '2020-08-01', now())`,
      [both.staffMemberId, office.system],
    );
    const request = await asked();
    await approve(both, await seen(request.id, both));
    expect((await seen(request.id)).lines[0]!.deciders.map((one) => one.staffMemberId)).toEqual([
      office.coordinator.staffMemberId,
    ]);
    expect(await codeOf(approve(both, await seen(request.id, both)))).not.toMatch(/^done/);
    await approve(office.officer, await seen(request.id, office.officer));
    await em.execute(`update coordinator set ended_at = now() where id = ?`, [both.coordinatorId]);
    await em.execute(`update duty_holder set ended_at = now() where staff_member_id = ?`, [both.staffMemberId]);
  });

  it('a step whose duty nobody has is the state desk’s, named as such, and that person does not decide the next one', async () => {
    const duties = office.libs.app.get(DutiesService, { strict: false });
    await duties.end(systemActor, supervisor.dutyId, 'On leave');
    try {
      const request = await asked();
      expect(request.lines[0]).toMatchObject({
        stateDesk: true,
        reasons: [
          'Acadia Parish has no Special Education Supervisor who can decide this, so the state office decides in their place.',
        ],
      });
      await approve(office.officer, await seen(request.id, office.officer));
      expect(await codeOf(approve(office.officer, await seen(request.id, office.officer)))).toBe(
        'requests.no-longer-yours',
      );
      const second = await aStateOfficer(office.libs.em, { firstName: 'Paul', lastName: 'Hebert' });
      await approve(second, await seen(request.id, second));
      expect(await held()).toBe(1);
      await office.libs.em.execute(`update coordinator set ended_at = now() where id = ?`, [second.coordinatorId]);
    } finally {
      supervisor = await aDutyHolder(office.libs.em, { system: office.system });
    }
  });

  it('open steps follow the duty: whoever is named gets them, whoever ends loses them', async () => {
    const duties = office.libs.app.get(DutiesService, { strict: false });
    const request = await asked();
    const before = request.lines[0]!.deciders.map((one) => one.staffMemberId);
    const other = await aDutyHolder(office.libs.em, { system: office.system, signed: true, firstName: 'Luc' });
    await office.libs.em.execute(`update duty_holder set ended_at = now() where id = ?`, [other.dutyId]);
    const id = await duties.name(systemActor, {
      duty: 'special-education-supervisor',
      systemCode: office.system,
      staffMemberId: other.staffMemberId,
    });
    const more = (await seen(request.id)).lines[0]!.deciders.map((one) => one.staffMemberId);
    expect(more.sort()).toEqual([...before, other.staffMemberId].sort());
    await duties.end(systemActor, id, 'Moved');
    const after = await seen(request.id);
    expect(after.lines[0]!.deciders.map((one) => one.staffMemberId)).toEqual(before);
    expect(after.history.map(({ cause }) => cause)).toEqual([
      '',
      'Luc Mouton is Special Education Supervisor of Acadia Parish now.',
      'Luc Mouton is no longer Special Education Supervisor of Acadia Parish.',
    ]);
    await office.requests.withdraw(office.teacher.actor, request.id);
  });

  it('the owner of an application comes after the coordinators, who go on seeing what they approved', async () => {
    approvedBy(office.libs.app, app, 'coordinator', 'application-owner');
    const owner = await aDutyHolder(office.libs.em, { duty: 'application-owner', application: app, firstName: 'Otis' });
    const request = await asked();
    await approve(office.coordinator, await seen(request.id, office.coordinator));
    expect((await seen(request.id)).lines[0]).toMatchObject({
      deciders: [{ staffMemberId: owner.staffMemberId }],
      reasons: ['The application owner of SER IEP Form is asked after the coordinators.'],
    });
    expect(await seen(request.id, office.coordinator)).toMatchObject({ mayDecide: false });
    await approve(owner, await seen(request.id, owner));
    expect(await held()).toBe(1);
  });

  it('CO-4 many at once: a step is approved once, by whoever had it when it was saved, and the last one gives once', async () => {
    const second = await aDutyHolder(office.libs.em, { system: office.system, firstName: 'Luc' });
    const other = await aCoordinator(office.libs.em, { reach: 'system', system: office.system });
    for (let round = 0; round < rounds / 4; round++) {
      await aNewTeacher();
      const request = await office.submitted({ permissions: ['iep-form-approver'] });
      const all = [supervisor, second, office.officer, supervisor, office.coordinator, other];
      const outcomes = await Promise.all(all.map((who) => codeOf(approve(who, request))));
      expect(outcomes.filter((one) => one.startsWith('done'))).toHaveLength(1);
      const now = await seen(request.id);
      expect(now.lines[0]).toMatchObject({ status: 'pending', steps: [{ state: 'approved' }, { state: 'waits' }] });
      const last = await Promise.all(all.map((who) => codeOf(approve(who, now))));
      expect(last.filter((one) => one.startsWith('done'))).toHaveLength(1);
      expect(await held()).toBe(1);
    }
    await office.libs.em.execute(`update duty_holder set ended_at = now() where id = ?`, [second.dutyId]);
    await office.libs.em.execute(`update coordinator set ended_at = now() where id = ?`, [other.coordinatorId]);
  });
});
