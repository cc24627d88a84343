import fc from 'fast-check';
import { brokenInvariants, strayLines } from '../support/invariants.js';
import { laterDay } from './days.js';
import { Real } from './real.js';
import { ModelRun } from './run.js';
import type { World } from './world.js';

/**
 * Rounds of each pair with a decision in it, and of each other pair; below 1: once each, but only that share of the pairs.
 * `EDLINK_PAIRS`, a regular expression, takes only some pairs by their names.
 */
const rounds = {
  decisions: Number(process.env.EDLINK_PAIR_ROUNDS ?? 0.15),
  others: Number(process.env.EDLINK_OTHER_PAIR_ROUNDS ?? 0.04),
};
const wanted = new RegExp(process.env.EDLINK_PAIRS ?? '');
/** The same in each run; another one by hand. */
const seed = Number(process.env.EDLINK_MODEL_SEED ?? 20_261_122);

type Doing = [verb: string, args: unknown];

const role = (application: string, name: string, ...permissions: string[]) => ({
  application,
  role: name,
  permissions,
});
const reader = role('ser', 'ser-data', 'ser-data-reader');
const both = role('ser', 'ser-data', 'ser-data-writer', 'ser-data-reader');
const lasid = role('ser', 'ser-lasid', 'ser-lasid-writer');
const writer = role('ser-iep-form', 'iep-form', 'iep-form-writer');
const approve = (by: string, request: string, lines = 1): Doing => [
  'decide',
  { by, request, version: 1, decisions: Array.from({ length: lines }, (_, at) => [at, 'approve', []]) },
];

/**
 * What may be there before, each with the pairs that need it, told by the names in what they do: 1 and 2 wait; 3, for some
 * time, and 5 were approved, 5 rests; of 9 less was offered, and a question waits.
 */
const before = ({ day }: World): Record<string, [neededBy: RegExp, doing: Doing]> => ({
  1: [/"1"/, ['submit', { by: 't1', ...both, place: 'A1' }]],
  2: [/"2"/, ['submit', { by: 't1', ...lasid, place: 'A1' }]],
  3: [/"3\.0"/, ['submit', { by: 't2', ...writer, place: 'A1', to: laterDay(day, 20) }]],
  4: [/"3\.0"/, approve('n1', '3')],
  5: [/"5\.0"/, ['submit', { by: 't1', ...writer, place: 'A1' }]],
  6: [/"5\.0"/, approve('a1', '5')],
  7: [/"5\.0"/, ['suspend', { by: 'a2', grant: '5.0' }]],
  8: [/"b1"/, ['disable', { person: 'b1' }]],
  9: [/"9|"11"/, ['submit', { by: 't2', ...both, place: 'A2' }]],
  10: [/"9|"11"/, ['decide', { by: 'a1', request: '9', version: 1, decisions: [[0, 'narrow', []]] }]],
  11: [/"9|"11"/, ['ask', { by: 'a2', request: '9', lines: [0, 1] }]],
});

/** What is done at once, two and two. */
function deeds({ day }: World): Record<string, Doing> {
  const cover = { from: day, to: laterDay(day, 3) };
  return {
    'an approval': approve('n1', '1', 2),
    'an approval of one line': approve('a1', '1'),
    'an approval of another role': approve('a2', '2'),
    'a narrowing': ['decide', { by: 'a1', request: '1', version: 1, decisions: [[0, 'narrow', []]] }],
    'an approval of what was offered less of': [
      'decide',
      { by: 'a2', request: '9', version: 2, decisions: [[0, 'approve', []]] },
    ],
    'an offer accepted': ['answerOffer', { by: 't2', offer: '9.0@2', accept: true, ends: [] }],
    'an offer declined': ['answerOffer', { by: 't2', offer: '9.0@2', accept: false, ends: [] }],
    'a question': ['ask', { by: 'a1', request: '1', lines: [0] }],
    'an answer': ['answer', { by: 't2', question: '11' }],
    'a rejection': [
      'decide',
      {
        by: 'desk',
        request: '1',
        version: 1,
        decisions: [
          [0, 'reject'],
          [1, 'approve'],
        ],
      },
    ],
    'a withdrawal': ['withdraw', { by: 't1', request: '1' }],
    'another request': ['submit', { by: 't1', ...reader, place: 'A2' }],
    'a request of a coordinator': ['submit', { by: 'n1', ...writer, place: 'A1' }],
    'a cover': ['nameCover', { by: 'n1', seat: 'n1', person: 'a2', ...cover }],
    'a cover the other way round': ['nameCover', { by: 'a2', seat: 'a2', person: 'n1', ...cover }],
    'a coordinator who stands down': ['standDown', { by: 'n1', seat: 'n1' }],
    'a last one who stands down': ['standDown', { by: 'a1', seat: 'a1' }],
    'the other last one, ended': ['endDuty', { by: 'desk', seat: 'a2', takeOver: false }],
    'a new coordinator': ['designate', { person: 't2', reach: 'site', site: 'A1' }],
    'a signature': ['sign', { by: 'a2' }],
    'a requester who leaves': ['leave', { by: 'a1', person: 't1' }],
    'a coordinator who leaves': ['leave', { by: undefined, person: 'n1' }],
    'a requester whose account closes': ['disable', { person: 't1' }],
    'a coordinator whose account closes': ['disable', { person: 'n1' }],
    'an account that opens': ['enable', { person: 'b1' }],
    'a site that closes': ['closeSite', { site: 'A1' }],
    'a site that moves': ['moveSite', { site: 'A1', system: 'B' }],
    'a revocation': ['revoke', { by: 'n1', grant: '3.0' }],
    'a suspension': ['suspend', { by: 'a1', grant: '3.0' }],
    'access that goes on': ['resume', { by: 'a1', grant: '5.0' }],
    'access that is given up': ['giveUp', { by: 't2', grant: '3.0' }],
    'access asked for longer': ['extend', { by: 't2', grant: '3.0', to: laterDay(day, 40) }],
    'a withdrawal of what was asked about': ['withdraw', { by: 't2', request: '9' }],
    'a renewal': ['renew', { by: 'a2', grant: '3.0', to: laterDay(day, 50) }],
  };
}

describe('two things at once, against a model', () => {
  let real: Real;
  beforeAll(async () => void (real = await Real.start()));
  afterAll(() => real?.close());

  const names = Object.keys(deeds({ day: '2026-01-01' } as World));
  const pairs = names
    .flatMap((one, at) => names.slice(at).map((other): [string, string] => [one, other]))
    .filter((pair) => wanted.test(pair.join(' and ')));
  const decides = ([one]: [string, string]): boolean => /approv|reject|narrow|offer|question|answer/.test(one);
  const delays = fc.sample(fc.tuple(fc.nat(12), fc.nat(12)), { numRuns: 100_000, seed });

  async function race([one, other]: [string, string], [first, second]: [number, number]): Promise<void> {
    const world = await real.anew();
    const story = new ModelRun(real, world);
    const [a, b] = [one, other].map((name) => deeds(world)[name]!) as [Doing, Doing];
    const told = JSON.stringify([a, b]);
    for (const [name, [neededBy, [verb, args]]] of Object.entries(before(world)))
      if (neededBy.test(told)) await story.first(name, verb, args);
    await story.do([
      { verb: a[0], args: a[1], name: '21', delay: first },
      { verb: b[0], args: b[1], name: '22', delay: second },
    ]);
  }

  it.each([
    ['with a decision', pairs.filter(decides), rounds.decisions],
    ['without', pairs.filter((pair) => !decides(pair)), rounds.others],
  ])(
    `R-07 pairs %s: some order of the two says what came of them (EDLINK_MODEL_SEED=${seed})`,
    async (_, some, times) => {
      const chosen = times < 1 ? some.filter((__, at) => (seed + at * 37) % 100 < times * 100) : some;
      for (const pair of chosen)
        for (let round = 0; round < Math.max(1, times); round++)
          await race(pair, delays.pop()!).catch((fault: Error) => {
            throw new Error(`${pair.join(' and ')}, round ${round}: ${fault.message}`);
          });
      expect(await brokenInvariants(real.em, { at: real.now() })).toEqual([]);
      expect(await strayLines(real.app, real.today())).toEqual([]);
    },
    3_600_000,
  );
});
