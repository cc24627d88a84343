import { type FieldFault, kernelProblems } from '#kernel';
import type { DecisionOfMany } from '#requests';

export interface ManyForm {
  decisions: DecisionOfMany[];
  faults: FieldFault[];
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const pickText = new RegExp(`^(\\d{1,9}):(${uuid}(?:,${uuid}){0,59})$`);

/** What a ticked request stands for: the version shown and its lines that wait. */
export const pickOf = ({ version, lines }: { version: number; lines: { id: string }[] }): string =>
  `${version}:${lines.map(({ id }) => id).join()}`;

/**
 * Reads the waiting list, sent: the requests that were ticked, and the one answer for all of them.
 * @throws Problem 400 when the body has any other field (IN-1)
 */
export function manyFormOf(body: Record<string, unknown>): ManyForm {
  const { _token, pick, verdict = '', reason = '', ...other } = body;
  const picks = ([] as unknown[]).concat(pick ?? []).map((text) => pickText.exec(String(text)));
  const known = typeof verdict === 'string' && /^(approve|reject|)$/.test(verdict) && typeof reason === 'string';
  if (Object.keys(other).length || !known || picks.length > 200 || picks.some((found) => !found))
    throw kernelProblems.badInput('The form came back damaged. Load the list again and choose once more.');
  const told = reason.trim() || undefined;
  const faults: FieldFault[] = [];
  if (!picks.length) faults.push({ field: 'pick', message: 'Tick at least one request' });
  if (!verdict) faults.push({ field: 'verdict', message: 'Choose Approve or Reject' });
  if (verdict === 'reject' && !told)
    faults.push({ field: 'reason', message: 'Write why you reject them; each person reads it' });
  const decisions = picks.flatMap((found) =>
    found![2]!.split(',').map((lineId): DecisionOfMany => ({
      lineId,
      version: Number(found![1]),
      verdict: verdict as DecisionOfMany['verdict'],
      reason: told,
    })),
  );
  return { decisions, faults };
}
