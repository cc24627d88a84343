/** Days 'YYYY-MM-DD', half open; without `to` for good. */
export interface Period {
  from: string;
  to?: string;
}

/**
 * The first day of a period on which none of the others is there.
 * @param lost days somebody would no longer be there
 * @param others days on which others are there, in any order
 * @returns undefined when somebody is there on each of the days
 */
export function firstGap(lost: Period, others: Period[]): string | undefined {
  let day = lost.from;
  for (const { from, to } of [...others].sort((one, other) => (one.from < other.from ? -1 : 1))) {
    if (from > day) break;
    if (to === undefined) return undefined;
    if (to > day) day = to;
  }
  return lost.to === undefined || day < lost.to ? day : undefined;
}
