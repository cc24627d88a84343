// What the law and the school systems ask of access over the years: people who leave, and what ended with them. Never decides
// who may have access.
export { type AccessFilter, AccessList, type AccessListPage, type AccessRow } from './access-list.js';
export {
  AsOf,
  type AsOfPerson,
  type AsOfPersonAnswer,
  type AsOfPlace,
  type AsOfPlaceAnswer,
  type AsOfRow,
} from './as-of.js';
export { ComplianceModule } from './compliance.module.js';
export { complianceProblems } from './problems.js';
export type { EndedThing } from './departure.js';
export { DepartureSweep } from './departure-sweep.js';
export { Departures } from './departures.js';
export { type GrantEvent, type GrantView, GrantViews } from './grant-view.js';
export { type OwnAccess, OwnAccesses } from './own-access.js';
export type { Approval, GrantStanding } from './standing.js';
export { type FoundPerson, PeopleQueries } from './people-queries.js';
export { type FormerAccess, Rehires } from './rehires.js';
export type { DepartureView, PersonAccess, PersonView } from './person-view.js';
import { DepartureRecord } from './departure.js';

export const complianceEntities = [DepartureRecord];
