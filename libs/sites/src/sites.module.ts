import { Module } from '@nestjs/common';
import { Disagreements } from './disagreements.js';
import { Organisation } from './organisation.js';
import { RegisterChanges } from './register-changes.js';
import { RegisterImport } from './register-import.js';
import { RegisterSources } from './register-sources.js';
import { SitesService } from './sites.service.js';

const services = [SitesService, Organisation, RegisterImport, RegisterChanges, Disagreements];

@Module({
  providers: [...services, { provide: RegisterSources, useFactory: () => RegisterSources.fromFile() }],
  exports: services,
})
export class SitesModule {}
