import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Clock, localDay, type SignedIn } from '#kernel';
import { locationKey, type PlacedLocation, SitesService } from '#sites';
import { type StaffPerson, StaffService } from '#staff';
import { type Looker, Lookers } from './lookers.js';
import { PermissionRequest, RequestLine, RequestNote } from './permission-request.js';
import { absent } from './problems.js';
import { askedLines, questionsAbout } from './question-rows.js';
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
import { distinctPlaces, togetherBy } from './together.js';
import { remindersOf } from './time-rows.js';
import { TimeReading } from './time-reading.js';
import { waitingLines } from './waiting-lines.js';

type Places = Map<string, PlacedLocation>;

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
    const lines = await this.linesOf(requests);
    const places = await this.sites.placeMany(distinctPlaces(lines));
    const own = new Map(togetherBy(lines, requestOf).map((some) => [requestOf(some[0]!), some]));
    const asked = await this.askedOf(requests);
    return requests.map((request) => this.summary(request, own.get(request.id) ?? [], places, asked));
  }

  /** What waits for this coordinator, oldest first; empty for anybody else. */
  async waitingFor(actor: SignedIn, filter: WaitingFilter = {}): Promise<WaitingItem[]> {
    const { requests, places } = await this.waiting(actor, filter);
    const people = await this.staff.membersByIds([...new Set(requests.map((one) => one.request.staffMemberId))]);
    const times = await this.times.due(requests.map(({ request }) => request.id));
    const asked = await this.askedOf(requests.map(({ request }) => request));
    return requests.map(({ request, lines }) => {
      const [first] = lines.flatMap(({ id }) => times.get(id) ?? []).sort(byDueDay);
      return {
        ...this.summary(request, lines, places, asked),
        staffMemberId: request.staffMemberId,
        requester: fullName(people.get(request.staffMemberId)),
        version: request.version,
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
   * One request, for the person who asked and those whose scope covers some of it, who see that. It tells where that person is employed, so an
   * account that is no longer that person sees it no more.
   * @throws requests.not-found (404) for anybody else, as for an absent one
   */
  async view(actor: SignedIn, requestId: string): Promise<RequestView> {
    const request = await findRequest(this.em, requestId);
    if (!request) throw absent('request.view', requestId);
    const looker = await this.lookers.of(actor.accountId);
    const own = looker?.person.id === request.staffMemberId;
    const all = await linesOf(this.em, request.id);
    const places = await this.sites.placeMany(distinctPlaces(all));
    const lines = own ? all : all.filter((line) => looker && this.isTheirs(looker, request, line, places));
    if (!lines.length) throw absent('request.view', request.id);

    const notes = await this.em.find(
      RequestNote,
      { request: request.id },
      { disableIdentityMap: true, orderBy: { writtenAt: 'asc', id: 'asc' } },
    );
    const ids = lines.map(({ id }) => id);
    const questions = await questionsAbout(this.em, ids);
    const people = await this.staff.membersByIds([
      request.staffMemberId,
      ...lines.flatMap(({ decidedBy }) => decidedBy ?? []),
      ...notes.map(({ authorId }) => authorId),
      ...questions.map(({ askedBy }) => askedBy),
    ]);
    const open = lines.filter(({ status }) => status === 'pending');
    const mayDecide = open.length > 0 && !own && actor.accountId !== request.accountId;
    const times = await this.times.of(request.id);
    const asked = await this.askedOf([request]);
    const replaced = request.replacesId ? await findRequest(this.em, request.replacesId) : undefined;
    return {
      ...this.summary(request, lines, places, asked),
      version: request.version,
      why: request.why ?? undefined,
      requester: await this.requesterOf(request, people),
      lines: lines.map((each) => ({ ...this.lineView(each, places, people, asked), time: times.get(each.id) })),
      others: all.length - lines.length,
      notes: notes.map((note) => noteView(note, people, actor.accountId)),
      own,
      mayDecide,
      mayWithdraw: open.length > 0 && own,
      mayAsk: mayDecide && open.some(({ id }) => !questions.some((one) => one.open && one.lineIds.includes(id))),
      history: await routeHistory(this.em, ids),
      questions: questions.map(({ askedBy, ...one }) => ({ ...one, by: fullName(people.get(askedBy)) })),
      reminders: await remindersOf(this.em, ids),
      ...(await this.suggestions.about(request, all, mayDecide ? open : [])),
      ...(replaced && { replaces: { id: replaced.id, reference: replaced.reference } }),
    };
  }

  /** Lines that wait, filtered by the rule that decides: what cannot be decided is not shown. */
  private async waiting(
    actor: SignedIn,
    filter: WaitingFilter,
  ): Promise<{ requests: { request: PermissionRequest; lines: RequestLine[] }[]; places: Places }> {
    const looker = await this.lookers.of(actor.accountId);
    if (!looker?.scopes.length) return { requests: [], places: new Map() };
    const { person, desk } = looker;
    const waiting = await waitingLines(this.em, person.id, { desk, now: this.clock.now(), filter });
    const found = await this.em.find(
      PermissionRequest,
      { id: { $in: [...waiting.keys()] } },
      { disableIdentityMap: true, orderBy: { submittedAt: 'asc', reference: 'asc' } },
    );
    const wanted = new Set([...waiting.values()].flat());
    const lines = (await this.linesOf(found)).filter(({ id }) => wanted.has(id));
    const places = await this.sites.placeMany(distinctPlaces(lines));
    const theirs = new Map(togetherBy(lines, requestOf).map((some) => [requestOf(some[0]!), some]));
    const requests = found.flatMap((request) => {
      const may = (theirs.get(request.id) ?? []).filter((line) => this.isTheirs(looker, request, line, places));
      return may.length ? [{ request, lines: may }] : [];
    });
    return { requests, places };
  }

  /** Whether one who looks may decide a line. */
  private isTheirs(looker: Looker, { staffMemberId }: PermissionRequest, line: RequestLine, places: Places): boolean {
    const place = places.get(keyOf(line));
    return (
      !!place && this.lookers.may(looker, this.lookers.lineAt({ application: line.application, staffMemberId }, place))
    );
  }

  private linesOf(requests: PermissionRequest[]): Promise<RequestLine[]> {
    return this.em.find(
      RequestLine,
      { request: { $in: requests.map(({ id }) => id) } },
      { disableIdentityMap: true, exclude: ['routing'], orderBy: { position: 'asc' } },
    ) as Promise<RequestLine[]>;
  }

  private summary(
    { id, reference, submittedAt }: PermissionRequest,
    lines: RequestLine[],
    places: Places,
    asked: Set<string>,
  ): RequestSummary {
    return { id, reference, submittedAt, lines: lines.map((line) => this.lineSummary(line, places, asked)) };
  }

  /** Which lines of requests wait for an answer. */
  private askedOf(requests: PermissionRequest[]): Promise<Set<string>> {
    return askedLines(
      this.em,
      requests.map(({ id }) => id),
    );
  }

  private lineSummary(line: RequestLine, places: Places, asked: Set<string>): LineSummary {
    const { id, application, role, permission, status, decidedAt } = line;
    const names = this.catalog.names(application, role, permission);
    return {
      id,
      application: { code: application, name: names.application },
      role: { code: role, name: names.role },
      place: places.get(keyOf(line))!,
      permission: { code: permission, name: names.permission },
      status,
      decidedAt: decidedAt ?? undefined,
      asked: asked.has(id),
    };
  }

  private lineView(line: RequestLine, places: Places, people: Map<string, StaffPerson>, asked: Set<string>): LineView {
    const { deciders, stateDesk, reasons } = line.routing;
    const decidedBy = line.decidedBy ? fullName(people.get(line.decidedBy)) : undefined;
    return {
      ...this.lineSummary(line, places, asked),
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
      staffMemberId,
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

const requestOf = (line: RequestLine): string => line.request.id;

const keyOf = ({ level, code }: RequestLine): string => locationKey({ level, code });
