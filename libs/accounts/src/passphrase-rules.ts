import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#settings';

/** Lengths in Unicode code points after NFC (PW-1). */
export const passphraseLength = { from: 15, to: 128 };

export const commonFault =
  'This is one of the passphrases that guessers try first. Choose another, such as four or five words that do not belong together.';

/** Whom a passphrase is for: what a guesser would know. */
export interface PassphraseOwner {
  userName: string;
  email: string;
  firstName: string;
  lastName: string;
}

const linesOf = (file: string): string[] =>
  readFileSync(join(projectRoot, 'config', file), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'));

const blocked = new Set(linesOf('blocked-passphrases.txt'));
const houseWords = linesOf('house-words.txt');

/** Small letters and digits only: what is compared with the lists. */
export const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** The form a passphrase is hashed in: one spelling of composed letters, nothing cut or trimmed. */
export const hashedForm = (passphrase: string): string => passphrase.normalize('NFC');

/**
 * What is wrong with a new passphrase, in words for the person; undefined when it will do.
 * The whole value is compared, never a part: a listed passphrase with more words is fine (NIST SP 800-63B-4 3.1.1.2).
 */
export function passphraseFault(passphrase: string, owner: PassphraseOwner): string | undefined {
  const whole = hashedForm(passphrase);
  const length = [...whole].length;
  if (length < passphraseLength.from)
    return `Choose a passphrase of at least ${passphraseLength.from} characters; this one has ${length}. Four or five words in a row work well.`;
  if (length > passphraseLength.to)
    return `Choose a passphrase of at most ${passphraseLength.to} characters; this one has ${length}.`;
  if (isRepeated(whole))
    return 'This passphrase repeats the same few characters. Choose another, such as four or five words.';
  const small = plain(whole);
  if (blocked.has(small) || blocked.has(small.replace(/\d+$/, ''))) return commonFault;
  if (isMadeOf(small, [...houseWords, ...wordsOf(owner)]))
    return 'This passphrase is made of your own names and words of this service, which guessers try first. Add words that have nothing to do with either.';
  return undefined;
}

/** One unit of up to seven characters over and over, the last one perhaps cut. */
function isRepeated(text: string): boolean {
  const characters = [...text];
  return [1, 2, 3, 4, 5, 6, 7].some((unit) => characters.every((one, at) => one === characters[at % unit]));
}

/** Names, user name and local part of the address, whole and in parts. */
function wordsOf(owner: PassphraseOwner): string[] {
  const texts = [owner.userName, owner.email.split('@')[0]!, owner.firstName, owner.lastName];
  return texts
    .flatMap((text) => [text, ...text.split(/[^\p{L}\p{M}\p{N}]+/u)])
    .map(plain)
    .filter((word) => word.length > 1);
}

/** Whether a text is nothing but some of these words and at most 8 digits. */
function isMadeOf(text: string, words: string[]): boolean {
  const fewest: (number | undefined)[] = [0]; // per position: the fewest loose digits it can be reached with
  for (let at = 0; at < text.length; at++) {
    const loose = fewest[at];
    if (loose === undefined) continue;
    const reach = (to: number, digits: number): void => void (fewest[to] = Math.min(fewest[to] ?? Infinity, digits));
    for (const word of words) if (text.startsWith(word, at)) reach(at + word.length, loose);
    if (/\d/.test(text[at]!)) reach(at + 1, loose + 1);
  }
  return (fewest[text.length] ?? Infinity) <= 8 && /\D/.test(text);
}
