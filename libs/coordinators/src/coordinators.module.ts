import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';
import { CoverService } from './cover.service.js';
import { CoordinatorsService } from './coordinators.service.js';

@Module({
  imports: [CatalogModule, SitesModule, StaffModule],
  providers: [CoordinatorsService, CoverService],
  exports: [CoordinatorsService, CoverService],
})
export class CoordinatorsModule {}
