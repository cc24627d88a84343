import type { CatalogService } from '#catalog';
import type { Decision } from './decisions.js';
import type { RequestLine } from './permission-request.js';
import { requestsProblems } from './problems.js';
import { checkPeriod, termsOf } from './wish-period.js';

/** What is given in place of what was asked for; at least one of the two. */
export type Less = Pick<Decision, 'permission' | 'toDay'>;

/**
 * Checks that a decision gives less than a line asks for: a lesser permission, an earlier end, or both.
 * @param today 'YYYY-MM-DD'
 * @throws requests.not-less, .bad-period (422)
 */
export function checkedLess(
  line: RequestLine,
  { permission, toDay }: Less,
  catalog: CatalogService,
  today: string,
): Less {
  const terms = termsOf(line);
  const lesser = line.extendsGrantId ? [] : catalog.lesser(line.application, line.role, terms.permission);
  if (permission && !lesser.some(({ code }) => code === permission))
    throw notLess(
      `narrow-${line.id}`,
      'The permission you chose is not a part of the one that was asked for. Choose one from the list, or reject the line.',
    );
  if (toDay) {
    checkPeriod(
      { fromDay: terms.fromDay && terms.fromDay > today ? terms.fromDay : undefined, toDay },
      today,
      `until-${line.id}`,
    );
    if (terms.toDay && toDay >= terms.toDay)
      throw notLess(`until-${line.id}`, 'That is not earlier than was asked for. Choose an earlier last day.');
  }
  return { ...(permission && { permission }), ...(toDay && { toDay }) };
}

const notLess = (field: string, message: string): Error =>
  requestsProblems.notLess(message, { errors: [{ field: field.slice(0, 60), message }] });
