import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { SignedIn } from '#kernel';
import { SitesService } from '#sites';
import { type StaffPerson, StaffService } from '#staff';
import { Lookers } from './lookers.js';
import { type PermissionRequest, type RequestLine, RequestNote } from './permission-request.js';
import { LineTermsReading } from './line-terms-reading.js';
import type { LineTerms } from './line-terms.js';
import { absent } from './problems.js';
import { questionsAbout } from './question-rows.js';
import { findRequest, linesOf } from './request-rows.js';
import { fullName } from './request-rules.js';
import { cameToNothing, RequestsAgain } from './requests-again.js';
import { RequestSummaries, type SummaryFacts } from './request-summaries.js';
import type { LineView, NoteView, RequestView } from './request-views.js';
import { routeHistory } from './route-history.js';
import type { LineStep } from './line-step.js';
import { passedSteps, stepViews } from './steps.js';
import { SuggestionReading } from './suggestion-reading.js';
import { remindersOf } from './time-rows.js';
import { TimeReading } from './time-reading.js';

/** What the page of a request shows, in a fixed number of statements. */
@Injectable()
export class RequestQueries {
  constructor(
    private readonly em: EntityManager,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly lookers: Lookers,
    private readonly summaries: RequestSummaries,
    private readonly suggestions: SuggestionReading,
    private readonly times: TimeReading,
    private readonly terms: LineTermsReading,
    private readonly again: RequestsAgain,
  ) {}

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
    const facts = await this.summaries.factsOf(all);
    const lines = own
      ? all
      : all.filter((line) => looker && this.lookers.seesAt(looker, askedOf(request, line), facts.places));
    if (!lines.length) throw absent('request.view', request.id);

    const notes = await this.em.find(
      RequestNote,
      { request: request.id },
      { disableIdentityMap: true, orderBy: { writtenAt: 'asc', id: 'asc' } },
    );
    const ids = lines.map(({ id }) => id);
    const questions = await questionsAbout(this.em, ids);
    const steps = lines.some(({ step }) => step > 1) ? await passedSteps(this.em, ids) : new Map<string, LineStep[]>();
    const people = await this.staff.membersByIds([
      request.staffMemberId,
      ...lines.flatMap(({ decidedBy }) => decidedBy ?? []),
      ...notes.map(({ authorId }) => authorId),
      ...questions.map(({ askedBy }) => askedBy),
      ...[...steps.values()].flatMap((some) => some.map(({ decidedBy }) => decidedBy)),
      ...(request.enteredBy ? [request.enteredBy] : []),
    ]);
    const open = lines.filter(({ status }) => status === 'pending');
    const theirs = (line: RequestLine): boolean =>
      !own &&
      actor.accountId !== request.accountId &&
      line.status === 'pending' &&
      this.lookers.mayAt(looker!, askedOf(request, line), facts.places);
    const mayDecide = open.some(theirs);
    const times = await this.times.of(request.id);
    const terms = await this.terms.of(request, lines);
    const replaced = request.replacesId ? await findRequest(this.em, request.replacesId) : undefined;
    return {
      ...this.summaries.request(request, lines, facts),
      version: request.version,
      why: request.why ?? undefined,
      ...(request.enteredBy && { enteredBy: fullName(people.get(request.enteredBy)) }),
      mayNarrow: request.mayNarrow,
      requester: await this.requesterOf(request, people),
      lines: lines.map((each) => ({
        ...this.lineView(each, facts, people),
        ...terms.get(each.id)!,
        time: times.get(each.id),
        mayDecide: theirs(each),
        steps: stepViews(each, steps.get(each.id) ?? [], (id) => fullName(people.get(id))),
      })),
      others: all.length - lines.length,
      notes: notes.map((note) => noteView(note, people, actor.accountId)),
      own,
      mayDecide,
      mayWithdraw: open.length > 0 && own,
      mayAsk: mayDecide && open.some(({ id }) => !questions.some((one) => one.open && one.lineIds.includes(id))),
      history: await routeHistory(this.em, ids),
      questions: questions.map(({ askedBy, ...one }) => ({ ...one, by: fullName(people.get(askedBy)) })),
      reminders: await remindersOf(this.em, ids),
      ...(await this.suggestions.about(request, all, open.filter(theirs))),
      ...(replaced && { replaces: { id: replaced.id, reference: replaced.reference } }),
      replacedBy: await this.again.madeFrom(request.id),
      mayAskAgain: own && lines.some(cameToNothing),
    };
  }

  private lineView(
    line: RequestLine,
    facts: SummaryFacts,
    people: Map<string, StaffPerson>,
  ): Omit<LineView, keyof LineTerms | 'mayDecide'> {
    const { deciders, stateDesk, reasons } = line.routing;
    const decidedBy = line.decidedBy ? fullName(people.get(line.decidedBy)) : undefined;
    return {
      ...this.summaries.line(line, facts),
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

const noteView = (note: RequestNote, people: Map<string, StaffPerson>, reader: string): NoteView => ({
  author: fullName(people.get(note.authorId)),
  text: note.text,
  writtenAt: note.writtenAt,
  own: note.authorAccountId === reader,
});

/** A line as those who look see it. */
const askedOf = (
  { staffMemberId }: PermissionRequest,
  { application, level, code, duty, excluded, approval, step }: RequestLine,
) => ({ application, level, code, duty, excluded, approval, step, staffMemberId });
