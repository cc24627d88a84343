import { isDay } from '#kernel';
import type { Assignment } from './routing-types.js';
import { coordinatorsProblems } from './problems.js';

/** Names somebody who stands in for a coordinator. */
export interface CoverTerms {
  /** The assignment of the person who is away. */
  coordinatorId: string;
  /** Who stands in. */
  staffMemberId: string;
  /** Only for these sites; absent = for all the assignment holds. */
  siteCodes?: string[];
  /** Only for this application. */
  application?: string;
  /** 'YYYY-MM-DD' */
  fromDay: string;
  /** The first day back. */
  toDay: string;
}

/** The assignment a cover is for, as it is stored. */
export interface CoveredAssignment extends Pick<
  Assignment,
  'id' | 'staffMemberId' | 'reach' | 'systemCode' | 'siteCodes' | 'application'
> {
  fromDay: string;
  toDay?: string;
}

/** The longest time somebody stands in; who is away longer needs a successor. */
const mostDays = 180;
/** Sites of one cover, as of one assignment. */
const mostSites = 2000;

export const wrongCover = (detail: string): Error => coordinatorsProblems.wrongCover(detail);

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** @throws coordinators.wrong-cover (422): no days, past, crossing, too long, outside the assignment */
export function checkedCoverDays({ fromDay, toDay }: CoverTerms, seat: CoveredAssignment, today: string): void {
  if (!isDay(fromDay) || !isDay(toDay)) throw wrongCover('Write days as year-month-day, such as 2026-08-15.');
  if (toDay <= fromDay) throw wrongCover('The first day back comes before the first day away. Check both days.');
  if (fromDay < today) throw wrongCover('The first day away has passed. Begin today or later.');
  if (daysBetween(fromDay, toDay) > mostDays)
    throw wrongCover(`Somebody stands in for at most ${mostDays} days. Who is away longer needs a successor.`);
  if (fromDay < seat.fromDay || (seat.toDay !== undefined && toDay > seat.toDay))
    throw wrongCover('On some of these days the assignment itself is not in force. Choose days within it.');
}

/**
 * The sites and the application of a cover, within what the assignment holds.
 * @returns sites in order, each once; undefined = all
 * @throws coordinators.wrong-cover (422)
 */
export function checkedCoverScope(
  { siteCodes, application }: CoverTerms,
  seat: CoveredAssignment,
): string[] | undefined {
  if (application !== undefined && seat.application !== undefined && application !== seat.application)
    throw wrongCover('The assignment is for another application only. Leave the application out.');
  if (siteCodes === undefined) return undefined;
  if (seat.reach === 'state')
    throw wrongCover('The state office is covered as a whole, or for one application. Leave the sites out.');
  const codes = [...new Set(siteCodes)].sort();
  if (!codes.length || codes.length > mostSites)
    throw wrongCover(`Name 1 to ${mostSites.toLocaleString('en-US')} sites, or none for all of them.`);
  const outside = seat.reach === 'system' ? undefined : codes.find((code) => !seat.siteCodes.has(code));
  if (outside !== undefined)
    throw wrongCover(`The site ${outside.slice(0, 30)} is not in the assignment. Choose among its sites.`);
  return codes;
}
