import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Problem } from '#kernel';
import { answeringSystem, type Location, type PlacedLocation, SitesService } from '#sites';
import { StaffService } from '#staff';
import type { PermissionRequest } from './permission-request.js';
import { fullName, RequestRules } from './request-rules.js';
import { RequestSuggestion } from './request-suggestion.js';
import type { Named, SuggestionView } from './request-views.js';

/** What was offered about a request, and what may be. Changes nothing. */
@Injectable()
export class SuggestionReading {
  constructor(
    private readonly em: EntityManager,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly rules: RequestRules,
  ) {}

  /**
   * The last offer about a request, and the system that may be offered now.
   * @param open permissions that wait for whoever looks; none: nothing may be offered
   */
  async about(
    request: PermissionRequest,
    place: PlacedLocation,
    open: string[],
  ): Promise<{ suggestion?: SuggestionView; maySuggest?: Named }> {
    const offers = await this.offersOf(request.id);
    const last = offers.at(-1);
    const { servedSites, levels } = this.applicationOf(request);
    const system = answeringSystem(place, servedSites);
    const may =
      open.length > 0 &&
      request.level === 'site' &&
      levels.includes('system') &&
      system &&
      !offers.some((one) => !one.answer || one.systemCode === system.code) &&
      (await this.couldHold(request, open, system.code));
    return {
      ...(last && { suggestion: await this.viewOf(last) }),
      ...(may && { maySuggest: { code: system.code, name: system.name } }),
    };
  }

  /** All offers about a request, in order. */
  offersOf(requestId: string): Promise<RequestSuggestion[]> {
    return this.em.find(
      RequestSuggestion,
      { request: requestId },
      { disableIdentityMap: true, orderBy: { suggestedAt: 'asc', id: 'asc' } },
    );
  }

  private async viewOf(offer: RequestSuggestion): Promise<SuggestionView> {
    const system = await this.sites.place({ level: 'system', code: offer.systemCode });
    return {
      id: offer.id,
      system: { code: system.code, name: system.name },
      by: await this.nameOf(offer.byStaffMemberId),
      at: offer.suggestedAt,
      note: offer.note ?? undefined,
      status: offer.answer ?? 'open',
      answeredAt: offer.answeredAt ?? undefined,
      requestId: offer.newRequestId ?? undefined,
    };
  }

  /** What the person could not be given for the whole system is not offered: the answer could only be no. */
  private async couldHold(
    { staffMemberId, application, role }: PermissionRequest,
    permissions: string[],
    code: string,
  ): Promise<boolean> {
    try {
      await this.rules.refuseHeld(staffMemberId, {
        application,
        role,
        permissions,
        location: { level: 'system', code },
      });
      return true;
    } catch (clash) {
      if (clash instanceof Problem) return false;
      throw clash;
    }
  }

  private applicationOf({ application }: PermissionRequest): { servedSites: boolean; levels: Location['level'][] } {
    const known = this.catalog.applications().find(({ code }) => code === application);
    return known ?? { servedSites: false, levels: [] };
  }

  /** A person's name as the other side reads it. */
  async nameOf(staffMemberId: string): Promise<string> {
    return fullName((await this.staff.membersByIds([staffMemberId])).get(staffMemberId));
  }
}
