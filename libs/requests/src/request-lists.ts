import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Clock, type Cut, type Listed, listedBy, localDay, type SignedIn } from '#kernel';
import { locationKey, SitesService } from '#sites';
import { StaffService } from '#staff';
import { type Looker, Lookers } from './lookers.js';
import { requestsOf } from './my-requests.js';
import { RequestSummaries } from './request-summaries.js';
import { fullName } from './request-rules.js';
import type { LineDue, PlaceLoad, RequestSummary, WaitingFilter, WaitingItem } from './request-views.js';
import { distinctPlaces, togetherBy } from './together.js';
import { TimeReading } from './time-reading.js';
import { type WaitingLine, waitingLines, waitingRequests, type WaitingSearch } from './waiting-lines.js';

/** Requests on a page of a list. */
const pageSize = 50;
/** Counting stops here: more than so many is more than enough. */
const countUpTo = 100;

/** A request and its lines that wait for whoever looks. */
interface Waiting {
  id: string;
  lines: WaitingLine[];
}

/**
 * Lists of requests: one's own, and what waits for a coordinator. Pages by key, each with a fixed number of statements; what
 * waits is filtered by the rule that decides, so that nothing is shown that its reader may not decide.
 */
@Injectable()
export class RequestLists {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly lookers: Lookers,
    private readonly summaries: RequestSummaries,
    private readonly times: TimeReading,
  ) {}

  /** All that the person an account is linked to has asked for, with whichever account; newest first. */
  async mine(accountId: string): Promise<RequestSummary[]> {
    const person = await this.staff.memberOf(accountId);
    if (!person) return [];
    const ids = await requestsOf(this.em, person.id, {});
    return (await this.summaries.of(ids)).map(({ summary }) => summary);
  }

  /** The same, a page at a time. */
  async minePage(accountId: string, cut: Cut = {}, size = pageSize): Promise<Listed<RequestSummary>> {
    const person = await this.staff.memberOf(accountId);
    if (!person) return { items: [] };
    const ids = await listedBy(
      async (from, back, count) => (await requestsOf(this.em, person.id, { from, back, count })).map((id) => ({ id })),
      cut,
      size,
    );
    const found = await this.summaries.of(ids.items.map(({ id }) => id));
    return { ...ids, items: found.map(({ summary }) => summary) };
  }

  /** What waits for this coordinator, oldest first, the first 50; empty for anybody else. */
  async waitingFor(actor: SignedIn, filter: WaitingFilter = {}): Promise<WaitingItem[]> {
    return (await this.waitingPage(actor, filter)).items;
  }

  /** The same, a page at a time. */
  async waitingPage(actor: SignedIn, filter: WaitingFilter, cut: Cut = {}): Promise<Listed<WaitingItem>> {
    const looker = await this.deciding(actor);
    if (!looker) return { items: [] };
    const search = this.searchOf(looker, filter);
    const page = await listedBy((from, back, count) => this.walk(looker, search, from, back, count), cut, pageSize);
    return { ...page, items: await this.itemsOf(page.items) };
  }

  /** How many requests wait for this coordinator; counted up to 100. */
  async waitingCount(actor: SignedIn, filter: WaitingFilter = {}): Promise<number> {
    const looker = await this.deciding(actor);
    if (!looker) return 0;
    return (await this.walk(looker, this.searchOf(looker, filter), undefined, false, countUpTo)).length;
  }

  /** How many requests wait for this coordinator, by place. */
  async waitingByPlace(actor: SignedIn): Promise<PlaceLoad[]> {
    const looker = await this.deciding(actor);
    if (!looker) return [];
    const search = this.searchOf(looker, {});
    const loads = new Map<string, PlaceLoad>();
    for (let from: string | undefined; ;) {
      const some = await this.walk(looker, search, from, false, 1000);
      for (const { level, code } of some.flatMap(({ lines }) => distinctPlaces(lines))) {
        const key = locationKey({ level, code });
        loads.set(key, { level, code, open: (loads.get(key)?.open ?? 0) + 1 });
      }
      if (some.length < 1000) return [...loads.values()];
      from = some.at(-1)!.id;
    }
  }

  /** Who looks, when there is anything this person may decide. */
  private async deciding({ accountId }: SignedIn): Promise<Looker | undefined> {
    const looker = await this.lookers.of(accountId);
    return looker?.signed ? looker : undefined;
  }

  private searchOf({ person, desk }: Looker, filter: WaitingFilter): WaitingSearch {
    return { staffMemberId: person.id, desk, now: this.clock.now(), filter };
  }

  /** The next requests of the list with something whoever looks may decide; on until there are enough or no more. */
  private async walk(
    looker: Looker,
    search: WaitingSearch,
    from: string | undefined,
    back: boolean,
    count: number,
  ): Promise<Waiting[]> {
    const kept: Waiting[] = [];
    for (let last = from; ;) {
      const ids = await waitingRequests(this.em, search, { from: last, back, limit: count });
      const lines = await waitingLines(this.em, search, ids);
      const places = await this.sites.placeMany(distinctPlaces(lines));
      const theirs = lines.filter((line) => this.lookers.mayAt(looker, line, places));
      const byRequest = new Map(
        togetherBy(theirs, ({ requestId }) => requestId).map((own) => [own[0]!.requestId, own]),
      );
      for (const id of ids) if (byRequest.has(id)) kept.push({ id, lines: byRequest.get(id)! });
      if (ids.length < count || kept.length >= count) return kept.slice(0, count);
      last = ids.at(-1);
    }
  }

  private async itemsOf(waiting: Waiting[]): Promise<WaitingItem[]> {
    const ids = waiting.map(({ id }) => id);
    const found = await this.summaries.of(ids);
    const people = await this.staff.membersByIds([...new Set(found.map(({ request }) => request.staffMemberId))]);
    const times = await this.times.due(ids);
    const wanted = new Set(waiting.flatMap(({ lines }) => lines.map(({ id }) => id)));
    return found.map(({ request: { staffMemberId, version }, summary }) => {
      const lines = summary.lines.filter(({ id }) => wanted.has(id));
      const [first] = lines.flatMap(({ id }) => times.get(id) ?? []).sort(byDueDay);
      return {
        ...summary,
        lines,
        staffMemberId,
        requester: fullName(people.get(staffMemberId)),
        version,
        // A line that was decided between the two looks has no time any more.
        dueDay: first?.dueDay ?? localDay(this.clock.now()),
        overdue: first?.overdue ?? false,
      };
    });
  }
}

const byDueDay = (one: LineDue, other: LineDue): number => (one.dueDay < other.dueDay ? -1 : 1);
