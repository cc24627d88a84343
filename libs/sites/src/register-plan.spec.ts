import fc from 'fast-check';
import { planRegister, type RegisterPlan } from './register-plan.js';
import type { RegisterRow } from './register-row.js';
import { registerFields, type RegisterSource } from './register-sources.js';
import { brokenAfter, deedsOf, registerAfter, type RegisterState } from './register-state.js';

const nothing: RegisterState = { systems: new Map(), sites: new Map() };
const site = (
  code: string,
  name: string,
  system = '001',
  more: Partial<NonNullable<RegisterRow['site']>> = {},
): RegisterRow => ({
  row: 2,
  system: { code: system, name: `System ${system}` },
  site: { code, name, ...more },
});
const decidesAll = { code: 'all', decides: [...registerFields], questions: [] };
const planOf = (
  state: RegisterState,
  rows: RegisterRow[],
  source: Pick<RegisterSource, 'code' | 'decides' | 'questions'> = decidesAll,
): RegisterPlan => planRegister(state, { rows, gone: [], complete: true, source });
const told = (state: RegisterState, rows: RegisterRow[]): string[] => {
  const plan = planOf(state, rows);
  return [...plan.systems, ...plan.sites].map((step) => `${step.after.code} ${deedsOf(step).join(' ')}`);
};
const after = (...files: RegisterRow[][]): RegisterState =>
  files.reduce((state, rows) => registerAfter(state, planOf(state, rows)), nothing);

/** Registers of up to 12 sites in 4 systems of three sectors, every site at most once, names of systems fixed. */
const registers = fc
  .uniqueArray(
    fc.record({
      code: fc.constantFrom('001001', '001700', '395001', '395888', 'W10001', 'W10002', '500001', '500700', 'E01001'),
      name: fc.constantFrom('Oak', 'Elm', 'Ash'),
      system: fc.constantFrom('001', 'R36', 'W10', '500'),
      federalCode: fc.option(fc.constantFrom('001001', 'W66001'), { nil: undefined }),
      kind: fc.option(fc.constantFrom('school', 'early-childhood', 'nonpublic'), { nil: undefined }),
    }),
    { selector: ({ code }) => code, minLength: 1, maxLength: 12 },
  )
  .map((sites): RegisterRow[] =>
    sites.map(({ code, name, system, federalCode, kind }) =>
      site(code, name, system, { federalCode, kind: kind as never }),
    ),
  );

describe('planRegister', () => {
  it('AC-5 takes the parent a file states, whatever the code begins with', () => {
    const state = after([site('395001', 'Behrman', 'R36')]);
    expect(state.sites.get('395001')).toMatchObject({ systemCode: 'R36', open: true });
    expect([...state.systems.keys()]).toEqual(['R36']);
  });

  it('tells new, renamed, moved, changed, gone and reopened apart', () => {
    const first = after([site('001001', 'Oak'), site('001002', 'Elm'), site('001003', 'Ash')]);
    const file = [site('001001', 'Oak High'), site('001002', 'Elm', 'W10'), site('001004', 'Fir')];
    expect(told(first, file)).toEqual(['W10 new', '001001 renamed', '001002 moved', '001004 new', '001003 gone']);
    const second = registerAfter(first, planOf(first, file));
    expect(told(second, [...file, site('001003', 'Ash School')])).toEqual(['001003 reopened renamed']);
    expect(told(second, [site('001001', 'Oak High', '001', { federalCode: '220001' }), file[1]!, file[2]!])).toEqual([
      '001001 changed',
    ]);
  });

  it('a file says nothing about fields it has no column for', () => {
    const state = after([site('395888', 'Support', 'R36', { kind: 'support', federalCode: 'W66888' })]);
    expect(told(state, [site('395888', 'Support', 'R36')])).toEqual([]);
  });

  it('a public register closes no nonpublic and no early-childhood place', () => {
    const state = after([
      site('001001', 'Oak'),
      site('500001', 'St. Oak', '500'),
      site('500700', 'Chancery', '500'),
      { ...site('001901', 'Little Oak', '001'), site: { code: '001901', name: 'Little Oak', kind: 'early-childhood' } },
    ]);
    expect(told(state, [site('001002', 'Elm')])).toEqual(['001002 new', '001001 gone']);
    expect(told(state, [site('500001', 'St. Oak', '500')])).toEqual(['500700 gone']);
  });

  it('a system stays open while a site of it is open', () => {
    const state = after([
      site('001001', 'Oak'),
      { ...site('001901', 'Little Oak'), site: { code: '001901', name: 'Little Oak', kind: 'early-childhood' } },
    ]);
    expect(told(state, [site('W10001', 'Elm', 'W10')])).toEqual(['W10 new', 'W10001 new', '001001 gone']);
    expect(told(after([site('001001', 'Oak')]), [site('W10001', 'Elm', 'W10')])).toEqual([
      'W10 new',
      '001 gone',
      'W10001 new',
      '001001 gone',
    ]);
  });

  it('a field that a source does not decide stays, and becomes a question', () => {
    const state = after([site('001001', 'Oak', '001'), site('W10001', 'Elm', 'W10')]);
    const file = [site('001001', 'Oak High', 'W10'), site('999001', 'Nobody knows it', '999')];
    const names = planOf(state, file, { code: 'names', decides: ['name'], questions: ['parent'] });
    expect(names.sites.map(({ after: place }) => place)).toMatchObject([{ name: 'Oak High', systemCode: '001' }]);
    expect(names.disagreements).toEqual([
      {
        level: 'site',
        code: '001001',
        field: 'parent',
        registerValue: '001',
        sourceValue: 'W10',
        sourceLabel: 'System W10',
      },
    ]);
    expect(planOf(state, file, { code: 'none', decides: [], questions: [] })).toMatchObject({
      systems: [],
      sites: [],
      disagreements: [],
    });
  });

  it('what was settled against a file stays until the file says something new', () => {
    const state = after([site('001001', 'Oak', 'W10'), site('001002', 'Elm', '001')]);
    const settled = new Map([['site:001001:parent', '001']]);
    const plan = (system: string) =>
      planRegister(
        state,
        {
          rows: [site('001001', 'Oak', system), site('001002', 'Elm', '001')],
          gone: [],
          complete: true,
          source: decidesAll,
        },
        settled,
      ).sites.map((step) => step.after.systemCode);
    expect(plan('001')).toEqual([]);
    expect(plan('R36')).toEqual(['R36']);
  });

  it('serving links: kept where a file has no column, ended by an empty cell, refused for schools and by closed systems', () => {
    const nonpublic = { kind: 'nonpublic' } as const;
    const diocese = (serving?: string | null) => site('500001', 'St. Oak', '500', { ...nonpublic, serving });
    const parish = site('001001', 'Oak', '001');
    const state = after([diocese('001'), parish]);
    expect(state.sites.get('500001')).toMatchObject({ systemCode: '500', serving: '001' });
    expect(told(state, [diocese(), parish])).toEqual([]);
    expect(told(state, [diocese(null), parish])).toEqual(['500001 served']);
    expect(planOf(state, [diocese('777'), parish]).problems).toEqual([
      { row: 2, message: 'site 500001 is served by system 777, which is not open in the register' },
    ]);
    expect(planOf(state, [diocese('500'), parish]).problems[0]!.message).toMatch(/500 is not public/);
    expect(
      planOf(state, [diocese(), { ...parish, site: { ...parish.site!, serving: '001' } }]).problems[0]!.message,
    ).toMatch(/site 001001 is public/);
    // The parish closes: it serves nobody from then on.
    expect(told(state, [diocese(), site('W10001', 'Elm', 'W10')])).toEqual([
      'W10 new',
      '001 gone',
      '500001 served',
      'W10001 new',
      '001001 gone',
    ]);
  });

  it('a file that tells only what changed closes only what it names', () => {
    const state = after([site('001001', 'Oak'), site('001002', 'Elm')]);
    const plan = planRegister(state, {
      rows: [],
      gone: [
        { level: 'site', code: '001001', row: 2 },
        { level: 'site', code: '777777', row: 3 },
      ],
      complete: false,
      source: decidesAll,
    });
    expect(plan.sites.map((step) => [step.after.code, step.after.open])).toEqual([['001001', false]]);
  });

  it('applied twice, a file changes nothing the second time; what it lists is open under the parent it states', () => {
    fc.assert(
      fc.property(fc.array(registers, { maxLength: 3 }), registers, (before, file) => {
        const state = after(...before, file);
        expect(told(state, file)).toEqual([]);
        for (const row of file)
          expect(state.sites.get(row.site!.code)).toMatchObject({
            open: true,
            systemCode: row.system.code,
            name: row.site!.name,
          });
        expect(brokenAfter(state)).toEqual([]);
      }),
    );
  });

  it('forgets no place: whatever was in a register stays, open or closed', () => {
    fc.assert(
      fc.property(fc.array(registers, { minLength: 1, maxLength: 4 }), (files) => {
        const state = after(...files);
        for (const row of files.flat())
          expect(state.sites.has(row.site!.code) && state.systems.has(row.system.code)).toBe(true);
      }),
    );
  });
});
