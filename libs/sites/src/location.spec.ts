import { sectorOf } from './kinds.js';
import { answeringSystem, isPlaceCode, type PlacedLocation } from './location.js';

const owner = { code: '502', name: 'Diocese of Houma' };
const parish = { code: '055', name: 'Terrebonne Parish' };
const place = (about: Partial<PlacedLocation>): PlacedLocation => ({
  level: 'site',
  code: '502001',
  name: 'St. Oak',
  kind: 'nonpublic',
  sector: 'nonpublic',
  system: owner,
  open: true,
  ...about,
});

describe('answeringSystem', () => {
  it.each([
    ['a nonpublic site, served', place({ serving: parish }), owner, parish],
    ['a nonpublic site nobody serves', place({}), owner, undefined],
    [
      'an early childhood site, served',
      place({ sector: 'early-childhood', kind: 'early-childhood', serving: parish }),
      owner,
      parish,
    ],
    [
      'an early childhood site nobody serves',
      place({ sector: 'early-childhood', kind: 'early-childhood' }),
      owner,
      undefined,
    ],
    ['a public school', place({ sector: 'public', kind: 'school' }), owner, owner],
    ['a support site, served', place({ sector: 'public', kind: 'support', serving: parish }), owner, parish],
    ['a support site nobody serves', place({ sector: 'public', kind: 'support' }), owner, owner],
    ['a diocese as a whole', place({ level: 'system', code: '502' }), owner, owner],
  ])(
    'AC-5 %s: the owner answers, the serving system where the application is one of served sites',
    (_, at, own, served) => {
      expect(answeringSystem(at, false)).toEqual(own);
      expect(answeringSystem(at, true)).toEqual(served);
    },
  );
});

describe('sectorOf', () => {
  it.each([
    ['school', 'parish', 'public'],
    ['school', 'nonpublic', 'nonpublic'],
    ['central-office', 'nonpublic', 'nonpublic'],
    ['early-childhood', 'parish', 'early-childhood'],
    ['nonpublic', 'parish', 'nonpublic'],
    ['support', 'charter', 'public'],
    ['school', 'early-childhood', 'early-childhood'],
  ] as const)('a %s of a %s system is %s', (kind, system, sector) => expect(sectorOf(kind, system)).toBe(sector));
});

describe('isPlaceCode', () => {
  it.each(['001', '001005', 'R36', '9BJ001', '010000500870', '06-1234', 'A', 'Z'.repeat(30)])('takes %s', (code) =>
    expect(isPlaceCode(code)).toBe(true),
  );
  it.each(['', '-01', 'w10', '001 005', '001\n', 'É01', "1'; --", 'Z'.repeat(31)])('refuses %j', (code) =>
    expect(isPlaceCode(code)).toBe(false),
  );
});
