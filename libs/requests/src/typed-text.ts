import { isPlainText } from '#kernel';
import { requestsProblems } from './problems.js';

/** Characters a reason, a note or a justification may have (CO-7). */
const longestText = 2000;

/**
 * Checks text people typed; it is kept exactly as it was typed.
 * @param field the form's field name, for the fault beside it
 * @param words how the field is called in a sentence, such as "the reason"
 * @returns the text, or undefined when it is empty and may be
 * @throws requests.bad-text (422)
 */
export function checkedText(
  field: string,
  words: string,
  text: string | undefined,
  may: { beEmpty: boolean },
): string | undefined {
  const refuse = (message: string): never => {
    throw requestsProblems.badText(message, { errors: [{ field, message }] });
  };
  if (text === undefined || (typeof text === 'string' && !text.trim()))
    return may.beEmpty ? undefined : refuse(`Write ${words}. The other side reads it.`);
  if (typeof text !== 'string' || text.length > longestText * 2 || [...text].length > longestText)
    return refuse(`Shorten ${words} to 2,000 characters.`);
  if (!isPlainText(text))
    return refuse(
      `Take characters that cannot be seen, or that turn the reading direction, out of ${words}. Typing it anew instead of pasting helps.`,
    );
  return text;
}
