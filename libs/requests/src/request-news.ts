import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { SETTINGS } from '#kernel';
import { type Message, MessageKinds, NotificationsService, type Wording } from '#notifications';
import type { Settings } from '#settings';
import { locationKey, SitesService } from '#sites';
import { StaffService } from '#staff';
import type { Decision } from './decisions.js';
import type { PermissionRequest, RequestLine } from './permission-request.js';
import { fullName } from './request-rules.js';
import type { NewLine } from './request-rows.js';
import { distinctPlaces, togetherBy, wayKey } from './together.js';

type About = Pick<PermissionRequest, 'id' | 'reference' | 'staffMemberId'>;
type Asked = Pick<RequestLine, 'application' | 'role' | 'permission' | 'level' | 'code'>;

/** One decided line in words: "IEP Form Writer: approved." */
export interface Outcome {
  line: Asked;
  verdict: Decision['verdict'];
  reason?: string;
}

/**
 * Tells people what happened to a request, in the verb's transaction. Subjects hold nothing that was typed (ML-3); links
 * are built from the configured origin (RS-6). Notes are not mailed, only that there is one: people write of children.
 */
@Injectable()
export class RequestNews implements OnModuleInit {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly kinds: MessageKinds,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register(
      { name: 'request.submitted', word: (message) => this.wordSubmitted(message) },
      { name: 'request.decided', word: (message) => this.wordDecided(message) },
      { name: 'request.withdrawn', word: (message) => this.wordWithdrawn(message) },
      { name: 'request.note', word: (message) => this.wordNote(message) },
      { name: 'request.suggested', word: (message) => this.wordSuggested(message) },
      { name: 'request.suggestion-answered', word: (message) => this.wordAnswered(message) },
    );
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
    facts.approved = String(outcomes.filter(({ verdict }) => verdict !== 'reject').length);
    const several = new Set(lines.map(wayKey)).size > 1;
    const places = await this.sites.placeMany(distinctPlaces(lines));
    outcomes.forEach(({ line, verdict, reason }, at) => {
      const { permission } = this.catalog.names(line.application, line.role, line.permission);
      const where = several ? ` at ${nameAt(places, line)}` : '';
      const answer = verdict !== 'reject' ? 'approved.' : 'not approved.';
      facts[`outcome${numbered(at)}`] = `${permission}${where}: ${answer}${reason ? ` Reason: ${reason}` : ''}`;
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
    const permission = (line: Asked): string =>
      this.catalog.names(line.application, line.role, line.permission).permission;
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

  private wordSubmitted({ facts }: Message): Wording {
    return {
      subject: 'A request for access waits for you',
      paragraphs: [
        `${facts.requester} asks for ${facts.asked} in ${facts.application} at ${facts.place} (${facts.reference}).`,
        ...listed(facts, 'item'),
        'You are among those who may decide it. Whoever acts first decides; nothing more is needed from the others.',
      ],
      action: { label: 'Read it and decide', address: this.address('review', facts) },
    };
  }

  private wordDecided({ facts }: Message): Wording {
    return {
      subject: 'Your request for access was decided',
      paragraphs: [
        `About your request ${facts.reference} for ${facts.application} at ${facts.place}:`,
        ...listed(facts, 'outcome'),
        facts.approved !== '0'
          ? `What was approved works from now on: open ${facts.application} and sign in with this account.`
          : 'If you think this is a mistake, write a note on the request or ask your coordinator.',
      ],
      action: { label: 'See your request', address: this.address('requests', facts) },
    };
  }

  private wordWithdrawn({ facts }: Message): Wording {
    return {
      subject: 'A request for access was withdrawn',
      paragraphs: [
        `${facts.requester} withdrew the request ${facts.reference} for ${facts.asked} in ${facts.application} at ${facts.place}.`,
        'There is nothing left to do for you.',
      ],
    };
  }

  private wordNote({ facts }: Message): Wording {
    const page = facts.page === 'review' ? 'review' : 'requests';
    return {
      subject: 'There is a new note on a request',
      paragraphs: [
        `${facts.author} wrote a note on the request ${facts.reference} for ${facts.application} at ${facts.place}.`,
      ],
      action: { label: 'Read the note', address: this.address(page, facts) },
    };
  }

  private wordSuggested({ facts }: Message): Wording {
    return {
      subject: 'A coordinator suggests another place for your request',
      paragraphs: [
        `About your request ${facts.reference} for ${facts.application} at ${facts.place}: ${facts.author} suggests to ask for the whole of ${facts.system} instead.`,
        'Nothing changes until you agree. If you do not, your request stays as it is.',
      ],
      action: { label: 'Read it and answer', address: this.address('requests', facts) },
    };
  }

  private wordAnswered({ facts }: Message): Wording {
    return {
      subject: 'Your suggestion was answered',
      paragraphs: [
        facts.answer === 'accepted'
          ? `${facts.requester} agreed: ${facts.reference} at ${facts.place} is withdrawn, and ${facts.made} asks for the whole school system.`
          : `${facts.requester} would like to keep ${facts.reference} for ${facts.place} as it is. It still waits for a decision.`,
      ],
      ...(facts.answer !== 'accepted' && {
        action: { label: 'Read it and decide', address: this.address('review', facts) },
      }),
    };
  }

  private address(page: 'requests' | 'review', facts: Record<string, string>): string {
    return new URL(`/${page}/${encodeURIComponent(facts.requestId!)}`, this.settings.PORTAL_ORIGIN).href;
  }
}

const thingOf = ({ application, role, permission, level, code }: Asked) => [application, role, permission, level, code];

const nameAt = (places: Map<string, { name: string }>, { level, code }: Asked): string =>
  places.get(locationKey({ level, code }))?.name ?? code;

const numbered = (at: number): string => String(at).padStart(3, '0');

/** The facts whose names begin so, in order. */
const listed = (facts: Record<string, string>, begin: string): string[] =>
  Object.keys(facts)
    .filter((name) => name.startsWith(begin))
    .sort()
    .map((name) => facts[name]!);
