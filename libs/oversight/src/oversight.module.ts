import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { CoordinatorsModule } from '#coordinators';
import { GrantsModule } from '#grants';
import { RequestsModule } from '#requests';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';
import { ChangePlans } from './change-plans.js';
import { Coverage } from './coverage.js';
import { FindCoordinator } from './find-coordinator.js';
import { RegisterImpact } from './register-impact.js';

@Module({
  imports: [CatalogModule, CoordinatorsModule, GrantsModule, RequestsModule, SitesModule, StaffModule],
  providers: [ChangePlans, Coverage, FindCoordinator, RegisterImpact],
  exports: [ChangePlans, Coverage, FindCoordinator, RegisterImpact],
})
export class OversightModule {}
