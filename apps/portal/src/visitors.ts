import { Injectable, Module } from '@nestjs/common';
import type { Request } from 'express';
import { AccountsModule, AccountsService } from '#accounts';
import {
  CoordinatorsModule,
  CoordinatorsService,
  DesignationService,
  HeadsService,
  StatementService,
} from '#coordinators';
import { type Actor, sha256, type SignedIn } from '#kernel';
import { MessageList } from '#notifications';
import { RequestLists, RequestsModule } from '#requests';
import { StaffModule, StaffService } from '#staff';
import { addressOf, type NavigationLink, renewSession } from '#web';

/** Who is at this browser, and which doors are open to them. Asks anew with every request (AC-6). */
@Injectable()
export class Visitors {
  constructor(
    private readonly accounts: AccountsService,
    private readonly staff: StaffService,
    private readonly coordinators: CoordinatorsService,
    private readonly statement: StatementService,
    private readonly heads: HeadsService,
    private readonly designations: DesignationService,
    private readonly messages: MessageList,
    private readonly requests: RequestLists,
  ) {}

  /** The session says who; the account says whether that session still counts (SE-4). */
  async actorOf(request: Request): Promise<Actor> {
    const stranger: Actor = { client: 'portal', address: addressOf(request) };
    const { accountId, authTime } = request.session;
    if (!accountId || !authTime) return stranger;
    if (await this.accounts.sessionLives(accountId, authTime))
      return { ...stranger, accountId, session: sha256(request.sessionID) };
    await renewSession(request);
    return stranger;
  }

  /** Whether this person decides requests somewhere today. */
  async isCoordinator(actor: SignedIn): Promise<boolean> {
    const member = await this.staff.memberOf(actor.accountId);
    return !!member && (await this.coordinators.scopesOf(member.id)).length > 0;
  }

  /** Whether this person decides requests today: as a coordinator, or by a duty that approves before or after them. */
  async isDecider(actor: SignedIn): Promise<boolean> {
    return (await this.isCoordinator(actor)) || this.hasDuty(actor);
  }

  private async hasDuty(actor: SignedIn): Promise<boolean> {
    const member = await this.staff.memberOf(actor.accountId);
    return !!member && (await this.coordinators.dutiesOf(member.id)).length > 0;
  }

  /** Whether this person sits at the state desk. */
  async isStateDesk(actor: SignedIn): Promise<boolean> {
    const member = await this.staff.memberOf(actor.accountId);
    return !!member && (await this.coordinators.isStateDesk(member.id));
  }

  /** Whether this person heads a school system and so designates its coordinators. */
  async isHead(actor: SignedIn): Promise<boolean> {
    const member = await this.staff.memberOf(actor.accountId);
    return !!member && (await this.heads.systemsHeadedBy(member.id)).length > 0;
  }

  /** The links of the header. */
  async navigation(actor: Actor): Promise<NavigationLink[]> {
    const help = { label: 'Help', href: '/help' };
    const find = { label: 'Find my coordinator', href: '/find-coordinator' };
    if (!actor.accountId) return [find, help, { label: 'Sign in', href: '/sign-in' }];
    const person = { ...actor, accountId: actor.accountId };
    const [coordinator, duty, desk, head, unread] = await Promise.all([
      this.isCoordinator(person),
      this.hasDuty(person),
      this.isStateDesk(person),
      this.isHead(person),
      this.messages.unread(person.accountId),
    ]);
    return [
      { label: 'Home', href: '/' },
      ...(coordinator || duty ? await this.coordinatorLinks(person, coordinator) : []),
      ...(coordinator ? [] : [find]),
      ...(head ? [{ label: 'Designate', href: '/designate' }] : []),
      ...(desk ? [{ label: 'State office', href: '/state', count: await this.waitsForDesk(person) }] : []),
      { label: 'Notifications', href: '/notifications', count: unread, counted: 'new' },
      help,
    ];
  }

  /** What only the state office settles; requests are counted beside Review. */
  private async waitsForDesk(person: SignedIn): Promise<number> {
    const disputes = await this.staff.disputes();
    return disputes.length + (await this.designations.waitingCount(person));
  }

  /** A coordinator whose statement is not in force has that to do first. */
  private async coordinatorLinks(person: SignedIn, coordinator: boolean): Promise<NavigationLink[]> {
    const member = await this.staff.memberOf(person.accountId);
    const signed = member && (await this.statement.inForce(member.id));
    return [
      { label: 'Review', href: '/review', count: await this.requests.waitingCount(person, { asked: false }) },
      ...(coordinator
        ? [
            { label: 'My sites', href: '/my-sites' },
            { label: 'People', href: '/people' },
          ]
        : []),
      ...(signed ? [] : [{ label: 'Statement', href: '/statement', count: 1, counted: 'to sign' }]),
    ];
  }
}

@Module({
  imports: [AccountsModule, StaffModule, CoordinatorsModule, RequestsModule],
  providers: [Visitors],
  exports: [Visitors],
})
export class VisitorModule {}
