import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { SETTINGS } from '#kernel';
import { MessageKinds, NotificationsService } from '#notifications';
import type { Settings } from '#settings';
import { locationKey, SitesService } from '#sites';
import { grantMessages } from './grant-messages.js';
import type { GivenGrant } from './grant-rights.js';

/** Tells people what became of their access, in the caller's transaction. */
@Injectable()
export class GrantNews implements OnModuleInit {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly kinds: MessageKinds,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register(...grantMessages(this.settings.PORTAL_ORIGIN));
  }

  /** To the account that holds or held the grant. */
  async tell(kind: string, grant: GivenGrant, facts: Record<string, string>): Promise<void> {
    const { application, role, permission, location, accountId } = grant;
    const names = this.catalog.names(application, role, permission);
    const place = (await this.sites.placeMany([location])).get(locationKey(location))?.name ?? location.code;
    await this.notifications.queue({ kind: 'account', id: accountId }, kind, {
      permission: `${names.permission} in ${names.application}`,
      place,
      ...facts,
    });
  }
}
