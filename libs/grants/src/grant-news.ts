import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { CoordinatorsService } from '#coordinators';
import { SETTINGS } from '#kernel';
import { MessageKinds, NotificationsService } from '#notifications';
import type { Settings } from '#settings';
import { locationKey, type PlacedLocation, SitesService } from '#sites';
import { StaffService } from '#staff';
import { grantMessages } from './grant-messages.js';
import { type GivenGrant, GrantRights } from './grant-rights.js';

/** Tells people what became of access, in the caller's transaction. */
@Injectable()
export class GrantNews implements OnModuleInit {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly kinds: MessageKinds,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly coordinators: CoordinatorsService,
    private readonly rights: GrantRights,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register(...grantMessages(this.settings.PORTAL_ORIGIN));
  }

  /** To the account that holds or held the grant. */
  async tell(kind: string, grant: GivenGrant, facts: Record<string, string>): Promise<void> {
    const { location, accountId } = grant;
    const place = (await this.sites.placeMany([location])).get(locationKey(location))?.name ?? location.code;
    const permission = this.wordsOf(grant);
    await this.notifications.queue({ kind: 'account', id: accountId }, kind, { permission, place, ...facts });
  }

  /** To each person whose access ended with a place, and to each who decides there now: once, whatever ended. */
  async placeEnded(place: PlacedLocation, cause: string, ended: GivenGrant[]): Promise<void> {
    const facts = { place: place.name, cause };
    const theirs = (id: string): string[] =>
      ended.filter(({ accountId }) => accountId === id).map((grant) => this.wordsOf(grant));
    await this.notifications.queueMany(
      'grants.place-changed',
      [...new Set(ended.map(({ accountId }) => accountId))].sort().map((id) => ({
        to: { kind: 'account', id },
        facts: { ...facts, permissions: theirs(id).sort().join(', ') },
      })),
    );
    const lines = [...(await this.rights.linesOf(ended)).values()].flatMap(({ line }) => line ?? []);
    const routings = await this.coordinators.whoDecidesMany(lines);
    const deciders = new Set(routings.flatMap((one) => one.deciders.map(({ staffMemberId }) => staffMemberId)));
    const accounts = await this.staff.accountsOf([...deciders]);
    const people = new Set(ended.map(({ staffMemberId }) => staffMemberId)).size;
    await this.notifications.queueMany(
      'grants.place-ended',
      [...accounts.values()].sort().map((id) => ({
        to: { kind: 'account', id },
        facts: { ...facts, people: people === 1 ? '1 person' : `${people} people` },
      })),
    );
  }

  private wordsOf({ application, role, permission }: GivenGrant): string {
    const names = this.catalog.names(application, role, permission);
    return `${names.permission} in ${names.application}`;
  }
}
