import { sha256 } from '#kernel';
import type { PermissionRequest } from './permission-request.js';
import { requestsProblems } from './problems.js';
import type { Wish } from './request-rules.js';
import { checkedText } from './typed-text.js';
import { togetherBy, wishKey } from './together.js';

/** How many permissions one request may ask for, each place counted (CO-7). */
const mostLines = 60;

/** What the request form sends. */
export interface RequestForm {
  wishes: Wish[];
  why?: string;
  /** Random, one per rendered form: the same form again gives the same answer. */
  formKey: string;
  /** Agrees beforehand to less than is asked for: a lesser permission, or an earlier end. */
  mayNarrow?: boolean;
  /** One's own request of which this one asks again what was rejected, withdrawn or not decided in time. */
  replacesId?: string;
}

/** A form whose texts were checked, with the hash of what it asks for. */
export type ReadForm = RequestForm & { formHash: string };

/**
 * Takes the known fields of a form, and no other; what is wished twice counts once.
 * @throws requests.bad-text, .incomplete, .too-many-lines, .two-roles (422)
 */
export function readForm({ wishes, why, formKey }: RequestForm): ReadForm {
  const text = checkedText('why', 'what you need it for', why, { beEmpty: true });
  if (typeof formKey !== 'string' || !/^[\w-]{1,100}$/.test(formKey)) {
    throw requestsProblems.incomplete('The form was incomplete. Load the page again and send it once more.');
  }
  const read = readWishes(wishes);
  const asked = read.map(({ application, role, permissions, location: { level, code } }) =>
    JSON.stringify([application, role, [...permissions].sort(), level, code]),
  );
  return { wishes: read, why: text, formKey, formHash: sha256(JSON.stringify([asked.sort(), text ?? null])) };
}

/**
 * The known fields of wishes, each thing once.
 * @throws requests.incomplete, .too-many-lines, .two-roles (422)
 */
export function readWishes(wishes: Wish[]): Wish[] {
  const read = togetherBy(wishes, wishKey).map((same): Wish => {
    const { application, role, location } = same[0]!;
    return {
      application,
      role,
      permissions: [...new Set(same.flatMap(({ permissions }) => permissions))],
      location: { level: location.level, code: location.code },
    };
  });
  if (!read.length) throw requestsProblems.incomplete('Choose what you need, and where.');
  if (read.reduce((sum, { permissions }) => sum + permissions.length, 0) > mostLines) {
    throw requestsProblems.tooManyLines(
      `One request may ask for ${mostLines} permissions at most, each place counted. Ask for the rest in a second request.`,
    );
  }
  const places = togetherBy(read, ({ application, location }) => wishKey({ application, role: '', location }));
  if (places.some((same) => same.length > 1)) {
    throw requestsProblems.twoRoles(
      'In one application a person has one role at a place. Choose one of the two roles for this place.',
    );
  }
  return read;
}

/**
 * The same form sent twice gets the first answer.
 * @throws requests.other-form (422) when the key comes with other content
 */
export function sameAnswer(
  { id, reference, formHash }: PermissionRequest,
  form: ReadForm,
): { id: string; reference: string } {
  if (formHash === form.formHash) return { id, reference };
  throw requestsProblems.otherForm(
    `This form was sent before, as ${reference}, with other answers. Load the page again to ask for something else.`,
  );
}
