// Who may decide where: coordinators' assignments, and routing, a pure function. Never decides anything itself and
// knows no request; a coordinator cannot make coordinators.
export { assignmentInForce, coordinatorCanAct } from './assignments.js';
export { Coordinator, type Reach } from './coordinator.js';
export { CoordinatorsModule } from './coordinators.module.js';
export { CoordinatorsService } from './coordinators.service.js';
export type { Designation } from './designation.js';
export type { DesignationStatus } from './designation-form.js';
export { coordinatorsProblems } from './problems.js';
export {
  covers,
  isStateDesk,
  type Assignment,
  type NamedDecider,
  type Routing,
  type RoutingLine,
  type RoutingSnapshot,
  whoDecides,
} from './routing.js';
import { Coordinator, CoordinatorSite } from './coordinator.js';
import { DesignationForm, DesignationSite, DesignationStep } from './designation-form.js';
import { StateTakeover } from './state-takeover.js';
import { StatementSignature } from './statement-signature.js';
import { SystemHead } from './system-head.js';

export const coordinatorsEntities = [
  Coordinator,
  CoordinatorSite,
  SystemHead,
  DesignationForm,
  DesignationSite,
  DesignationStep,
  StateTakeover,
  StatementSignature,
];
