import fc from 'fast-check';
import { type RowFate, type FeedPlan, fates, planFeed } from './feed-plan.js';
import type { HashedRow, StaffState } from './feed-state.js';

const nobody: StaffState = { members: [], employments: [], siteCodes: new Set(['001005', '001700']) };
type Person = Extract<HashedRow, { person: unknown }>['person'];
let line = 1;
const row = (person: Partial<Person> & { lastName?: string }): HashedRow => ({
  row: ++line,
  person: {
    firstName: 'Ann',
    lastName: 'Oak',
    nameKey: `${person.lastName ?? 'Oak'}|Ann`,
    birthHash: 'b1',
    work: { siteCode: '001005', position: 'Teacher', from: '2020-08-01' },
    ...person,
  },
});
/** The record after a plan; Staff IDs that would be drawn are drawn. */
const after = (state: StaffState, plan: FeedPlan): StaffState => ({
  ...state,
  members: [
    ...new Map(
      [...state.members, ...plan.newMembers, ...plan.changedMembers].map((member, at) => [
        member.id,
        { ...member, staffId: member.staffId ?? String(5_000_000_000 + at) },
      ]),
    ).values(),
  ],
  employments: [
    ...new Map(
      [...state.employments, ...plan.newEmployments, ...plan.changedEmployments].map((work) => [
        `${work.memberId}${work.siteCode}${work.position}${work.from}`,
        work,
      ]),
    ).values(),
  ],
});
const fatesOf = (state: StaffState, ...rows: HashedRow[]): RowFate[] =>
  planFeed(state, rows).rows.map(({ fate }) => fate);
const stateOf = (...rows: HashedRow[]): StaffState => after(nobody, planFeed(nobody, rows));

const people = fc.record({
  staffId: fc.constantFrom('1000000001', '1000000002', '1000000003'),
  lastName: fc.constantFrom('Oak', 'Elm'),
  birthHash: fc.constantFrom('b1', 'b2', undefined),
  middleName: fc.constantFrom(undefined, 'May'),
  work: fc.option(
    fc.record({
      siteCode: fc.constantFrom('001005', '001700', '999999'),
      position: fc.constantFrom('Teacher', 'Principal'),
      from: fc.constantFrom('2020-08-01', '2022-08-01'),
      to: fc.constantFrom(undefined, '2024-05-31'),
    }),
    { nil: undefined },
  ),
});
const others = fc.constantFrom(
  { fate: 'contract' as const },
  { fate: 'vacancy' as const },
  { fate: 'refused' as const, reason: 'x' },
);
const lists = fc
  .array(fc.oneof({ weight: 6, arbitrary: people }, { weight: 1, arbitrary: others }))
  .map((rows): HashedRow[] =>
    rows.map((one, at) => ('fate' in one ? { row: at + 2, ...one } : row(one as Partial<Person>))),
  );
const uniqueIds = fc
  .array(
    fc.record({
      lastName: fc.constantFrom('Oak', 'Elm', 'Ash'),
      birthHash: fc.constantFrom('b1', 'b2'),
      work: fc.record({
        siteCode: fc.constantFrom('001005', '001700', '999999'),
        position: fc.constant('-'),
        from: fc.constantFrom('2021-08-01', '2023-08-01'),
      }),
    }),
  )
  .map((rows): HashedRow[] => rows.map((one) => row({ ...one, staffId: undefined })));

describe('planFeed', () => {
  it('a Unique Id row: no match is a new person, one match that person, more need somebody to look', () => {
    const seeker = row({ staffId: undefined });
    expect(fatesOf(nobody, seeker)).toEqual(['new-person']);
    const one = stateOf(row({ staffId: '1000000001' }));
    expect(fatesOf(one, seeker)).toEqual(['unchanged']);
    expect(
      planFeed(one, [row({ staffId: undefined, work: { siteCode: '001700', position: '-', from: '2021-01-01' } })]),
    ).toMatchObject({
      rows: [{ fate: 'changed' }],
      newMembers: [],
      newEmployments: [{ memberId: one.members[0]!.id, siteCode: '001700' }],
    });
    expect(fatesOf(stateOf(row({ staffId: '1000000001' }), row({ staffId: '1000000002' })), seeker)).toEqual([
      'needs-person',
    ]);
    expect(fatesOf(one, row({ staffId: undefined, birthHash: 'b2' }))).toEqual(['new-person']);
  });

  it('two rows of one person in one file are one person', () => {
    const plan = planFeed(nobody, [
      row({ staffId: undefined }),
      row({ staffId: undefined, work: { siteCode: '001700', position: '-', from: '2020-08-01' } }),
      row({ staffId: undefined }),
    ]);
    expect(plan.rows.map(({ fate }) => fate)).toEqual(['new-person', 'changed', 'repeated']);
    expect(plan.newMembers).toHaveLength(1);
    expect(plan.newEmployments).toHaveLength(2);
  });

  it('ID-4 a Staff ID with another name and another birth date never becomes that other person', () => {
    const one = stateOf(row({ staffId: '1000000001' }));
    const plan = planFeed(one, [row({ staffId: '1000000001', lastName: 'Elm', birthHash: 'b2' })]);
    expect(plan.rows[0]!.fate).toBe('needs-person');
    expect([plan.changedMembers, plan.newEmployments]).toEqual([[], []]);
    expect(fatesOf(one, row({ staffId: '1000000001', lastName: 'Elm' }))).toEqual(['changed']);
    expect(fatesOf(one, row({ staffId: '1000000001', birthHash: 'b2' }))).toEqual(['changed']);
  });

  it('ID-4 nor does it become somebody else in two steps of one file: rows that contradict each other are all refused', () => {
    const one = stateOf(row({ staffId: '1000000001' }));
    const steps = [
      row({ staffId: '1000000001', birthHash: 'b2' }),
      row({ staffId: '1000000001', lastName: 'Elm', birthHash: 'b2' }),
    ];
    for (const rows of [steps, steps.toReversed()]) {
      expect(fatesOf(one, ...rows)).toEqual(['refused', 'refused']);
      expect(fatesOf(nobody, ...rows)).toEqual(['refused', 'refused']);
    }
    expect(
      fatesOf(
        nobody,
        row({ staffId: '1000000001', birthHash: undefined }),
        row({ staffId: '1000000001', middleName: 'May' }),
      ),
    ).toEqual(['new-person', 'repeated']);
  });

  it('an employment with two ends in one file keeps the first', () => {
    const ends = (to: string) =>
      row({ staffId: '1000000001', work: { siteCode: '001005', position: 'Teacher', from: '2020-08-01', to } });
    expect(fatesOf(nobody, ends('2024-05-31'), ends('2023-05-31'), ends('2024-05-31'))).toEqual([
      'new-person',
      'refused',
      'repeated',
    ]);
  });

  it('an unknown site is refused; an employment gets its last day', () => {
    const one = stateOf(row({ staffId: '1000000001' }));
    expect(
      fatesOf(
        one,
        row({ staffId: '1000000001', work: { siteCode: '999999', position: 'Teacher', from: '2020-08-01' } }),
      ),
    ).toEqual(['refused']);
    expect(
      planFeed(one, [
        row({
          staffId: '1000000001',
          work: { siteCode: '001005', position: 'Teacher', from: '2020-08-01', to: '2024-05-31' },
        }),
      ]),
    ).toMatchObject({ rows: [{ fate: 'changed' }], newEmployments: [], changedEmployments: [{ to: '2024-05-31' }] });
  });

  it.each([
    ['lists', lists],
    ['Unique Id files', uniqueIds],
  ])(
    '%s: every row has exactly one fate, in order; applied twice nothing changes; one person a Staff ID',
    (_, files) => {
      fc.assert(
        fc.property(fc.array(files, { maxLength: 2 }), files, (before, file) => {
          const state = [...before, file].reduce((known, rows) => after(known, planFeed(known, rows)), nobody);
          const again = planFeed(state, file);
          expect(again.rows.map((each) => each.row)).toEqual(file.map((each) => each.row));
          for (const { fate, reason } of again.rows) {
            expect(fates).toContain(fate);
            expect(['needs-person', 'refused'].includes(fate)).toBe(reason !== undefined);
          }
          expect([again.newMembers, again.changedMembers, again.newEmployments, again.changedEmployments]).toEqual([
            [],
            [],
            [],
            [],
          ]);
          const ids = state.members.map(({ staffId }) => staffId);
          expect(new Set(ids).size).toBe(ids.length);
        }),
        { numRuns: 500 },
      );
    },
  );
});
