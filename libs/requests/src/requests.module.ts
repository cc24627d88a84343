import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { CoordinatorsModule } from '#coordinators';
import { GrantsModule, GrantVerbsModule } from '#grants';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';
import { AnswersWanted } from './answers-wanted.js';
import { DaySweep } from './day-sweep.js';
import { Deciding } from './deciding.js';
import { DecidingMany } from './deciding-many.js';
import { LeaversRequests } from './leavers-requests.js';
import { LineDecisions } from './line-decisions.js';
import { LineGrants } from './line-grants.js';
import { LineOffers } from './line-offers.js';
import { LineTermsReading } from './line-terms-reading.js';
import { Lookers } from './lookers.js';
import { Offering } from './offering.js';
import { OpenRouting } from './open-routing.js';
import { PlaceAdvisor } from './place-advisor.js';
import { ProposalNews } from './proposal-news.js';
import { ProposalReading } from './proposal-reading.js';
import { ProposalRules } from './proposal-rules.js';
import { RequestProposals } from './proposals.js';
import { RequestIntake } from './request-intake.js';
import { RequestFigures } from './request-figures.js';
import { RequestLists } from './request-lists.js';
import { RequestLoads } from './request-loads.js';
import { RequestNews } from './request-news.js';
import { RequestQueries } from './request.queries.js';
import { QuestionNews } from './request-questions-news.js';
import { RequestQuestions } from './request-questions.js';
import { RequestRules } from './request-rules.js';
import { Rerouting } from './rerouting.js';
import { ReroutingNews } from './rerouting-news.js';
import { RequestSuggestions } from './request-suggestions.js';
import { RequestSummaries } from './request-summaries.js';
import { RequestsAgain } from './requests-again.js';
import { RequestsService } from './requests.service.js';
import { LineSteps } from './steps.js';
import { StepsNews } from './steps-news.js';
import { StrandedOffers } from './stranded-offers.js';
import { SuggestionReading } from './suggestion-reading.js';
import { TimeExpiry } from './time-expiry.js';
import { TimeNews } from './time-news.js';
import { TimePassing } from './time-passing.js';
import { TimePolicy } from './time-policy.js';
import { TimeReading } from './time-reading.js';
import { TimeSweep } from './time-sweep.js';
import { WishRules } from './wish-rules.js';

@Module({
  imports: [CatalogModule, CoordinatorsModule, GrantsModule, GrantVerbsModule, SitesModule, StaffModule],
  providers: [
    RequestsService,
    RequestRules,
    RequestIntake,
    Deciding,
    DecidingMany,
    Lookers,
    LeaversRequests,
    LineDecisions,
    LineGrants,
    LineOffers,
    LineTermsReading,
    Offering,
    RequestsAgain,
    WishRules,
    RequestNews,
    LineSteps,
    RequestProposals,
    ProposalReading,
    ProposalRules,
    ProposalNews,
    StepsNews,
    RequestQueries,
    RequestSummaries,
    RequestLists,
    RequestFigures,
    RequestLoads,
    RequestSuggestions,
    StrandedOffers,
    SuggestionReading,
    RequestQuestions,
    AnswersWanted,
    QuestionNews,
    PlaceAdvisor,
    OpenRouting,
    Rerouting,
    ReroutingNews,
    DaySweep,
    { provide: TimePolicy, useFactory: () => TimePolicy.fromFile() },
    TimeExpiry,
    TimePassing,
    TimeNews,
    TimeReading,
    TimeSweep,
  ],
  exports: [
    RequestProposals,
    ProposalReading,
    RequestsService,
    LineOffers,
    RequestsAgain,
    DecidingMany,
    RequestQueries,
    RequestLists,
    RequestFigures,
    RequestLoads,
    RequestSuggestions,
    RequestQuestions,
    AnswersWanted,
    PlaceAdvisor,
    Rerouting,
    DaySweep,
    TimeSweep,
    LeaversRequests,
  ],
})
export class RequestsModule {}
