import { AssignmentsController } from './assignments.controller.js';
import { CoverageController } from './coverage.controller.js';
import { DesignationsController } from './designations.controller.js';
import { DisagreementsController } from './disagreements.controller.js';
import { DisputesController } from './disputes.controller.js';
import { HeadsController } from './heads.controller.js';
import { OverviewController } from './overview.controller.js';
import { StatePlacesController } from './places.controller.js';
import { PlannedPlaces } from './planned-places.js';
import { StateRegisterController } from './register.controller.js';
import { RegisterPages } from './register-pages.js';
import { StatePlaces } from './state-places.js';

/** The pages of the state office. */
export const stateControllers = [
  OverviewController,
  CoverageController,
  DesignationsController,
  AssignmentsController,
  StatePlacesController,
  HeadsController,
  StateRegisterController,
  DisagreementsController,
  DisputesController,
];

/** What they need of their own. */
export const stateProviders = [PlannedPlaces, RegisterPages, StatePlaces];
