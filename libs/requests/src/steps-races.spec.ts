import { Appointments, DutiesService } from '#coordinators';
import { systemActor } from '#kernel';
import { aDutyHolder, approvedBy } from '../../../test/support/duties.js';
import { strayLines } from '../../../test/support/invariants.js';
import { codeOf } from '../../../test/support/libs.js';
import { aCoordinator, aTeacher } from '../../../test/support/people.js';
import { RequestOffice } from '../../../test/support/request-office.js';
import { rounds } from '../../../test/support/request-races.js';

describe('steps while those who decide come and go', () => {
  const office = RequestOffice.inSpec();

  it('R-07 no line goes on to somebody who left in the same moment, nor past somebody who came', async () => {
    const { em, app } = office.libs;
    approvedBy(app, 'ser-iep-form', 'special-education-supervisor', 'coordinator', 'application-owner');
    const supervisor = await aDutyHolder(em, { system: office.system });
    const duties = app.get(DutiesService, { strict: false });
    const appointments = app.get(Appointments, { strict: false });
    for (let round = 0; round < rounds / 2; round++) {
      const teacher = await aTeacher(em, { site: office.school });
      const goes = await aCoordinator(em, { reach: 'site', system: office.system, sites: [office.school] });
      const comes = await aTeacher(em, {});
      const { id, version, lines } = await office.submitted({ permissions: ['iep-form-writer'] }, teacher.actor);
      const decision = { version, decisions: [{ lineId: lines[0]!.id, verdict: 'approve' as const }] };
      const outcomes = await Promise.all([
        codeOf(office.requests.decide(supervisor.actor, id, decision)),
        codeOf(appointments.end(systemActor, goes.coordinatorId, { reason: 'Moved' })),
        codeOf(
          appointments.designate(systemActor, {
            staffMemberId: comes.staffMemberId,
            reach: 'site',
            systemCode: office.system,
            siteCodes: [office.school],
          }),
        ),
        codeOf(
          duties.name(systemActor, {
            duty: 'special-education-supervisor',
            systemCode: office.system,
            staffMemberId: comes.staffMemberId,
          }),
        ),
      ]);
      expect(outcomes.map((one) => one.slice(0, 4))).toEqual(['done', 'done', 'done', 'done']);
      expect(await strayLines(app)).toEqual([]);
      await office.requests.withdraw(teacher.actor, id);
    }
  });
});
