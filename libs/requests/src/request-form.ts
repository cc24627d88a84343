import { sha256 } from '#kernel';
import type { PermissionRequest } from './permission-request.js';
import { requestsProblems } from './problems.js';
import type { Wish } from './request-rules.js';
import { checkedText } from './typed-text.js';
import { togetherBy, wishKey } from './together.js';
import { badPeriod, checkPeriod } from './wish-period.js';

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
 * @param today 'YYYY-MM-DD'
 * @throws requests.bad-text, .bad-period, .incomplete, .too-many-lines, .two-roles (422)
 */
export function readForm({ wishes, why, formKey, mayNarrow, replacesId }: RequestForm, today: string): ReadForm {
  const text = checkedText('why', 'what you need it for', why, { beEmpty: true });
  if (typeof formKey !== 'string' || !/^[\w-]{1,100}$/.test(formKey)) {
    throw requestsProblems.incomplete('The form was incomplete. Load the page again and send it once more.');
  }
  const read = readWishes(wishes, today);
  const asked = read.map((wish) => JSON.stringify([termsKey(wish), [...wish.permissions].sort()]));
  const more = { ...(mayNarrow === true && { mayNarrow }), ...(replacesId && { replacesId: String(replacesId) }) };
  const formHash = sha256(JSON.stringify([asked.sort(), text ?? null, more]));
  return { wishes: read, why: text, formKey, ...more, formHash };
}

/**
 * The known fields of wishes, each thing once.
 * @param today 'YYYY-MM-DD'
 * @throws requests.incomplete, .bad-period, .too-many-lines, .two-roles (422)
 */
export function readWishes(wishes: Wish[], today: string): Wish[] {
  const read = togetherBy(wishes, termsKey).map((same): Wish => {
    const { application, role, location, fromDay, toDay, extends: grantId } = same[0]!;
    const wish = {
      application,
      role,
      permissions: [...new Set(same.flatMap(({ permissions }) => permissions))],
      location: { level: location.level, code: location.code },
      ...(fromDay && { fromDay }),
      ...(toDay && { toDay }),
      ...(grantId && { extends: grantId }),
    };
    checkPeriod(wish, today);
    if (grantId) checkLonger(wish);
    return wish;
  });
  if (!read.length) throw requestsProblems.incomplete('Choose what you need, and where.');
  if (read.reduce((sum, { permissions }) => sum + permissions.length, 0) > mostLines) {
    throw requestsProblems.tooManyLines(
      `One request may ask for ${mostLines} permissions at most, each place counted. Ask for the rest in a second request.`,
    );
  }
  refuseTwice(read);
  return read;
}

/** What of a wish is one thing: its permissions share all of it. */
const termsKey = (wish: Wish): string =>
  JSON.stringify([wishKey(wish), wish.fromDay ?? '', wish.toDay ?? '', wish.extends ?? '']);

function checkLonger({ permissions, fromDay, toDay }: Wish): void {
  if (!toDay) throw badPeriod('toDay', 'Choose the last day on which you need it.');
  if (permissions.length !== 1 || fromDay)
    throw requestsProblems.incomplete('Access is kept longer one by one. Open it from "My access" again.');
}

/** Two roles of an application, or one permission for two times, at one place. */
function refuseTwice(wishes: Wish[]): void {
  const places = togetherBy(wishes, ({ application, location }) => wishKey({ application, role: '', location }));
  for (const same of places) {
    if (new Set(same.map(({ role }) => role)).size > 1)
      throw requestsProblems.twoRoles(
        'In one application a person has one role at a place. Choose one of the two roles for this place.',
      );
    const permissions = same.flatMap((wish) => wish.permissions);
    if (new Set(permissions).size < permissions.length)
      throw requestsProblems.incomplete(
        'One permission was asked for twice at the same place, for different times. Choose one time for it.',
      );
  }
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
