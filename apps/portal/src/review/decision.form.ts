import { type FieldFault, isDay, kernelProblems } from '#kernel';
import type { Decision } from '#requests';
import { dayAfter } from '../parts/days.js';

export interface DecisionForm {
  /** The version of the request the page showed (CO-4). */
  version: number;
  decisions: Decision[];
  faults: FieldFault[];
}

const id = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const fieldOf = new RegExp(`^(?:(verdict|reason)-(all|${id})|(narrow|until|ends)-(${id}))$`);

/** What was sent about one line, or about all of them. */
interface Sent {
  verdict?: 'approve' | 'narrow' | 'reject';
  reason?: string;
  /** The lesser permission and the last day, when less is to be approved. */
  narrow?: string;
  until?: string;
  /** Grants that end with it, as the page showed them. */
  ends?: string[];
}

/**
 * Reads the posted review page: for each line `verdict-<line>` (approve, narrow, reject, or empty for later),
 * `reason-<line>`, for less than was asked for `narrow-<line>` and `until-<line>`, and `ends-<line>` as the page showed it;
 * `verdict-all` and `reason-all` are for the lines left empty. Whether the lines are of this request, the verb says.
 * @throws Problem 400 when the body has any other field (IN-1), or one twice
 */
export function decisionFormOf(body: Record<string, unknown>): DecisionForm {
  const { version, sent } = fieldsOf(body);
  const { all = {}, ...lines } = sent;
  const faults: FieldFault[] = [];
  if (all.verdict === 'reject' && !all.reason)
    faults.push({ field: 'reason-all', message: 'Write why you reject them; the person reads it' });
  if (!all.verdict && all.reason)
    faults.push({ field: 'verdict-all', message: 'You wrote a reason but chose neither Approve nor Reject' });
  const decisions = Object.entries(lines).flatMap(([lineId, line]): Decision[] => {
    faults.push(...faultsOf(lineId, line, all));
    const verdict = line.verdict ?? all.verdict;
    const reason = line.verdict ? line.reason : (line.reason ?? all.reason);
    const less = line.verdict === 'narrow' && {
      ...(line.narrow && { permission: line.narrow }),
      ...(line.until && isDay(line.until) && { toDay: dayAfter(line.until) }),
    };
    return verdict ? [{ lineId, verdict, reason, ...less, ...(line.ends && { ends: line.ends }) }] : [];
  });
  if (!decisions.length && !faults.length)
    faults.push({ field: 'decisions', message: 'Approve or reject at least one permission' });
  return { version, decisions, faults };
}

function faultsOf(lineId: string, line: Sent, all: Sent): FieldFault[] {
  const { verdict, reason, narrow, until } = line;
  const faults: FieldFault[] = [];
  if (verdict === 'reject' && !reason)
    faults.push({ field: `reason-${lineId}`, message: 'Write why you reject it; the person reads it' });
  if (!verdict && !all.verdict && reason)
    faults.push({ field: `verdict-${lineId}`, message: 'You wrote a reason but chose neither Approve nor Reject' });
  if (verdict === 'narrow' && !narrow && !until)
    faults.push({ field: `narrow-${lineId}`, message: 'Choose a lesser permission, an earlier last day, or both' });
  if (verdict !== 'narrow' && (narrow || until))
    faults.push({ field: `verdict-${lineId}`, message: 'You chose less than was asked for, but not Approve less' });
  if (until && !isDay(until)) faults.push({ field: `until-${lineId}`, message: 'Choose the last day as a date' });
  return faults;
}

/** The fields of the form by line, 'all' for those of all of them. */
function fieldsOf(body: Record<string, unknown>): { version: number; sent: Record<string, Sent> } {
  const damaged = (): Error =>
    kernelProblems.badInput('The form held a field it should not have. Load the page again and send it once more.');
  const sent: Record<string, Sent> = {};
  let version: number | undefined;
  for (const [name, value] of Object.entries(body)) {
    if (name === '_token') continue;
    if (typeof value !== 'string') throw damaged();
    const [, common, of, own, line] = fieldOf.exec(name) ?? [];
    const kind = common ?? own;
    if (name === 'version' && /^\d{1,9}$/.test(value)) version = Number(value);
    else if (kind && allowed[kind as keyof typeof allowed].test(value) && !(of === 'all' && value === 'narrow')) {
      const key = (of ?? line)!;
      sent[key] = {
        ...sent[key],
        [kind]: kind === 'ends' ? value.split(',').filter(Boolean) : value.trim() || undefined,
      };
    } else throw damaged();
  }
  if (version === undefined) throw damaged();
  return { version, sent };
}

const allowed = {
  verdict: /^(approve|narrow|reject|)$/,
  reason: /^/,
  narrow: /^[a-z0-9-]{0,81}$/,
  until: /^.{0,20}$/,
  ends: /^[0-9a-f,-]{0,4000}$/,
};
