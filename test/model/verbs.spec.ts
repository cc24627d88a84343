import fc from 'fast-check';
import { brokenInvariants, strayLines } from '../support/invariants.js';
import { Real } from './real.js';
import { batched, type Intent, outcomes, ModelRun, verbs } from './run.js';

const sequences = Number(process.env.EDLINK_MODEL_SEQUENCES ?? 40);
/** The same in each run; another one by hand. */
const seed = Number(process.env.EDLINK_MODEL_SEED ?? 20_261_122);

/** What people do most comes most often. */
const often = {
  submit: 5,
  decide: 8,
  withdraw: 1,
  nameCover: 3,
  suspend: 2,
  resume: 2,
  giveUp: 1,
  revoke: 1,
  endCover: 1,
  answerOffer: 5,
  ask: 2,
  answer: 5,
  extend: 1,
  renew: 1,
  propose: 2,
  confirm: 4,
};

const intent = fc.record<Intent>({
  verb: fc.constantFrom(
    ...Object.entries(often).flatMap(([name, times]) => Array<string>(times).fill(name)),
    ...Object.keys(verbs),
  ),
  number: fc.noBias(fc.maxSafeNat()),
  together: fc.boolean(),
  delay: fc.nat(4),
});

/** Two requests first, one of them for some time: without any there is little to do. */
const begin: Intent[] = [540, 723].map((number) => ({ verb: 'submit', number, together: false, delay: 0 }));

describe('every verb, by up to eight people at once, against a model', () => {
  let real: Real;
  beforeAll(async () => void (real = await Real.start()));
  afterAll(() => real?.close());

  it(`R-07 ${sequences} sequences of 20 commands end as some order of them says (EDLINK_MODEL_SEED=${seed})`, async () => {
    let done = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(intent, { minLength: 18, maxLength: 18 }), async (intents) => {
        const story = new ModelRun(real, await real.anew());
        for (const batch of batched([...begin, ...intents])) await story.together(batch);
        if (++done % 10 === 0) expect(await brokenInvariants(real.em, { at: real.now() })).toEqual([]);
      }),
      { numRuns: sequences, seed, endOnFailure: process.env.EDLINK_MODEL_SHRINK === undefined },
    );
    // A model that is always refused proves little.
    if (sequences >= 60)
      for (const name of Object.keys(verbs))
        expect([name, outcomes[name]]).toEqual([name, expect.objectContaining({ done: expect.any(Number) })]);
    expect(await brokenInvariants(real.em, { at: real.now() })).toEqual([]);
    expect(await strayLines(real.app, real.today())).toEqual([]);
  }, 3_600_000);
});
