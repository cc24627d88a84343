import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SETTINGS } from '#kernel';
import { type Message, MessageKinds, NotificationsService, type Wording } from '#notifications';
import type { Settings } from '#settings';
import { StaffService } from '#staff';
import type { OpenRequest } from './followed-requests.js';
import type { MovedRequest } from './moved-requests.js';
import type { RoutedRequest } from './open-routing.js';

/** What one change is to one person: requests by what became of them. */
interface Share {
  gained: Once;
  lost: Once;
  asked: Once;
  /** Of the person's own, those at a site that closed; */
  closed: Once;
  /** and those that wait for the person. */
  pointless: Once;
}

type Closed = Pick<RoutedRequest, 'request' | 'routing'>;

/** Requests by id: one counts once, at however many places. */
type Once = Map<string, OpenRequest>;

/** Tells of requests that followed a change: one message for each person and change, however many requests it is. */
@Injectable()
export class ReroutingNews implements OnModuleInit {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly kinds: MessageKinds,
    private readonly staff: StaffService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.kinds.register({ name: 'request.rerouted', word: (message) => this.word(message) });
  }

  /**
   * @param cause what changed, in a sentence
   * @param closed requests whose site closed
   */
  async moved(cause: string, moved: MovedRequest[], closed: Closed[]): Promise<void> {
    const shares = sharesOf(moved, closed);
    const accounts = await this.staff.accountsOf([...shares.keys()]);
    // In one order, as everybody who tells many people does.
    const told = [...accounts].sort(([, one], [, other]) => (one < other ? -1 : 1));
    const facts = (staffMemberId: string): Record<string, string> => ({
      cause,
      ...factsOf(shares.get(staffMemberId)!),
    });
    await this.notifications.queueMany(
      'request.rerouted',
      told.map(([staffMemberId, id]) => ({ to: { kind: 'account', id }, facts: facts(staffMemberId) })),
    );
  }

  private word({ facts }: Message): Wording {
    const [gained, lost, asked, closed, pointless] = ['gained', 'lost', 'asked', 'closed', 'pointless'].map((name) =>
      Number(facts[name]),
    ) as [number, number, number, number, number];
    const paragraphs = [
      facts.cause!,
      gained && `${counted(gained, 'request')} for access now ${gained === 1 ? 'waits' : 'wait'} for you.`,
      lost &&
        `${counted(lost, 'request')} for access that waited for you ${lost === 1 ? 'is' : 'are'} decided by others now. There is nothing left to do for you there.`,
      asked &&
        `Who decides has changed for ${counted(asked, 'request')} of yours (${facts.askedReferences}). You need not ask again.`,
      closed &&
        `What you asked for in ${facts.closedReferences} can no longer be approved, for the place closed. Ask for the place where the work is done now.`,
      pointless &&
        `${counted(pointless, 'request')} that ${pointless === 1 ? 'waits' : 'wait'} for you can no longer be approved, for the place closed (${facts.pointlessReferences}). Reject ${pointless === 1 ? 'it' : 'them'} with that as the reason.`,
    ];
    return {
      subject: gained
        ? 'Requests for access now wait for you'
        : lost
          ? 'Requests no longer wait for you'
          : asked
            ? 'Who decides your request has changed'
            : 'A place closed',
      paragraphs: paragraphs.filter((text): text is string => !!text),
      ...(facts.path && {
        action: { label: facts.label!, address: new URL(facts.path, this.settings.PORTAL_ORIGIN).href },
      }),
    };
  }
}

function sharesOf(moved: MovedRequest[], closed: Closed[]): Map<string, Share> {
  const shares = new Map<string, Share>();
  const of = (person: string): Share => {
    const share = shares.get(person) ?? {
      gained: new Map(),
      lost: new Map(),
      asked: new Map(),
      closed: new Map(),
      pointless: new Map(),
    };
    shares.set(person, share);
    return share;
  };
  for (const { request, routing, before, stateDesk } of moved) {
    const now = new Set(routing.deciders.map((one) => one.staffMemberId));
    const gained = [...now].filter((person) => !before.includes(person));
    const lost = before.filter((person) => !now.has(person));
    for (const person of gained) of(person).gained.set(request.id, request);
    for (const person of lost) of(person).lost.set(request.id, request);
    if (gained.length || lost.length || stateDesk !== routing.stateDesk) {
      of(request.staffMemberId).asked.set(request.id, request);
    }
  }
  for (const { request, routing } of closed) {
    of(request.staffMemberId).closed.set(request.id, request);
    for (const { staffMemberId } of routing.deciders) of(staffMemberId).pointless.set(request.id, request);
  }
  return shares;
}

/** Short texts only: counts, references and where to look. */
function factsOf(share: Share): Record<string, string> {
  const { gained, lost, asked, closed, pointless } = share;
  return {
    gained: String(gained.size),
    lost: String(lost.size),
    asked: String(asked.size),
    askedReferences: listed(asked),
    closed: String(closed.size),
    closedReferences: listed(closed),
    pointless: String(pointless.size),
    pointlessReferences: listed(pointless),
    ...whereToLook(share),
  };
}

function whereToLook({ gained, asked, closed, pointless }: Share): Record<string, string> {
  const toDecide = [...new Set([...gained.keys(), ...pointless.keys()])];
  if (toDecide.length === 1) return { label: 'Read it and decide', path: `/review/${toDecide[0]!}` };
  if (toDecide.length) return { label: 'See what waits for you', path: '/review' };
  const own = [...new Set([...asked.keys(), ...closed.keys()])];
  if (own.length === 1) return { label: 'See the request', path: `/requests/${own[0]!}` };
  return own.length ? { label: 'See your requests', path: '/' } : {};
}

const counted = (count: number, thing: string): string => (count === 1 ? `1 ${thing}` : `${count} ${thing}s`);

/** `R-2026-000001, R-2026-000002 and 3 more` */
function listed(requests: Once): string {
  const references = [...requests.values()].map(({ reference }) => reference);
  return references.length > 5
    ? `${references.slice(0, 4).join(', ')} and ${references.length - 4} more`
    : references.join(', ');
}
