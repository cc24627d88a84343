import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type DutyMeeting, GrantsService, type Holding, HoldingRules, type TimedPermission } from '#grants';
import { localDay } from '#kernel';
import { locationKey, SitesService } from '#sites';
import { StaffService } from '#staff';
import { LineOffer } from './line-offer.js';
import type { DutyWarning, EndingRole, LineTerms, OfferView } from './line-terms.js';
import type { PermissionRequest, RequestLine } from './permission-request.js';
import { fullName } from './request-rules.js';
import type { Named } from './request-views.js';
import { instantsOf, termsOf } from './wish-period.js';

/** What would come with a permission, were it given. */
type Foreseen = Pick<LineTerms, 'ends' | 'warnings'>;

/** A permission that is asked for; or a grant of it that is to hold longer. */
type Wanted = TimedPermission & { extends?: string };

/** Tells the terms of what is asked for, before it is sent and while it waits. Changes nothing. */
@Injectable()
export class LineTermsReading {
  constructor(
    private readonly em: EntityManager,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly grants: GrantsService,
    private readonly rules: HoldingRules,
  ) {}

  /** What would end, and which duties would meet, if a person was given all that is wished; in the order of the wishes. */
  async foreseen(staffMemberId: string, asked: Wanted[]): Promise<Foreseen[]> {
    if (!asked.length) return [];
    const holdings = await this.grants.holdings(staffMemberId);
    return this.foreseenOf(holdings, asked);
  }

  private async foreseenOf(holdings: Holding[], asked: Wanted[]): Promise<Foreseen[]> {
    const wishes = asked.map((wish) => ({ ...wish, ...goingOn(wish.extends, holdings) }));
    const meetings = this.rules.conflicts(holdings, wishes);
    const places = await this.sites.placeMany(meetings.map(({ meets }) => meets.location));
    const warning = (meeting: DutyMeeting): DutyWarning => ({
      effect: meeting.effect,
      because: meeting.because,
      permission: this.permissionOf(meeting.wish),
      meets: this.permissionOf(meeting.meets),
      held: meeting.held,
      at: places.get(locationKey(meeting.meets.location))?.name ?? meeting.meets.location.code,
    });
    return wishes.map((wish) => ({
      ends: this.endingOf(this.rules.givingWay(holdings, wish)),
      warnings: meetings.filter((one) => one.wish === wish).map(warning),
    }));
  }

  /** Grants of which each is told once. */
  endingOf(holdings: Holding[]): EndingRole[] {
    return [...new Map(holdings.map((one) => [one.grantId, one])).values()].map((one) => ({
      grantId: one.grantId,
      role: { code: one.role, name: this.catalog.names(one.application, one.role).role },
      permission: this.permissionOf(one),
    }));
  }

  /** The terms of some lines of a request, by line. */
  async of(request: PermissionRequest, lines: RequestLine[]): Promise<Map<string, LineTerms>> {
    const open = lines.filter(({ status }) => status === 'pending');
    const holdings = await this.grants.holdings(request.staffMemberId);
    const foreseen = await this.foreseenOf(
      holdings,
      open.map((line) => ({ ...wantedOf(line), extends: line.extendsGrantId ?? undefined })),
    );
    const offers = await this.offersOf(lines);
    return new Map(
      lines.map((line) => [
        line.id,
        {
          ...(line.fromDay && { fromDay: line.fromDay }),
          ...(line.toDay && { toDay: line.toDay }),
          ...(line.extendsGrantId && { extends: longerOf(line.extendsGrantId, holdings) }),
          ...(isLess(line) && { given: this.givenOf(line) }),
          ...(foreseen[open.indexOf(line)] ?? { ends: [], warnings: [] }),
          lesser: open.includes(line) ? this.lesserOf(line) : [],
          ...(offers.has(line.id) && { offer: offers.get(line.id)! }),
        },
      ]),
    );
  }

  private givenOf(line: RequestLine): LineTerms['given'] {
    const { permission, toDay } = termsOf(line);
    return { permission: this.permissionOf({ ...whereOf(line), permission }), ...(toDay && { toDay }) };
  }

  private lesserOf(line: RequestLine): Named[] {
    if (line.extendsGrantId) return [];
    const lesser = this.catalog.lesser(line.application, line.role, termsOf(line).permission);
    return lesser.map(({ code, name }) => ({ code, name }));
  }

  /** The last offer about each line. */
  private async offersOf(lines: RequestLine[]): Promise<Map<string, OfferView>> {
    const offers = await this.em.find(
      LineOffer,
      { line: { $in: lines.map(({ id }) => id) } },
      { disableIdentityMap: true, orderBy: { offeredAt: 'asc', id: 'asc' } },
    );
    const people = await this.staff.membersByIds(offers.map((offer) => offer.byStaffMemberId));
    const byId = new Map(lines.map((line) => [line.id, line]));
    return new Map(
      offers.map((offer) => {
        const line = byId.get(offer.line.id)!;
        const { answer, permission } = offer;
        const view: OfferView = {
          id: offer.id,
          by: fullName(people.get(offer.byStaffMemberId)),
          at: offer.offeredAt,
          ...(permission && { permission: this.permissionOf({ ...whereOf(line), permission }) }),
          ...(offer.toDay && { toDay: offer.toDay }),
          ...(offer.reason && { reason: offer.reason }),
          status: answer === 'replaced' ? 'over' : (answer ?? (line.status === 'pending' ? 'open' : 'over')),
        };
        return [line.id, view];
      }),
    );
  }

  private permissionOf(asked: { application: string; role: string; permission: string }): Named {
    const { application, role, permission } = asked;
    return { code: permission, name: this.catalog.names(application, role, permission).permission };
  }
}

/** From when a grant that is to hold longer goes on; nothing where none is. */
export const goingOn = (grantId: string | undefined, holdings: Holding[]): { fromAt?: Date } => {
  const last = grantId && holdings.filter((one) => one.grantId === grantId).at(-1)?.toAt;
  return last ? { fromAt: last } : {};
};

/** What a line would give. */
export const wantedOf = (line: RequestLine): TimedPermission => {
  const { permission, ...days } = termsOf(line);
  const { application, role, level, code, systemCode } = line;
  return { application, role, permission, location: { level, code }, systemCode, ...instantsOf(days) };
};

const whereOf = ({ application, role }: RequestLine): { application: string; role: string } => ({ application, role });

const isLess = ({ grantedPermission, grantedToDay }: RequestLine): boolean => !!(grantedPermission || grantedToDay);

function longerOf(grantId: string, holdings: Holding[]): LineTerms['extends'] {
  const { fromAt } = goingOn(grantId, holdings);
  return { grantId, ...(fromAt && { toDay: localDay(fromAt) }) };
}
