import { Gather } from './gather.js';

describe('asking together', () => {
  /** Questions that wait until they are let go, one list a round trip. */
  function held(): { gather: Gather<string>; asked: string[][]; letGo(): Promise<void>; turn(): Promise<void> } {
    const asked: string[][] = [];
    const gates: (() => void)[] = [];
    const gather = new Gather<string>(
      async (keys) => {
        asked.push(keys);
        await new Promise<void>((resolve) => gates.push(resolve));
        if (keys.includes('bad')) throw new Error('away');
        return new Map(keys.filter((key) => key !== 'unknown').map((key) => [key, key.toUpperCase()]));
      },
      2,
      3,
    );
    const turn = async (): Promise<void> => {
      for (let step = 0; step < 3; step += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const letGo = async (): Promise<void> => {
      gates.shift()?.();
      await turn();
    };
    return { gather, asked, letGo, turn };
  }

  it('questions of one turn leave together; those that come meanwhile share the next round trip', async () => {
    const { gather, asked, letGo, turn } = held();
    const answers = [gather.one('a'), gather.one('b'), gather.one('a')];
    await turn();
    answers.push(gather.one('c'));
    await turn();
    answers.push(...['d', 'unknown', 'd'].map((key) => gather.one(key)));
    await turn();
    expect(asked).toEqual([['a', 'b'], ['c']]);
    await letGo();
    expect(asked).toEqual([['a', 'b'], ['c'], ['d', 'unknown']]);
    await letGo();
    await letGo();
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'A', 'C', 'D', undefined, 'D']);
  });

  it('an answer is never older than its question', async () => {
    const { gather, asked, letGo, turn } = held();
    const first = gather.one('a');
    await turn();
    const again = gather.one('a');
    await turn();
    expect(asked).toEqual([['a'], ['a']]);
    await letGo();
    await letGo();
    expect(await Promise.all([first, again])).toEqual(['A', 'A']);
  });

  it('no round trip is longer than allowed, and nothing is forgotten', async () => {
    const { gather, asked, letGo, turn } = held();
    const answers = Array.from({ length: 11 }, (_, index) => gather.one(`k${index}`));
    await turn();
    for (let trip = 0; trip < 6; trip += 1) await letGo();
    expect((await Promise.all(answers)).length).toBe(11);
    expect(asked.map((keys) => keys.length)).toEqual([3, 3, 3, 2]);
  });

  it('a fault reaches those who asked together, and the next ask anew', async () => {
    const { gather, letGo, turn } = held();
    const answers = ['a', 'b', 'bad', 'c'].map((key) => gather.one(key));
    const settled = Promise.allSettled(answers);
    await turn();
    await letGo();
    await letGo();
    expect((await settled).map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
    const next = gather.one('a');
    await turn();
    await letGo();
    expect(await next).toBe('A');
  });
});
