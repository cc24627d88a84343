// Where people work: school systems, sites, and which site belongs to which system on which day.
// Never computes a parent from a code, never forgets a name or a closing.
export * from './kinds.js';
export * from './location.js';
export { Organisation } from './organisation.js';
export * from './place.js';
export * from './place-history.js';
export * from './problems.js';
export { Disagreements } from './disagreements.js';
export type { DisagreementView } from './disagreement-views.js';
export * from './register-change.js';
export {
  type RegisterChangeSummary,
  type RegisterChangeView,
  type RegisterRowChange,
} from './register-change-views.js';
export { RegisterChanges } from './register-changes.js';
export { RegisterImport, type RegisterImported, type RegisterOptions } from './register-import.js';
export type { Progress } from './register-row.js';
export type { PlaceDeed } from './register-state.js';
export { registerLines, type RegisterReport } from './register-report.js';
export type { PlaceEvent } from './place-events.js';
export { SitesModule } from './sites.module.js';
export { SitesService } from './sites.service.js';
import { SchoolSystem, Site } from './place.js';
import { PlaceCode, PlaceLife, PlaceName, SiteMerger, SiteParent, SiteServing } from './place-history.js';
import { RegisterChange, RegisterDisagreement } from './register-change.js';

export const sitesEntities = [
  SchoolSystem,
  Site,
  SiteParent,
  SiteServing,
  PlaceName,
  PlaceCode,
  PlaceLife,
  SiteMerger,
  RegisterChange,
  RegisterDisagreement,
];
