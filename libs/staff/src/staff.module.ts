import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '#accounts';
import { SETTINGS } from '#kernel';
import { MessageKinds } from '#notifications';
import type { Settings } from '#settings';
import { SitesModule } from '#sites';
import { EmploymentEnds } from './employment-ends.js';
import { StaffFeedHolds } from './staff-feed-holds.js';
import { StaffFeedImport } from './staff-feed-import.js';
import { staffMessages } from './staff-messages.js';
import { StaffService } from './staff.service.js';

@Module({
  imports: [AccountsModule, SitesModule],
  providers: [StaffService, StaffFeedImport, StaffFeedHolds, EmploymentEnds],
  exports: [StaffService, StaffFeedImport, StaffFeedHolds, EmploymentEnds],
})
export class StaffModule implements OnModuleInit {
  constructor(
    private readonly kinds: MessageKinds,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register(...staffMessages(this.settings.PORTAL_ORIGIN));
  }
}
