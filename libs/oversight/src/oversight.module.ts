import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { CoordinatorsModule } from '#coordinators';
import { GrantsModule } from '#grants';
import { RequestsModule } from '#requests';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';
import { AssignmentViews } from './assignment-views.js';
import { ChangePlans } from './change-plans.js';
import { ChangeScopes } from './change-scopes.js';
import { CoverViews } from './cover-views.js';
import { Coverage } from './coverage.js';
import { DeskOnly } from './desk-only.js';
import { FindCoordinator } from './find-coordinator.js';
import { PictureSites } from './picture-sites.js';
import { PlaceAnswers } from './place-answers.js';
import { RegisterImpact } from './register-impact.js';
import { StandingsOf } from './standings.js';
import { SystemPictures } from './system-pictures.js';

@Module({
  imports: [CatalogModule, CoordinatorsModule, GrantsModule, RequestsModule, SitesModule, StaffModule],
  providers: [
    AssignmentViews,
    CoverViews,
    ChangePlans,
    ChangeScopes,
    Coverage,
    DeskOnly,
    FindCoordinator,
    PictureSites,
    PlaceAnswers,
    RegisterImpact,
    StandingsOf,
    SystemPictures,
  ],
  exports: [ChangePlans, Coverage, FindCoordinator, RegisterImpact],
})
export class OversightModule {}
