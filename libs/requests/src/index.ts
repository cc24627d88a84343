// Asking for permissions and deciding: submit, decide line by line, withdraw, notes. Never routes by itself (coordinators
// do) and never lets anyone decide for themselves.
export { type DecisionOfMany, type DecisionResult, DecidingMany } from './deciding-many.js';
export { DaySweep } from './day-sweep.js';
export { TimeSweep } from './time-sweep.js';
export { LeaversRequests } from './leavers-requests.js';
export { lineOf } from './line-of.js';
export { LineOffers } from './line-offers.js';
export { PermissionRequest, RequestLine, RequestNote, type LineStatus } from './permission-request.js';
export { requestsProblems } from './problems.js';
export { RequestFigures } from './request-figures.js';
export { RequestLists } from './request-lists.js';
export { RequestLoads } from './request-loads.js';
export { RequestQueries } from './request.queries.js';
export type * from './line-terms.js';
export type * from './request-views.js';
export { RequestsModule } from './requests.module.js';
export type { Decision } from './decisions.js';
export type { Wish } from './request-rules.js';
export type { RequestForm } from './request-form.js';
export { type ForecastLine, Rerouting } from './rerouting.js';
export { AnswersWanted } from './answers-wanted.js';
export { RequestQuestions } from './request-questions.js';
export { type ProposalCandidate, ProposalReading, type ProposalView } from './proposal-reading.js';
export { RequestProposals } from './proposals.js';
export { RequestSuggestions } from './request-suggestions.js';
export { PlaceAdvisor } from './place-advisor.js';
export { RequestsAgain } from './requests-again.js';
export { RequestsService } from './requests.service.js';
import { LineStep } from './line-step.js';
import { FollowedDay, LineRoute } from './line-route.js';
import { LineOffer } from './line-offer.js';
import { RequestClock } from './time-clock.js';
import { PermissionRequest, RequestDecider, RequestLine, RequestNote } from './permission-request.js';
import { RequestQuestion, RequestQuestionLine } from './request-question.js';
import { RequestProposal } from './request-proposal.js';
import { RequestSuggestion } from './request-suggestion.js';

export const requestsEntities = [
  PermissionRequest,
  RequestLine,
  RequestDecider,
  RequestNote,
  LineRoute,
  LineOffer,
  RequestClock,
  RequestSuggestion,
  RequestProposal,
  LineStep,
  RequestQuestion,
  RequestQuestionLine,
  FollowedDay,
];
