import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';
import { CoordinatorsService } from './coordinators.service.js';

@Module({
  imports: [CatalogModule, SitesModule, StaffModule],
  providers: [CoordinatorsService],
  exports: [CoordinatorsService],
})
export class CoordinatorsModule {}
