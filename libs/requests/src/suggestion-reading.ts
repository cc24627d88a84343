import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { GrantsService, HoldingRules } from '#grants';
import { Problem } from '#kernel';
import { answeringSystem, type Location, SitesService } from '#sites';
import { StaffService } from '#staff';
import { wantedOf } from './line-terms-reading.js';
import type { PermissionRequest, RequestLine } from './permission-request.js';
import { fullName } from './request-rules.js';
import { RequestSuggestion } from './request-suggestion.js';
import type { Named, SuggestionView } from './request-views.js';
import { togetherBy, wayKey } from './together.js';

/** What was offered about a request, and what may be. Changes nothing. */
@Injectable()
export class SuggestionReading {
  constructor(
    private readonly em: EntityManager,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly grants: GrantsService,
    private readonly rules: HoldingRules,
  ) {}

  /**
   * The last offer about a request, and the system that may be offered now.
   * @param lines all of them
   * @param open those that wait for whoever looks; none: nothing may be offered
   */
  async about(
    request: PermissionRequest,
    lines: RequestLine[],
    open: RequestLine[],
  ): Promise<{ suggestion?: SuggestionView; maySuggest?: Named }> {
    const offers = await this.offersOf(request.id);
    const last = offers.at(-1);
    const system = open.length ? await this.systemFor(lines) : undefined;
    const may =
      system &&
      !offers.some((one) => !one.answer || one.systemCode === system.code) &&
      (await this.couldHold(request, open, system.code));
    return {
      ...(last && { suggestion: await this.viewOf(last) }),
      ...(may && { maySuggest: system }),
    };
  }

  /** The system that may stand in for a site; nobody can mean one where a request is for several things. */
  private async systemFor(lines: RequestLine[]): Promise<Named | undefined> {
    const ways = togetherBy(lines, wayKey);
    const [line] = lines;
    if (ways.length !== 1 || line!.level !== 'site' || lines.some((one) => one.extendsGrantId)) return undefined;
    const { servedSites, levels } = this.applicationOf(line!);
    if (!levels.includes('system')) return undefined;
    const system = answeringSystem(await this.sites.place(line!), servedSites);
    return system && { code: system.code, name: system.name };
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
  private async couldHold({ staffMemberId }: PermissionRequest, open: RequestLine[], code: string): Promise<boolean> {
    try {
      const holdings = await this.grants.holdings(staffMemberId);
      for (const line of open)
        this.rules.refuseClash(holdings, {
          ...wantedOf(line),
          location: { level: 'system', code },
          systemCode: code,
        });
      return true;
    } catch (clash) {
      if (clash instanceof Problem) return false;
      throw clash;
    }
  }

  private applicationOf({ application }: RequestLine): { servedSites: boolean; levels: Location['level'][] } {
    const known = this.catalog.applications().find(({ code }) => code === application);
    return known ?? { servedSites: false, levels: [] };
  }

  /** A person's name as the other side reads it. */
  async nameOf(staffMemberId: string): Promise<string> {
    return fullName((await this.staff.membersByIds([staffMemberId])).get(staffMemberId));
  }
}
