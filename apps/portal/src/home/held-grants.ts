import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type Grant, GrantsService } from '#grants';
import { Clock } from '#kernel';
import { locationKey, SitesService } from '#sites';

/** A permission somebody holds or held, in people's words. */
export interface HeldGrant {
  application: string;
  permission: string;
  place: string;
  since: Date;
  /** When it ended; absent while it holds. */
  ended?: Date;
}

@Injectable()
export class HeldGrants {
  constructor(
    private readonly grants: GrantsService,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly clock: Clock,
  ) {}

  /** What an account holds and held, newest first. */
  async of(accountId: string): Promise<HeldGrant[]> {
    const grants = await this.grants.of(accountId);
    const places = await this.sites.placeMany(grants.map((grant) => grant.location));
    return grants.map((grant) => {
      const names = this.catalog.names(grant.application, grant.role, grant.permission);
      return {
        application: names.application,
        permission: names.permission,
        place: places.get(locationKey(grant.location))?.name ?? grant.location.code,
        since: grant.fromAt,
        ended: this.endOf(grant),
      };
    });
  }

  private endOf({ endedAt, toAt }: Grant): Date | undefined {
    if (endedAt) return endedAt;
    return toAt && toAt <= this.clock.now() ? toAt : undefined;
  }
}
