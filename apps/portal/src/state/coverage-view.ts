import { kernelProblems } from '#kernel';
import type {
  ApplicationGap,
  CoordinatorView,
  CoverageFilter,
  CoverageList,
  SingleSystem,
  UnservedSite,
  VacantSystem,
} from '#oversight';

/** The lists of the coverage page, each with the name of its tab. */
export const coverageViews = {
  without: 'No coordinator',
  single: 'Only one person',
  applications: 'Only the state',
  unserved: 'Served by nobody',
  unsigned: 'Not signed',
  coordinators: 'All coordinators',
} as const;
export type CoverageViewName = keyof typeof coverageViews;

/** One of the lists, as the library answers it. */
export type CoverageAnswer =
  | { view: 'without'; list: CoverageList<VacantSystem> }
  | { view: 'single'; list: CoverageList<SingleSystem> }
  | { view: 'applications'; list: CoverageList<ApplicationGap> }
  | { view: 'unserved'; list: CoverageList<UnservedSite> }
  | { view: 'unsigned' | 'coordinators'; list: CoverageList<CoordinatorView> };

/**
 * Reads which list, which words and which page an address asks for; what does not fit counts as not chosen.
 * @throws Problem 400 when a field comes twice (IN-2)
 */
export function coverageQuery(query: Record<string, unknown>): { view: CoverageViewName; filter: CoverageFilter } {
  const one = (name: string): string | undefined => {
    const value = query[name];
    if (value !== undefined && typeof value !== 'string')
      throw kernelProblems.badInput(`The address holds "${name}" more than once. Open the list again.`);
    return value?.trim().slice(0, 100) || undefined;
  };
  const view = one('view');
  const page = /^[1-9]\d{0,5}$/.test(one('page') ?? '') ? Number(one('page')) : undefined;
  return {
    view: view && Object.hasOwn(coverageViews, view) ? (view as CoverageViewName) : 'without',
    filter: { text: one('q'), page },
  };
}
