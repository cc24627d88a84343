import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { CoordinatorsModule } from '#coordinators';
import { GrantsModule } from '#grants';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';
import { LineDecisions } from './line-decisions.js';
import { RequestNews } from './request-news.js';
import { RequestQueries } from './request.queries.js';
import { RequestRules } from './request-rules.js';
import { RequestsService } from './requests.service.js';

@Module({
  imports: [CatalogModule, CoordinatorsModule, GrantsModule, SitesModule, StaffModule],
  providers: [RequestsService, RequestRules, LineDecisions, RequestNews, RequestQueries],
  exports: [RequestsService, RequestQueries],
})
export class RequestsModule {}
