import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Clock, localDay, type SignedIn } from '#kernel';
import { locationKey, type PlacedLocation, SitesService } from '#sites';
import { type StaffPerson, StaffService } from '#staff';
import { distinctPlaces, Lookers } from './lookers.js';
import { PermissionRequest, RequestLine, RequestNote } from './permission-request.js';
import { absent } from './problems.js';
import { findRequest, linesOf } from './request-rows.js';
import { fullName } from './request-rules.js';
import type {
  LineDue,
  LineSummary,
  LineView,
  NoteView,
  RequestSummary,
  RequestView,
  WaitingFilter,
  WaitingItem,
} from './request-views.js';
import { routeHistory } from './route-history.js';
import { SuggestionReading } from './suggestion-reading.js';
import { TimeReading } from './time-reading.js';
import { waitingLines } from './waiting-lines.js';

type Listed = Pick<RequestLine, 'id' | 'permission' | 'status' | 'decidedAt'>;

/** What pages about requests show. Each answer takes a fixed number of statements, however long the list. */
@Injectable()
export class RequestQueries {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly lookers: Lookers,
    private readonly suggestions: SuggestionReading,
    private readonly times: TimeReading,
  ) {}

  /** What the person an account is linked to has asked for, with whichever account; newest first. */
  async mine(accountId: string): Promise<RequestSummary[]> {
    const person = await this.staff.memberOf(accountId);
    if (!person) return [];
    const requests = await this.em.find(
      PermissionRequest,
      { staffMemberId: person.id },
      { disableIdentityMap: true, orderBy: { submittedAt: 'desc', reference: 'desc' } },
    );
    return this.summaries(requests, await this.sites.placeMany(distinctPlaces(requests)));
  }

  /** What waits for this coordinator, oldest first; empty for anybody else. */
  async waitingFor(actor: SignedIn, filter: WaitingFilter = {}): Promise<WaitingItem[]> {
    const { requests, places, lines } = await this.waiting(actor, filter);
    const people = await this.staff.membersByIds([...new Set(requests.map(({ staffMemberId }) => staffMemberId))]);
    const summaries = await this.summaries(requests, places);
    const times = await this.times.due(requests.map(({ id }) => id));
    return requests.map(({ id, staffMemberId }, at) => {
      const waiting = lines.get(id)!;
      const [first] = waiting.flatMap((line) => times.get(line) ?? []).sort(byDueDay);
      return {
        ...summaries[at]!,
        requester: fullName(people.get(staffMemberId)),
        waiting: waiting.length,
        // A line that was decided between the two looks has no time any more.
        dueDay: first?.dueDay ?? localDay(this.clock.now()),
        overdue: first?.overdue ?? false,
      };
    });
  }

  /** How many requests wait for this coordinator. */
  async waitingCount(actor: SignedIn): Promise<number> {
    return (await this.waiting(actor, {})).requests.length;
  }

  /**
   * One request, for the person who asked and those whose scope covers it. It tells where that person is employed, so an
   * account that is no longer that person sees it no more.
   * @throws requests.not-found (404) for anybody else, as for an absent one
   */
  async view(actor: SignedIn, requestId: string): Promise<RequestView> {
    const request = await findRequest(this.em, requestId);
    if (!request) throw absent('request.view', requestId);
    const looker = await this.lookers.of(actor.accountId);
    const own = looker?.person.id === request.staffMemberId;
    const place = await this.sites.place(request);
    const may = !!looker && this.lookers.may(looker, this.lookers.lineAt(request, place));
    if (!own && !may) throw absent('request.view', request.id);

    const lines = await linesOf(this.em, request.id);
    const notes = await this.em.find(
      RequestNote,
      { request: request.id },
      { disableIdentityMap: true, orderBy: { writtenAt: 'asc', id: 'asc' } },
    );
    const people = await this.staff.membersByIds([
      request.staffMemberId,
      ...lines.flatMap(({ decidedBy }) => decidedBy ?? []),
      ...notes.map(({ authorId }) => authorId),
    ]);
    const open = lines.filter(({ status }) => status === 'pending').map(({ permission }) => permission);
    const mayDecide = open.length > 0 && !own && actor.accountId !== request.accountId;
    const times = await this.times.of(request.id);
    const replaced = request.replacesId ? await findRequest(this.em, request.replacesId) : undefined;
    return {
      ...this.summary(request, lines, place),
      version: request.version,
      why: request.why ?? undefined,
      requester: await this.requesterOf(request, people),
      lines: lines.map((each) => ({ ...this.lineView(request, each, people), time: times.get(each.id) })),
      notes: notes.map((note) => noteView(note, people, actor.accountId)),
      own,
      mayDecide,
      mayWithdraw: open.length > 0 && own,
      history: await routeHistory(this.em, request.id, (code) => this.nameOf(request, code)),
      ...(await this.suggestions.about(request, place, mayDecide ? open : [])),
      ...(replaced && { replaces: { id: replaced.id, reference: replaced.reference } }),
    };
  }

  /** Requests with lines that wait, filtered by the rule that decides: what cannot be decided is not shown. */
  private async waiting(
    actor: SignedIn,
    filter: WaitingFilter,
  ): Promise<{ requests: PermissionRequest[]; places: Map<string, PlacedLocation>; lines: Map<string, string[]> }> {
    const looker = await this.lookers.of(actor.accountId);
    if (!looker?.scopes.length) return { requests: [], places: new Map(), lines: new Map() };
    const { person, desk } = looker;
    const lines = await waitingLines(this.em, person.id, { desk, now: this.clock.now(), filter });
    const found = await this.em.find(
      PermissionRequest,
      { id: { $in: [...lines.keys()] } },
      { disableIdentityMap: true, orderBy: { submittedAt: 'asc', reference: 'asc' } },
    );
    const places = await this.sites.placeMany(distinctPlaces(found));
    const requests = found.filter((request) => {
      const place = places.get(locationKey(request));
      return place && this.lookers.may(looker, this.lookers.lineAt(request, place));
    });
    return { requests, places, lines };
  }

  private async summaries(
    requests: PermissionRequest[],
    places: Map<string, PlacedLocation>,
  ): Promise<RequestSummary[]> {
    const ids = requests.map(({ id }) => id);
    const lines = await this.em.find(
      RequestLine,
      { request: { $in: ids } },
      { disableIdentityMap: true, exclude: ['routing'], orderBy: { position: 'asc' } },
    );
    const linesBy = grouped(lines, (line) => line.request.id);
    return requests.map((request) =>
      this.summary(request, linesBy.get(request.id) ?? [], places.get(locationKey(request))!),
    );
  }

  private summary(request: PermissionRequest, lines: Listed[], place: PlacedLocation): RequestSummary {
    const names = this.catalog.names(request.application, request.role);
    return {
      id: request.id,
      reference: request.reference,
      submittedAt: request.submittedAt,
      application: { code: request.application, name: names.application },
      role: { code: request.role, name: names.role },
      place,
      lines: lines.map((line) => this.lineSummary(request, line)),
    };
  }

  private nameOf({ application, role }: PermissionRequest, permission: string): string {
    return this.catalog.names(application, role, permission).permission;
  }

  private lineSummary(request: PermissionRequest, { id, permission, status, decidedAt }: Listed): LineSummary {
    const name = this.nameOf(request, permission);
    return { id, permission: { code: permission, name }, status, decidedAt: decidedAt ?? undefined };
  }

  private lineView(request: PermissionRequest, line: RequestLine, people: Map<string, StaffPerson>): LineView {
    const { deciders, stateDesk, reasons } = line.routing;
    const decidedBy = line.decidedBy ? fullName(people.get(line.decidedBy)) : undefined;
    return {
      ...this.lineSummary(request, line),
      deciders,
      stateDesk,
      reasons,
      decidedBy,
      reason: line.reason ?? undefined,
    };
  }

  private async requesterOf(
    { staffMemberId }: PermissionRequest,
    people: Map<string, StaffPerson>,
  ): Promise<RequestView['requester']> {
    const employments = await this.staff.employmentsOf(staffMemberId);
    const places = await this.sites.placeMany(employments.map(({ siteCode }) => ({ level: 'site', code: siteCode })));
    const person = people.get(staffMemberId);
    return {
      name: fullName(person),
      staffId: person?.staffId ?? '',
      employments: employments.map((one) => ({
        ...one,
        site: places.get(`site:${one.siteCode}`)?.name ?? one.siteCode,
      })),
    };
  }
}

const byDueDay = (one: LineDue, other: LineDue): number => (one.dueDay < other.dueDay ? -1 : 1);

const noteView = (note: RequestNote, people: Map<string, StaffPerson>, reader: string): NoteView => ({
  author: fullName(people.get(note.authorId)),
  text: note.text,
  writtenAt: note.writtenAt,
  own: note.authorAccountId === reader,
});

function grouped<Item>(items: Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) (groups.get(keyOf(item)) ?? groups.set(keyOf(item), []).get(keyOf(item))!).push(item);
  return groups;
}
