/** One line of the table: ours and the baseline were measured in the same run, in turns. */
export interface BenchRow {
  /** As in the list of benchmarks: B1, B2 ... */
  id: string;
  name: string;
  /** With its unit when it is a text. */
  ours: number | string;
  baseline: number | string;
  /** ours / baseline; absent where there is nothing to divide. */
  ratio?: number;
  goal: string;
  /** Where the time goes, or what to know when reading the figure. */
  note?: string;
}

export const median = (figures: number[]): number => {
  const sorted = [...figures].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** The share `part` of the figures is not above this one. */
export const quantile = (figures: number[], part: number): number =>
  [...figures].sort((one, other) => one - other)[Math.min(figures.length - 1, Math.floor(figures.length * part))]!;

/** Milliseconds, the same clock in all processes of this machine. */
export const instant = (): number => performance.timeOrigin + performance.now();

/**
 * How often a piece of work is done in a second, with so many at a time.
 * @param duration milliseconds
 */
export async function perSecond(
  parallel: number,
  duration: number,
  work: (worker: number) => Promise<unknown>,
): Promise<number> {
  const begun = performance.now();
  let done = 0;
  const loop = async (worker: number): Promise<void> => {
    while (performance.now() - begun < duration) {
      await work(worker);
      done++;
    }
  };
  await Promise.all(Array.from({ length: parallel }, (_, worker) => loop(worker)));
  return done / ((performance.now() - begun) / 1000);
}

/**
 * Measures both sides in turns, so that a slow moment of the machine meets both.
 * @returns the median of each side, and of the ratios of the rounds
 */
export async function inTurns(
  rounds: number,
  ours: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<{ ours: number; baseline: number; ratio: number }> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++)
    pairs.push(
      round % 2 ? [await ours(), await baseline()] : ([await baseline(), await ours()].reverse() as [number, number]),
    );
  return {
    ours: median(pairs.map(([one]) => one)),
    baseline: median(pairs.map(([, other]) => other)),
    ratio: median(pairs.map(([one, other]) => one / other)),
  };
}
