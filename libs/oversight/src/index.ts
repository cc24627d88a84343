// What the state office looks after: who decides everywhere and where nobody does, what a change would move, and changes of
// the organisation. Never routes by itself and keeps no rows of its own.
export { ChangePlans } from './change-plans.js';
export { Coverage } from './coverage.js';
export type * from './coverage-views.js';
export { FindCoordinator } from './find-coordinator.js';
export { OversightModule } from './oversight.module.js';
export type { FoundAnswer } from './place-answers.js';
export type * from './planned-change.js';
export { oversightProblems, WorldChanged } from './problems.js';
export { type PlaceImpact, RegisterImpact } from './register-impact.js';
