import { Module } from '@nestjs/common';
import { RegisterImport } from './register-import.js';
import { SitesService } from './sites.service.js';

@Module({ providers: [SitesService, RegisterImport], exports: [SitesService, RegisterImport] })
export class SitesModule {}
