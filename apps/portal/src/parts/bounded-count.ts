/** A count that was not counted on beyond 100: "more than 99". */
export const boundedCount = (count: number): string => (count > 99 ? 'more than 99' : String(count));

/** Words that begin a sentence. */
export const capital = (words: string): string => words[0]!.toUpperCase() + words.slice(1);
