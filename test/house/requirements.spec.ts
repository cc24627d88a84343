import { isSpec, sources } from './sources.js';

const range = (letters: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `${letters}-${from + n}`);
const these = (letters: string, ...numbers: number[]): string[] => numbers.map((number) => `${letters}-${number}`);

/** Requirements that must hold from the first version on; each is shown by a test that carries its id in its name. */
const required = [
  ...range('PW', 1, 7),
  ...range('RS', 1, 8),
  ...range('ML', 1, 4),
  ...range('EN', 1, 2),
  ...range('LK', 1, 3),
  ...these('SE', 1, 2, 3, 4, 6),
  ...range('WB', 1, 5),
  ...range('ID', 1, 5),
  ...these('CO', 1, 2, 3, 4, 5, 6, 7, 9),
  ...these('CF', 4, 5),
  ...these('AC', 2, 5, 6),
  ...these('IM', 1, 3, 5, 7),
  'R-01',
  'R-03',
  'R-04',
  'R-06',
  'R-07',
  'R-09',
  'R-10',
  'R-11',
  'R-22',
  'R-13',
  'R-14',
  'R-19',
  ...these('OA', 1, 2, 3, 4, 5, 6, 9, 10, 14, 16, 17),
  ...these('TK', 1, 2, 3, 5, 6),
  ...these('AU', 1, 2, 4, 5),
  'PR-1',
];

describe('requirements', () => {
  // Names of tests and suites: it('...'), it.each(...)('...'), describe(`...`).
  const names = sources('libs', 'apps', 'config', 'test')
    .filter((file) => isSpec(file.path) && file.path !== 'test/house/requirements.spec.ts')
    .flatMap((file) =>
      [
        ...file.text.matchAll(
          /(?:\b(?:it|test|describe)(?:\.(?:skip|only|failing))?\(|\)\(|\bit\.each[^\n]*\n?.*?\]\)\()\s*(['"`])((?:(?!\1)[^\\]|\\.)*)\1/g,
        ),
      ].map((match) => match[2]!),
    );

  it.each(required)('%s is named by a test', (id) => {
    expect(names.some((name) => new RegExp(`\\b${id}\\b(?!-)`).test(name))).toBe(true);
  });
});
