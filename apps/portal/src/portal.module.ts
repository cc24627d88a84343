import { type DynamicModule, Module } from '@nestjs/common';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { PassportModule } from '@nestjs/passport';
import { AccountsModule } from '#accounts';
import { AuditModule } from '#audit';
import { CatalogModule } from '#catalog';
import { ComplianceModule } from '#compliance';
import { CoordinatorsModule } from '#coordinators';
import { databaseOptions } from '#database';
import { GrantsModule, GrantVerbsModule } from '#grants';
import { Clock, KernelModule, type Override, SETTINGS } from '#kernel';
import { NotificationsModule } from '#notifications';
import { OversightModule } from '#oversight';
import { RequestsModule } from '#requests';
import type { Settings } from '#settings';
import { SignalsModule } from '#signals';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';
import { SessionStore, WebModule } from '#web';
import { AccessController } from './access/access.controller.js';
import { AsOfController } from './as-of/as-of.controller.js';
import { ChartsController } from './charts/charts.controller.js';
import { CoordinatorAccessController } from './coordinators/coordinator-access.controller.js';
import { MyScopes } from './coordinators/my-scopes.js';
import { MySitesController } from './coordinators/my-sites.controller.js';
import { StandDownController } from './coordinators/stand-down.controller.js';
import { StatementController } from './coordinators/statement.controller.js';
import { CoverController } from './cover/cover.controller.js';
import { CoverOffers } from './cover/cover-offers.js';
import { FindCoordinatorController } from './find/find-coordinator.controller.js';
import { ApprovalDutiesController } from './duties/duties.controller.js';
import { DesignateController } from './heads/designate.controller.js';
import { HeadPages } from './heads/head-pages.js';
import { HelpController } from './help/help.controller.js';
import { PortalHomeController } from './home/home.controller.js';
import { NotificationsController } from './notifications/notifications.controller.js';
import { ConfirmedChanges } from './parts/confirmed-changes.js';
import { GrantController } from './people/grant.controller.js';
import { PeopleController } from './people/people.controller.js';
import { PersonController } from './people/person.controller.js';
import { StaffFilesController } from './people/staff-files.controller.js';
import { ProposalsController } from './proposals/proposals.controller.js';
import { EmploymentPlaces } from './requests/employment-places.js';
import { NewRequest } from './requests/new-request.js';
import { AnswersController } from './requests/answers.controller.js';
import { MyRequestsController } from './requests/my-requests.controller.js';
import { NewRequestController } from './requests/new-request.controller.js';
import { PlacesController } from './requests/places.controller.js';
import { RequestPages } from './requests/request-pages.js';
import { RequestsController } from './requests/requests.controller.js';
import { StepPages } from './requests/step-pages.js';
import { AskBackController } from './review/ask-back.controller.js';
import { ReviewController } from './review/review.controller.js';
import { ReviewLists } from './review/review-lists.js';
import { ReviewPages } from './review/review-pages.js';
import { Issuer } from './sign-in/issuer.js';
import { PortalSignInController } from './sign-in/sign-in.controller.js';
import { StaffIdController } from './staff-id/staff-id.controller.js';
import { stateControllers, stateProviders } from './state/state-office.js';
import { SystemsController } from './systems/systems.controller.js';
import { VisitorModule, Visitors } from './visitors.js';
import { portalOptions } from './web-options.js';

const libs = [
  AccountsModule,
  StaffModule,
  SitesModule,
  CatalogModule,
  CoordinatorsModule,
  GrantsModule,
  GrantVerbsModule,
  RequestsModule,
  SignalsModule,
  OversightModule,
  ComplianceModule,
];

/** EdLink Security for people: set-up, requests, review, notifications. Wiring only. */
@Module({})
export class PortalModule {
  static with(settings: Settings, override: Override = {}): DynamicModule {
    return {
      module: PortalModule,
      imports: [
        KernelModule.with(settings, override),
        MikroOrmModule.forRoot(databaseOptions(settings)),
        AuditModule,
        NotificationsModule,
        PassportModule,
        WebModule.with({ imports: [VisitorModule], inject: [SETTINGS, Clock, Visitors], options: portalOptions }),
        VisitorModule,
        ...libs,
      ],
      controllers: [
        PortalSignInController,
        PortalHomeController,
        AccessController,
        StaffIdController,
        MyRequestsController,
        NewRequestController,
        PlacesController,
        RequestsController,
        AnswersController,
        ReviewController,
        AskBackController,
        MySitesController,
        ChartsController,
        CoverController,
        StandDownController,
        CoordinatorAccessController,
        StatementController,
        FindCoordinatorController,
        NotificationsController,
        SystemsController,
        DesignateController,
        ApprovalDutiesController,
        ProposalsController,
        ...stateControllers,
        PeopleController,
        StaffFilesController,
        // Before the pages of people, whose addresses begin the same.
        AsOfController,
        PersonController,
        GrantController,
        HelpController,
      ],
      providers: [
        ConfirmedChanges,
        Issuer,
        MyScopes,
        ReviewLists,
        ReviewPages,
        CoverOffers,
        EmploymentPlaces,
        NewRequest,
        StepPages,
        RequestPages,
        HeadPages,
        ...stateProviders,
        SessionStore,
      ],
    };
  }
}
