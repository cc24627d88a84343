// Who may decide where: coordinators' assignments, and routing, a pure function. Never decides anything itself and
// knows no request; a coordinator cannot make coordinators.
export { assignmentInForce, coordinatorCanAct, officeSeats } from './assignments.js';
export { Coordinator, type Reach } from './coordinator.js';
export { CoordinatorsModule } from './coordinators.module.js';
export { CoordinatorsService } from './coordinators.service.js';
export { Appointments } from './appointments.js';
export { CoordinatorHistory } from './coordinator-history.js';
export type { Designation } from './designation.js';
export type { DesignationStatus } from './designation-form.js';
export type { DesignationProposal } from './designation-proposals.js';
export { DesignationService } from './designation.service.js';
export type { DesignationView } from './designation-view.js';
export { type EndedDuty, Leavers } from './leavers.js';
export type { StepDuty } from './duty.js';
export { approvalWords } from './duty-words.js';
export { DutiesService } from './duties.service.js';
export { DutyReading, type DutyView } from './duty-reading.js';
export { HeadsService, type SystemHead } from './heads.service.js';
export { StateOffice, unsigned } from './state-office.js';
export { signedStatement } from './statement-in-force.js';
export { StatementService } from './statement.service.js';
export { Vacancies } from './vacancies.js';
export { coordinatorsProblems } from './problems.js';
export type { CoverView } from './cover-queries.js';
export { CoverService } from './cover.service.js';
export { holdRouting } from './hold-routing.js';
export { replay } from './replay.js';
export { covers, isStateDesk, whoDecides } from './routing.js';
export { barred, decidingRow } from './routing-judge.js';
export type { Assignment, NamedDecider, Routing, RoutingLine } from './routing-types.js';
export { scopeInWords, servedCount } from './scope-words.js';
export { snapshotOf } from './snapshot.js';
import { Coordinator, CoordinatorSite } from './coordinator.js';
import { CoordinatorCover, CoordinatorCoverSite } from './coordinator-cover.js';
import { DesignationForm, DesignationSite, DesignationStep } from './designation-form.js';
import { DutyHolder } from './duty.js';
import { HeadRecord } from './head-record.js';
import { StateTakeover } from './state-takeover.js';
import { StatementSignature } from './statement-signature.js';

export const coordinatorsEntities = [
  Coordinator,
  CoordinatorSite,
  CoordinatorCover,
  CoordinatorCoverSite,
  HeadRecord,
  DesignationForm,
  DesignationSite,
  DesignationStep,
  StateTakeover,
  StatementSignature,
  DutyHolder,
];
