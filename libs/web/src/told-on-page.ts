import { Problem } from '#kernel';
import type { PageRequest } from './page.js';

/**
 * For a handler that answers some refusals of a verb with its own page: lets all others go on as they came. What of it belongs
 * in the audit log is written once what the form did is undone (AU-2).
 */
export function mustTellOnPage(
  request: PageRequest,
  problem: unknown,
  statuses: readonly number[],
): asserts problem is Problem {
  if (!(problem instanceof Problem) || !statuses.includes(problem.status)) throw problem;
  if (problem.refusal) (request.refusals ??= []).push(problem);
}
