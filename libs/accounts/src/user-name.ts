import { foldedText } from '#kernel';

/** Letters of the English alphabet, digits and `. _ -` inside; no @, so that a user name is never taken for an address (ID-5). */
const userName = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{1,30})[A-Za-z0-9]$/;

export const userNameHint = '3 to 32 letters, digits, dots, hyphens or underscores.';
export const userNameRule =
  'Choose a user name of 3 to 32 letters, digits, dots, hyphens or underscores, with a letter or digit at both ends.';

/** Whether a text may be a user name: 3 to 32 characters. */
export const isUserName = (text: string): boolean => userName.test(text);

/** What two user names are compared by. */
export const userNameKey = (text: string): string => foldedText(text);
