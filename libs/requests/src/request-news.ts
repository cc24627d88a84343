import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Clock, localDay, readableDate, SETTINGS, startOfDay } from '#kernel';
import { MessageKinds, NotificationsService } from '#notifications';
import type { Settings } from '#settings';
import { locationKey, SitesService } from '#sites';
import { StaffService } from '#staff';
import type { Decision } from './decisions.js';
import type { PermissionRequest, RequestLine } from './permission-request.js';
import { requestMessages } from './request-messages.js';
import { fullName } from './request-rules.js';
import type { NewLine } from './request-rows.js';
import { distinctPlaces, togetherBy, wayKey } from './together.js';

type About = Pick<PermissionRequest, 'id' | 'reference' | 'staffMemberId'>;
type Asked = Pick<RequestLine, 'application' | 'role' | 'permission' | 'level' | 'code'> &
  Partial<Pick<RequestLine, 'fromDay' | 'toDay' | 'extendsGrantId'>>;

/** One decided line in words: "IEP Form Writer: approved." */
export interface Outcome {
  line: RequestLine;
  verdict: Decision['verdict'];
  reason?: string;
  /** Names of the roles that ended for it. */
  ended: string[];
}

/**
 * Tells people what happened to a request, in the verb's transaction. Subjects hold nothing that was typed (ML-3); links
 * are built from the configured origin (RS-6). Notes are not mailed, only that there is one: people write of children.
 */
@Injectable()
export class RequestNews implements OnModuleInit {
  constructor(
    private readonly clock: Clock,
    private readonly notifications: NotificationsService,
    private readonly kinds: MessageKinds,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register(...requestMessages(this.settings.PORTAL_ORIGIN));
  }

  /** To everybody it waits for, once each: what of it waits for that person. */
  async submitted(request: About, lines: NewLine[]): Promise<void> {
    const waiting = new Map<string, NewLine[]>();
    for (const line of lines)
      for (const { staffMemberId } of line.routing.deciders)
        waiting.set(staffMemberId, [...(waiting.get(staffMemberId) ?? []), line]);
    await this.tellEach('request.submitted', request, waiting);
  }

  /** To everybody it waited for, each with what waited for that person. */
  async withdrawn(request: About, waited: Map<string, Asked[]>): Promise<void> {
    await this.tellEach('request.withdrawn', request, waited);
  }

  /**
   * To the requester; each line with its outcome, a refused one with its reason. At the account the person has now; where
   * there is none, at the one that asked.
   */
  async decided(request: About & { accountId: string }, outcomes: Outcome[]): Promise<void> {
    const lines = outcomes.map(({ line }) => line);
    const facts = await this.factsOf(request, lines);
    const given = outcomes.filter(({ verdict }) => verdict !== 'reject');
    facts.approved = String(given.length);
    const several = new Set(lines.map(wayKey)).size > 1;
    const places = await this.sites.placeMany(distinctPlaces(lines));
    facts.later = String(given.every(({ line }) => (line.fromDay ?? '') > localDay(this.clock.now())));
    outcomes.forEach((outcome, at) => {
      const where = several ? ` at ${nameAt(places, outcome.line)}` : '';
      facts[`outcome${numbered(at)}`] = `${this.nameOf(outcome.line)}${where}: ${this.answerOf(outcome)}`;
    });
    const account = (await this.staff.accountsOf([request.staffMemberId])).get(request.staffMemberId);
    await this.notifications.queue({ kind: 'account', id: account ?? request.accountId }, 'request.decided', facts);
  }

  /** To the requester. While a word of a note waits, further notes add none. */
  async notedForRequester(request: About, lines: Asked[], author: string): Promise<void> {
    const facts = { ...(await this.factsOf(request, lines)), author, page: 'requests' };
    await this.tellPeople([request.staffMemberId], 'request.note', facts, `note ${request.id}`);
  }

  /** To everybody the request waits for. */
  async notedForDeciders(request: About, waited: Map<string, Asked[]>, author: string): Promise<void> {
    await this.tellEach('request.note', request, waited, { author, page: 'review' }, `note ${request.id}`);
  }

  /** To the requester, who is offered the whole school system. */
  async suggested(request: About, lines: Asked[], system: string, author: string): Promise<void> {
    const facts = { ...(await this.factsOf(request, lines)), system, author };
    await this.tellPeople([request.staffMemberId], 'request.suggested', facts);
  }

  /** To the coordinator who offered it; `made` is the reference of the new request. */
  async suggestionAnswered(
    request: About,
    lines: Asked[],
    author: string,
    accepted: boolean,
    made = '',
  ): Promise<void> {
    const facts = { ...(await this.factsOf(request, lines)), answer: accepted ? 'accepted' : 'declined', made };
    await this.tellPeople([author], 'request.suggestion-answered', facts);
  }

  /** To the requester, who is offered less than was asked for. */
  async offered(request: About, lines: Asked[], by: string): Promise<void> {
    const author = fullName((await this.staff.membersByIds([by])).get(by));
    const facts = { ...(await this.factsOf(request, lines)), author };
    await this.tellPeople([request.staffMemberId], 'request.offered', facts);
  }

  /** To the coordinator who offered less. */
  async offerAnswered(request: About, line: Asked, by: string, accepted: boolean): Promise<void> {
    const facts = { ...(await this.factsOf(request, [line])), answer: accepted ? 'accepted' : 'declined' };
    await this.tellPeople([by], 'request.offer-answered', facts);
  }

  /** `approved as SER Data Reader, through June 30, 2027.` */
  private answerOf({ line, verdict, reason, ended }: Outcome): string {
    const because = reason ? ` Reason: ${reason}` : '';
    if (verdict === 'reject') return `not approved.${because}`;
    const given = line.grantedPermission
      ? ` as ${this.nameOf({ ...thingsOf(line), permission: line.grantedPermission })}`
      : '';
    const time = timeInWords({ ...line, toDay: line.grantedToDay ?? line.toDay });
    const gone = ended.length ? ` What ended for it: ${ended.join(', ')}.` : '';
    return `approved${given}${time && `, ${time}`}.${gone}${because}`;
  }

  private nameOf({ application, role, permission }: Asked): string {
    return this.catalog.names(application, role, permission).permission;
  }

  /** Each with the facts of the lines that are that person's. */
  private async tellEach(
    kind: string,
    request: About,
    shares: Map<string, Asked[]>,
    more: Record<string, string> = {},
    mergeKey?: string,
  ): Promise<void> {
    // Coordinators of one place share their lines, and the words about them.
    for (const same of togetherBy([...shares], ([, lines]) => JSON.stringify(lines.map(thingOf)))) {
      const facts = { ...(await this.factsOf(request, same[0]![1])), ...more };
      await this.tellPeople(
        same.map(([person]) => person),
        kind,
        facts,
        mergeKey,
      );
    }
  }

  /** At the account each of them has now: who lost the Staff ID hears no more of it. */
  private async tellPeople(
    staffMemberIds: string[],
    kind: string,
    facts: Record<string, string>,
    mergeKey?: string,
  ): Promise<void> {
    const accounts = await this.staff.accountsOf([...new Set(staffMemberIds)]);
    // In one order, so that two verbs which merge the same words do not wait for each other.
    for (const id of [...accounts.values()].sort())
      await this.notifications.queue({ kind: 'account', id }, kind, facts, mergeKey && `${mergeKey} ${id}`);
  }

  /** What some lines of a request are in words; where they are for several places or applications, each of those. */
  private async factsOf(request: About, lines: Asked[]): Promise<Record<string, string>> {
    const places = await this.sites.placeMany(distinctPlaces(lines));
    const person = (await this.staff.membersByIds([request.staffMemberId])).get(request.staffMemberId);
    const applications = new Set(lines.map((line) => this.catalog.names(line.application).application));
    const permission = (line: Asked): string => {
      const time = timeInWords(line);
      return `${this.nameOf(line)}${time && ` (${line.extendsGrantId ? 'longer, ' : ''}${time})`}`;
    };
    const ways = togetherBy(lines, wayKey);
    const items = ways.map((same): string => {
      const { application } = this.catalog.names(same[0]!.application);
      return `${application} at ${nameAt(places, same[0]!)}: ${same.map(permission).join(', ')}`;
    });
    return {
      requestId: request.id,
      reference: request.reference,
      application: [...applications].join(', '),
      place: places.size === 1 ? [...places.values()][0]!.name : `${places.size} places`,
      requester: fullName(person),
      asked: ways.length === 1 ? lines.map(permission).join(', ') : `${lines.length} permissions`,
      ...(items.length > 1 && Object.fromEntries(items.map((item, at) => [`item${numbered(at)}`, item]))),
    };
  }
}

const thingsOf = ({ application, role, permission, level, code }: RequestLine): Asked => {
  return { application, role, permission, level, code };
};

/** `from August 15, 2026 through June 30, 2027`; empty: from the approval on for good. */
function timeInWords({ fromDay, toDay }: Pick<Asked, 'fromDay' | 'toDay'>): string {
  const from = fromDay && `from ${readableDate(startOfDay(fromDay))}`;
  const through = toDay && `through ${readableDate(new Date(startOfDay(toDay).getTime() - 1))}`;
  return [from, through].filter(Boolean).join(' ');
}

const thingOf = ({ application, role, permission, level, code }: Asked) => [application, role, permission, level, code];

const nameAt = (places: Map<string, { name: string }>, { level, code }: Asked): string =>
  places.get(locationKey({ level, code }))?.name ?? code;

const numbered = (at: number): string => String(at).padStart(3, '0');
