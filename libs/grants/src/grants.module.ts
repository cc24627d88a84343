import { Module } from '@nestjs/common';
import { CatalogModule } from '#catalog';
import { CoordinatorsModule } from '#coordinators';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';
import { EndingAccess } from './ending-access.js';
import { GrantHistory } from './grant-history.js';
import { GrantLedger } from './grant-ledger.js';
import { GrantNews } from './grant-news.js';
import { GrantRights } from './grant-rights.js';
import { GrantVerbs } from './grant-verbs.js';
import { GrantsService } from './grants.service.js';
import { HoldingRules } from './holding-rules.js';
import { PlaceFollower } from './place-follower.js';
import { UnusedAccess } from './unused-access.js';

/** Grants given, ended and asked; all that tokens need. */
@Module({
  imports: [CatalogModule],
  providers: [GrantsService, HoldingRules, GrantHistory, GrantLedger],
  exports: [GrantsService, HoldingRules, GrantHistory, GrantLedger],
})
export class GrantsModule {}

/** What people do with grants, and what happens to grants by itself. */
@Module({
  imports: [GrantsModule, CatalogModule, CoordinatorsModule, SitesModule, StaffModule],
  providers: [GrantVerbs, GrantRights, GrantNews, PlaceFollower, UnusedAccess, EndingAccess],
  exports: [GrantVerbs, UnusedAccess, EndingAccess],
})
export class GrantVerbsModule {}
