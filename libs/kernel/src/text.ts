/** NFC and trimmed, runs of white space folded to one space: how typed text is kept. */
export const tidy = (text: string): string => text.normalize('NFC').trim().replace(/\s+/gu, ' ');

/** The form two texts are compared in: compatibility-folded, lower case, without accents (dotless i included). */
export const foldedText = (text: string): string =>
  tidy(text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ı', 'i').normalize('NFKC'));

/** Letters of any script, marks, apostrophe, hyphen, dot and space; 1 to 100 code points (WB-5). */
const personName = /^[\p{L}\p{M}'’.\- ]{1,100}$/u;

/** Whether a text may be a person's name: no control, bidi, zero-width, tag or private-use characters. */
export const isPersonName = (text: string): boolean => personName.test(text) && /\p{L}/u.test(text);

/** Free text people type (reasons, notes): new lines allowed, no control, bidi-override or invisible tag characters. */
export const isPlainText = (text: string): boolean =>
  !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]|\p{Cs}/u.test(
    text,
  );

/** A date people can read, in Louisiana's time: "November 22, 2026". */
export const readableDate = (at: Date): string =>
  new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'America/Chicago' }).format(at);

const weekdayFormat = new Intl.DateTimeFormat('en-US', {
  weekday: 'long',
  month: 'long',
  day: 'numeric',
  timeZone: 'UTC',
});

/** A day people plan with: "Friday, August 14". @param day 'YYYY-MM-DD' */
export const readableWeekday = (day: string): string => weekdayFormat.format(new Date(`${day}T00:00:00Z`));

/** Date and time people can read: "November 22, 2026 at 9:15 AM". */
export const readableTime = (at: Date): string =>
  new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeStyle: 'short', timeZone: 'America/Chicago' }).format(at);
