import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '#accounts';
import { CatalogModule } from '#catalog';
import { CoordinatorsModule } from '#coordinators';
import { GrantsModule } from '#grants';
import { SETTINGS } from '#kernel';
import { MessageKinds } from '#notifications';
import { RequestsModule } from '#requests';
import type { Settings } from '#settings';
import { SignalsModule } from '#signals';
import { SitesModule } from '#sites';
import { StaffModule } from '#staff';
import { AccessList } from './access-list.js';
import { AsOf } from './as-of.js';
import { DepartureRules } from './departure-rules.js';
import { DepartureSweep } from './departure-sweep.js';
import { Departures } from './departures.js';
import { Leave } from './leave.js';
import { leaveMessages } from './leave-messages.js';
import { FileLimit } from './file-limit.js';
import { GrantViews } from './grant-view.js';
import { OwnAccesses } from './own-access.js';
import { PeopleQueries } from './people-queries.js';
import { ReaderScope } from './reader-scope.js';
import { Rehires } from './rehires.js';

@Module({
  imports: [
    AccountsModule,
    CatalogModule,
    CoordinatorsModule,
    GrantsModule,
    RequestsModule,
    SignalsModule,
    SitesModule,
    StaffModule,
  ],
  providers: [
    AccessList,
    AsOf,
    DepartureRules,
    Departures,
    DepartureSweep,
    FileLimit,
    GrantViews,
    Leave,
    OwnAccesses,
    PeopleQueries,
    ReaderScope,
    Rehires,
  ],
  exports: [AccessList, AsOf, Departures, DepartureSweep, GrantViews, OwnAccesses, PeopleQueries, Rehires],
})
export class ComplianceModule implements OnModuleInit {
  constructor(
    private readonly kinds: MessageKinds,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register(...leaveMessages(this.settings.PORTAL_ORIGIN));
  }
}
