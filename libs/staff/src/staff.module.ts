import { Module } from '@nestjs/common';
import { SitesModule } from '#sites';
import { StaffFeedImport } from './staff-feed-import.js';
import { StaffService } from './staff.service.js';

@Module({ imports: [SitesModule], providers: [StaffService, StaffFeedImport], exports: [StaffService, StaffFeedImport] })
export class StaffModule {}
