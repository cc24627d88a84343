import { foldedText, isDay, keyedHash } from '#kernel';

const letters = (name: string): string => foldedText(name).replace(/[^\p{L}\p{N}]/gu, '');

/**
 * What two names are compared by: case, accents, spaces, hyphens, dots and apostrophes do not matter, so that
 * "O’Neal" is "Oneal" and "De La Cruz" is "Delacruz", as payroll systems write them.
 */
export const nameKey = (lastName: string, firstName: string): string => `${letters(lastName)}|${letters(firstName)}`;

/**
 * The only form a birth date is kept in.
 * @param secret IDENTITY_SECRET
 * @param birthDate 'YYYY-MM-DD'
 */
export const birthHash = (secret: string, birthDate: string): string => keyedHash(secret, 'birth-date', birthDate);

/** A day as feeds write it, mm/dd/yyyy, m/d/yyyy or yyyy-mm-dd, as 'YYYY-MM-DD'; undefined when it is none. */
export function readDay(text: string): string | undefined {
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const iso = year ? `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}` : text;
  return isDay(iso) ? iso : undefined;
}
