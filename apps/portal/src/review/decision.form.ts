import { type FieldFault, kernelProblems } from '#kernel';
import type { Decision } from '#requests';

export interface DecisionForm {
  /** The version of the request the page showed (CO-4). */
  version: number;
  decisions: Decision[];
  faults: FieldFault[];
}

const fieldOf = /^(verdict|reason)-(all|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * Reads the posted review page: for each line `verdict-<line>` (approve, reject, or empty for later) and `reason-<line>`;
 * `verdict-all` and `reason-all` are for the lines left empty.
 * Whether the lines are of this request, the verb says.
 * @throws Problem 400 when the body has any other field (IN-1), or one twice
 */
export function decisionFormOf(body: Record<string, unknown>): DecisionForm {
  const damaged = (): Error =>
    kernelProblems.badInput('The form held a field it should not have. Load the page again and send it once more.');
  const verdicts = new Map<string, string>();
  const reasons = new Map<string, string>();
  let version: number | undefined;
  for (const [name, value] of Object.entries(body)) {
    const [, kind, lineId] = fieldOf.exec(name) ?? [];
    if (name === '_token') continue;
    if (typeof value !== 'string') throw damaged();
    if (name === 'version' && /^\d{1,9}$/.test(value)) version = Number(value);
    else if (kind === 'verdict' && /^(approve|reject|)$/.test(value)) verdicts.set(lineId!, value);
    else if (kind === 'reason') reasons.set(lineId!, value);
    else throw damaged();
  }
  if (version === undefined) throw damaged();

  const decisions: Decision[] = [];
  const faults: FieldFault[] = [];
  const all = { verdict: verdicts.get('all') || undefined, reason: reasons.get('all')?.trim() || undefined };
  if (all.verdict === 'reject' && !all.reason)
    faults.push({ field: 'reason-all', message: 'Write why you reject them; the person reads it' });
  if (!all.verdict && all.reason)
    faults.push({ field: 'verdict-all', message: 'You wrote a reason but chose neither Approve nor Reject' });
  for (const lineId of new Set([...verdicts.keys(), ...reasons.keys()])) {
    if (lineId === 'all') continue;
    const own = verdicts.get(lineId) || undefined;
    const verdict = own ?? all.verdict;
    const written = reasons.get(lineId)?.trim() || undefined;
    const reason = own ? written : (written ?? all.reason);
    if (verdict === 'approve' || verdict === 'reject') decisions.push({ lineId, verdict, reason });
    if (own === 'reject' && !reason)
      faults.push({ field: `reason-${lineId}`, message: 'Write why you reject it; the person reads it' });
    if (!verdict && reason)
      faults.push({ field: `verdict-${lineId}`, message: 'You wrote a reason but chose neither Approve nor Reject' });
  }
  if (!decisions.length && !faults.length)
    faults.push({ field: 'decisions', message: 'Approve or reject at least one permission' });
  return { version, decisions, faults };
}
