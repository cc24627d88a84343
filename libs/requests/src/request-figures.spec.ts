import { days, localDay } from '#kernel';
import { aDutyHolder } from '../../../test/support/duties.js';
import { aCoordinator, aSite, aSystem, aTeacher, sentAt } from '../../../test/support/people.js';
import { RequestOffice } from '../../../test/support/request-office.js';
import { RequestFigures } from './index.js';

describe('figures of requests', () => {
  const office = RequestOffice.inSpec();
  const ago = (count: number): Date => new Date(Date.now() - days(count));
  const decideSentBefore = async (count: number, verdict: 'approve' | 'reject', decided = 0): Promise<void> => {
    const { actor } = await aTeacher(office.libs.em, { site: office.school });
    const view = await office.submitted({ permissions: ['iep-form-writer'] }, actor);
    await office.decide(view, [{ lineId: view.lines[0]!.id, verdict, reason: 'So.' }]);
    await sentAt(office.libs.em, view.id, ago(count));
    if (decided)
      await office.libs.em.execute(`update request_line set decided_at = ? where request_id = ?`, [
        ago(decided),
        view.id,
      ]);
  };

  it('what waits by age, what was decided by week, and how long it took; of one’s own scope, and of the state', async () => {
    const { em, app } = office.libs;
    const figures = app.get(RequestFigures);
    expect((await figures.of(office.coordinator.actor)).all).toEqual({ name: '', decided: 0, half: 0, most: 0 });
    for (const count of [0, 2.5, 5, 9, 29, 45]) {
      const { actor } = await aTeacher(em, { site: office.school });
      await sentAt(em, (await office.submitted({}, actor)).id, ago(count));
    }
    for (const count of [1, 2, 3, 4, 10]) await decideSentBefore(count, count === 3 ? 'reject' : 'approve');
    await decideSentBefore(120, 'approve', 119);
    const before = await decideSentBefore(40, 'approve', 35).then(() => localDay(ago(35)));

    // Another parish, which the coordinator has nothing to do with.
    const elsewhere = await aSystem(em, { name: 'Vermilion Parish' });
    const school = await aSite(em, elsewhere);
    const other = await aCoordinator(em, { reach: 'site', system: elsewhere, sites: [school] });
    const far = await office.submitted({ location: { level: 'site', code: school } });
    await office.submitted({ location: { level: 'site', code: await aSite(em, elsewhere) } });
    const own = await figures.of(office.coordinator.actor);
    expect(own).toMatchObject({ everywhere: false, all: { decided: 6 }, systems: [{ name: 'Acadia Parish' }] });
    expect(own.ages).toEqual([
      { fromDays: 0, toDays: 2, open: 2 },
      { fromDays: 3, toDays: 7, open: 1 },
      { fromDays: 8, toDays: 14, open: 1 },
      { fromDays: 15, toDays: 30, open: 1 },
      { fromDays: 31, open: 1 },
    ]);
    expect(own.all.half).toBeCloseTo(3.5, 1);
    expect(own.all.most).toBeCloseTo(7.5, 1);
    expect(own.weeks).toHaveLength(13);
    expect(own.weeks.at(-1)).toMatchObject({ approved: 4, rejected: 1 });
    expect(own.weeks.find(({ week }) => week > localDay(ago(42)) && week <= before)).toMatchObject({ approved: 1 });

    const desk = await figures.of(office.officer.actor);
    expect(desk.everywhere).toBe(true);
    expect(desk.ages[0]!.open).toBe(4);
    const theirs = await figures.of(other.actor);
    expect(theirs.ages.map(({ open }) => open)).toEqual([1, 0, 0, 0, 0]);
    await office.requests.withdraw(office.teacher.actor, far.id);
    expect((await figures.of(other.actor)).ages[0]!.open).toBe(0);
    expect((await figures.of(office.teacher.actor)).ages.every(({ open }) => open === 0)).toBe(true);
  });

  it('AC-3 tells nothing to who has a duty in an approval only, nor to who has not signed the statement', async () => {
    const { em, app } = office.libs;
    const { id } = await office.submitted();
    const unsigned = await aCoordinator(em, { reach: 'system', system: office.system, signed: false });
    for (const { actor } of [
      await aDutyHolder(em, { system: office.system }),
      await aDutyHolder(em, { duty: 'application-owner', application: 'ser-iep-form' }),
      unsigned,
    ]) {
      const figures = await app.get(RequestFigures).of(actor);
      expect(figures).toMatchObject({ everywhere: false, all: { decided: 0 }, systems: [] });
      expect(figures.ages.map(({ open }) => open)).toEqual([0, 0, 0, 0, 0]);
    }
    await em.execute(`update coordinator set ended_at = now() where id = ?`, [unsigned.coordinatorId]);
    await office.requests.withdraw(office.teacher.actor, id);
  });
});
