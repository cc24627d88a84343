import { sha256 } from '#kernel';
import type { PermissionRequest } from './permission-request.js';
import { requestsProblems } from './problems.js';
import type { Wish } from './request-rules.js';
import { checkedText } from './typed-text.js';

/** What the request form sends. */
export interface RequestForm extends Wish {
  why?: string;
  /** Random, one per rendered form: the same form again gives the same answer. */
  formKey: string;
}

/** A form whose texts were checked, with the hash of what it asks for. */
export interface ReadForm {
  wish: Wish;
  why?: string;
  formKey: string;
  formHash: string;
}

/**
 * Takes the known fields of a form, and no other.
 * @throws requests.bad-text, requests.incomplete (422)
 */
export function readForm({ application, role, permissions, location, why, formKey }: RequestForm): ReadForm {
  const text = checkedText('why', 'what you need it for', why, { beEmpty: true });
  if (typeof formKey !== 'string' || !/^[\w-]{1,100}$/.test(formKey)) {
    throw requestsProblems.incomplete('The form was incomplete. Load the page again and send it once more.');
  }
  const { level, code } = location;
  const wanted = [...new Set(permissions)];
  return {
    wish: { application, role, permissions: wanted, location: { level, code } },
    why: text,
    formKey,
    formHash: sha256(JSON.stringify([application, role, [...wanted].sort(), level, code, text ?? null])),
  };
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
