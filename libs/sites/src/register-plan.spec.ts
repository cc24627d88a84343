import fc from 'fast-check';
import type { RegisterRow } from './register-file.js';
import { deedsOf, planRegister, registerAfter, type RegisterState } from './register-plan.js';

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
const told = (state: RegisterState, rows: RegisterRow[]): string[] => {
  const plan = planRegister(state, rows);
  return [...plan.systems, ...plan.sites].map((step) => `${step.after.code} ${deedsOf(step).join(' ')}`);
};
const after = (...files: RegisterRow[][]): RegisterState =>
  files.reduce((state, rows) => registerAfter(state, planRegister(state, rows)), nothing);

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
    const second = registerAfter(first, planRegister(first, file));
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
        for (const place of state.sites.values())
          if (place.open) expect(state.systems.get(place.systemCode)?.open).toBe(true);
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
