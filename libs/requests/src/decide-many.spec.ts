import { newId } from '#kernel';
import { aDutyHolder, approvedBy } from '../../../test/support/duties.js';
import { codeOf } from '../../../test/support/libs.js';
import {
  aCoordinator,
  aSite,
  aSystem,
  aTeacher,
  type TestCoordinator,
  type TestPerson,
} from '../../../test/support/people.js';
import { RequestOffice } from '../../../test/support/request-office.js';
import { DecidingMany, type DecisionOfMany, type RequestView } from './index.js';

describe('deciding many requests in one go', () => {
  const office = RequestOffice.inSpec();
  let people: TestPerson[];
  let views: RequestView[];

  beforeEach(async () => {
    people = [];
    for (let count = 0; count < 3; count++) people.push(await aTeacher(office.libs.em, { site: office.school }));
    views = [];
    for (const { actor } of people) views.push(await office.submitted({}, actor));
  });

  const all = (verdict: 'approve' | 'reject' = 'approve', of = views): DecisionOfMany[] =>
    of.flatMap(({ version, lines }) =>
      lines.map(({ id }) => ({
        lineId: id,
        version,
        verdict,
        ...(verdict === 'reject' && { reason: 'Not this year.' }),
      })),
    );
  const decideMany = (decisions: DecisionOfMany[], by: Pick<TestCoordinator, 'actor'> = office.coordinator) =>
    office.libs.app.get(DecidingMany).decideMany(by.actor, decisions);
  const statuses = async (): Promise<string[][]> => {
    const now = await Promise.all(views.map(({ id }, at) => office.queries.view(people[at]!.actor, id)));
    return now.map(({ lines }) => lines.map(({ status }) => status));
  };

  it('decides all of them; each person is told once', async () => {
    const results = await decideMany(all());
    expect(results.map(({ lineId }) => lineId)).toEqual(all().map(({ lineId }) => lineId));
    expect(results.filter(({ problem }) => problem)).toEqual([]);
    expect(await statuses()).toEqual(Array(3).fill(['approved', 'approved']));
    for (const person of people)
      expect((await office.messagesTo(person)).map(({ kind }) => kind)).toEqual(['request.decided']);
  });

  it('R-06 the same list sent again is answered the same, refuses nothing and does nothing more', async () => {
    const kept = await decideMany(all('reject'));
    const entries = (): Promise<unknown[]> => office.libs.em.execute('select id from audit_entry');
    const before = await entries();
    expect(await decideMany(all('reject'))).toEqual(kept);
    expect(await entries()).toHaveLength(before.length);
    // Other words, or the other answer, were not what was saved.
    const other = all('reject').map((one) => ({ ...one, reason: 'Next year.' }));
    expect((await decideMany(other)).map(({ problem }) => problem?.code)).toEqual(
      other.map(() => 'requests.already-decided'),
    );
    const yes = await decideMany(all('approve'));
    expect(yes.map(({ problem }) => problem?.code)).toEqual(yes.map(() => 'requests.changed'));
  });

  it('what was withdrawn, or can no longer be given, stops no other', async () => {
    await office.requests.withdraw(people[0]!.actor, views[0]!.id);
    await office.libs.em.execute(`update request_line set permission = 'of-old' where id = ?`, [
      views[1]!.lines[0]!.id,
    ]);
    const results = await decideMany(all());
    expect(results.map(({ problem }) => problem?.code)).toEqual([
      'requests.changed',
      'requests.changed',
      'requests.not-grantable',
      undefined,
      undefined,
      undefined,
    ]);
    expect(await statuses()).toEqual([
      ['withdrawn', 'withdrawn'],
      ['pending', 'approved'],
      ['approved', 'approved'],
    ]);
  });

  it('CO-4 two coordinators in the same moment: each line is decided once, and the other hears so', async () => {
    const colleague = await aCoordinator(office.libs.em, { reach: 'system', system: office.system });
    const both = await Promise.all([decideMany(all()), decideMany(all('reject'), colleague)]);
    const codes = both.map((results) => results.map(({ problem }) => problem?.code ?? 'saved'));
    codes[0]!.forEach((code, at) => expect([code, codes[1]![at]].filter((one) => one === 'saved')).toHaveLength(1));
    expect((await statuses()).flat()).not.toContain('pending');
  });

  it.each([0, 3, 5])('CO-2 CO-9 a foreign line at place %i refuses the whole', async (at) => {
    const other = await aSystem(office.libs.em);
    const code = await aSite(office.libs.em, other);
    const foreign = await office.submitted({ location: { level: 'site', code } });
    for (const lineId of [foreign.lines[0]!.id, newId(), 'x']) {
      const decisions = all().toSpliced(at, 0, { lineId, version: 1, verdict: 'approve' });
      expect(await codeOf(decideMany(decisions))).toBe('requests.not-found');
    }
    expect((await statuses()).flat()).toEqual(Array(6).fill('pending'));
  });

  it.each([0, 6])('CO-1 CO-9 an own line at place %i refuses the whole', async (at) => {
    const own = await office.submitted({}, office.coordinator.actor);
    const mine: DecisionOfMany = { lineId: own.lines[0]!.id, version: 1, verdict: 'approve' };
    expect(await codeOf(decideMany(all().toSpliced(at, 0, mine)))).toBe('requests.own-request');
    expect((await statuses()).flat()).toEqual(Array(6).fill('pending'));
    await office.requests.withdraw(office.coordinator.actor, own.id);
  });

  it('refuses more than 100, a rejection without a reason, and a line twice', async () => {
    const [one] = all();
    expect(await codeOf(decideMany([one!, one!]))).toBe('requests.incomplete');
    expect(await codeOf(decideMany([{ ...one!, verdict: 'reject' }]))).toBe('requests.bad-text');
    const many = Array.from({ length: 101 }, () => ({ ...one!, lineId: newId() }));
    expect(await codeOf(decideMany(many))).toBe('requests.too-many-lines');
  });

  it('R-06 a step that was approved before counts as saved too', async () => {
    await approvedBy(office.libs.app, 'ser-iep-form', 'special-education-supervisor', 'coordinator');
    const supervisor = await aDutyHolder(office.libs.em, { system: office.system });
    const teacher = await aTeacher(office.libs.em, { site: office.school });
    const asked = all('approve', [await office.submitted({}, teacher.actor)]);
    const first = await decideMany(asked, supervisor);
    expect(first.filter(({ problem }) => problem)).toEqual([]);
    expect(await decideMany(asked, supervisor)).toEqual(first);
    expect(await office.grants.holdings(teacher.staffMemberId)).toEqual([]);
  });
});
