import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { CoordinatorsModule } from '#coordinators';
import { GrantsModule } from '#grants';
import { RequestsModule } from '#requests';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';

@Module({
  imports: [CatalogModule, CoordinatorsModule, GrantsModule, RequestsModule, SitesModule, StaffModule],
})
export class OversightModule {}
