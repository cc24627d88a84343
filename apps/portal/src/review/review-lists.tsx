import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type CoverView, CoverService } from '#coordinators';
import { Clock, type FieldFault, localDay, type Problem, type SignedIn } from '#kernel';
import { RequestLists, type RequestView, type WaitingItem } from '#requests';
import { SitesService } from '#sites';
import { StaffService } from '#staff';
import { Pages, type PageRequest } from '#web';
import { isNarrowed, type ReviewView } from './review-filter.js';
import { ReviewListPage } from './review-list.page.js';

/** Draws the waiting list of a coordinator. */
@Injectable()
export class ReviewLists {
  constructor(
    private readonly lists: RequestLists,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly covers: CoverService,
    private readonly clock: Clock,
    private readonly pages: Pages,
  ) {}

  async draw(
    request: PageRequest,
    actor: SignedIn,
    view: ReviewView,
    answer: { notice?: string; problem?: Problem; faults?: FieldFault[]; typed?: Record<string, unknown> },
  ): Promise<string> {
    const { filter, cut } = view;
    const page = await this.lists.waitingPage(actor, filter, cut);
    const whole = !page.previous && !page.next;
    const model = {
      view,
      page,
      fitting: whole || !isNarrowed(filter) ? page.items.length : await this.lists.waitingCount(actor, filter),
      asked: await this.lists.waitingCount(actor, { asked: true }),
      applications: this.catalog.applications().filter((each) => each.requestable),
      site: await this.nameOf(filter.siteCode),
      now: this.clock.now(),
      away: await this.awayOf(actor),
    };
    return this.pages.draw(request, (frame) => <ReviewListPage frame={frame} {...model} {...answer} />);
  }

  /** What else the person who asks has waiting for whoever reads. */
  async besides(actor: SignedIn, { id, requester }: RequestView): Promise<WaitingItem[]> {
    const waiting = await this.lists.waitingFor(actor, { staffMemberId: requester.staffMemberId });
    return waiting.filter((one) => one.id !== id);
  }

  /** Who stands in for the reader today. */
  private async awayOf(actor: SignedIn): Promise<CoverView[]> {
    const member = await this.staff.memberOf(actor.accountId);
    const today = localDay(this.clock.now());
    return member ? (await this.covers.of(member.id)).given.filter(({ fromDay }) => fromDay <= today) : [];
  }

  private async nameOf(siteCode?: string): Promise<string | undefined> {
    const [place] = siteCode ? (await this.sites.placeMany([{ level: 'site', code: siteCode }])).values() : [];
    return place?.name ?? siteCode;
  }
}
