import { foldedText } from '#kernel';

/** The words somebody typed to find people by, as names are compared; 8 at most. */
export const wordsOf = (text: string): string[] =>
  foldedText(text.slice(0, 100))
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .split(' ')
    .filter(Boolean)
    .slice(0, 8);
