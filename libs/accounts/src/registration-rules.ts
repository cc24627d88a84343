import { type FieldFault, isPersonName, tidy } from '#kernel';
import { mailAddress } from './mail-address.js';
import { isUserName, userNameRule } from './user-name.js';

/** As typed. */
export interface RegistrationForm {
  userName: string;
  firstName: string;
  lastName: string;
  email: string;
  passphrase: string;
}

const nameRule = (which: string): string =>
  `Type your ${which} name: letters, spaces, apostrophes, hyphens and dots, 100 at most.`;

/**
 * Checks and tidies what a stranger typed, but for the passphrase.
 * @returns what will be kept, and one fault for each field that needs another look; never tells what exists
 */
export function checkRegistration(form: RegistrationForm): { person: RegistrationForm; faults: FieldFault[] } {
  const email = mailAddress(form.email);
  const person = {
    userName: form.userName.trim(),
    firstName: tidy(form.firstName),
    lastName: tidy(form.lastName),
    email: email ?? '',
    passphrase: form.passphrase,
  };
  const faults: FieldFault[] = [];
  if (!isPersonName(person.firstName)) faults.push({ field: 'firstName', message: nameRule('first') });
  if (!isPersonName(person.lastName)) faults.push({ field: 'lastName', message: nameRule('last') });
  if (!isUserName(person.userName)) faults.push({ field: 'userName', message: userNameRule });
  if (!email) faults.push({ field: 'email', message: addressRule });
  return { person, faults };
}

export const addressRule =
  'Type your work e-mail address, such as name@school.example. Letters with accents cannot be used in it.';
