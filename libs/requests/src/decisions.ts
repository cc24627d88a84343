import { readableTime } from '#kernel';
import type { LineStatus } from './permission-request.js';
import { requestsProblems } from './problems.js';
import { checkedText } from './typed-text.js';

/** What a coordinator says about one line. */
export interface Decision {
  lineId: string;
  /**
   * `narrow` gives less than was asked for: at once where the requester agreed beforehand, else it is an offer and the line
   * goes on waiting.
   */
  verdict: 'approve' | 'reject' | 'narrow';
  /** Needed when rejecting; the requester reads it. */
  reason?: string;
  /** When narrowing: a lesser permission of the same role. */
  permission?: string;
  /** When narrowing: 'YYYY-MM-DD', the first day no longer, earlier than was asked for. */
  toDay?: string;
  /** The grants that end with it, as the actor saw them (`LineView.ends`): approving ends no others. */
  ends?: string[];
}

/** What a verdict makes of a line. */
export const statusAfter = { approve: 'approved', narrow: 'approved', reject: 'rejected' } as const;

/** A line as far as words about it need. */
interface DecidedLine {
  /** The permission, and where it matters the place. */
  name: string;
  status: LineStatus;
  decidedAt?: Date | null;
  decidedBy?: string | null;
  /** Who offered less, while that waits for its answer. */
  offeredBy?: string;
}

/**
 * Checks the shape of a call: at least one decision, one a line, a reason with every rejection, less with every narrowing.
 * @throws requests.incomplete, requests.bad-text (422)
 */
export function checkedDecisions(decisions: Decision[]): Decision[] {
  if (!decisions.length) throw incomplete('decisions', 'Approve or reject at least one line.');
  if (new Set(decisions.map(({ lineId }) => lineId)).size !== decisions.length)
    throw incomplete('decisions', 'A line was decided twice in one go. Choose one answer for each line.');
  return decisions.map(({ lineId, verdict, reason, permission, toDay, ends = [] }) => {
    if (!Object.hasOwn(statusAfter, verdict))
      throw incomplete('decisions', 'Choose approve or reject for each line you decide.');
    if (verdict === 'narrow' && !permission && !toDay)
      throw incomplete(`narrow-${lineId}`, 'Choose a lesser permission, or an earlier last day.');
    return {
      lineId,
      verdict,
      reason: checkedText(`reason-${lineId}`.slice(0, 60), 'the reason', reason, { beEmpty: verdict !== 'reject' }),
      ...(verdict === 'narrow' && { ...(permission && { permission }), ...(toDay && { toDay }) }),
      ends,
    };
  });
}

const incomplete = (field: string, message: string): Error =>
  requestsProblems.incomplete(message, { errors: [{ field, message }] });

const past = {
  approved: 'approved',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  expired: 'closed, because nobody decided it in time',
  pending: 'left open',
};

/** What happened to lines meanwhile: `"IEP Form Writer" was approved by Ana Ruiz on …`. */
export function whatHappened(lines: DecidedLine[], nameOf: (person: string) => string): string {
  const told = lines.flatMap(({ name, status, decidedAt, decidedBy, offeredBy }) => {
    if (status === 'pending')
      return offeredBy ? `${nameOf(offeredBy)} offered less than ${name}, which waits for the person who asked` : [];
    const by = status === 'withdrawn' ? ' by the person who asked' : decidedBy ? ` by ${nameOf(decidedBy)}` : '';
    return `${name} was ${past[status]}${by}${decidedAt ? ` on ${readableTime(decidedAt)}` : ''}`;
  });
  return told.length ? `${told.join('; ')}.` : 'It was changed by somebody else.';
}
