import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { AccountsService } from '#accounts';
import { OwnAccesses, Rehires } from '#compliance';
import { DesignationService } from '#coordinators';
import { SETTINGS, type SignedIn } from '#kernel';
import { AnswersWanted, ProposalReading, RequestLists } from '#requests';
import type { Settings } from '#settings';
import { StaffService } from '#staff';
import { Access, Pages, type PageRequest } from '#web';
import { SelfRegistrationPage } from './self-registration.page.js';
import { WelcomePage } from './welcome.page.js';

@Controller()
export class PortalHomeController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly staff: StaffService,
    private readonly own: OwnAccesses,
    private readonly requests: RequestLists,
    private readonly designations: DesignationService,
    private readonly proposals: ProposalReading,
    private readonly wanted: AnswersWanted,
    private readonly rehires: Rehires,
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @Access('anyone')
  async home(@Req() request: PageRequest, @Query() query: Record<string, unknown>): Promise<string> {
    const { accountId } = request.actor;
    const account = accountId ? await this.accounts.findActive(accountId) : undefined;
    const issuer = this.settings.ISSUER_ORIGIN;
    if (!account) return this.pages.draw(request, (frame) => <WelcomePage frame={frame} issuer={issuer} />);
    const member = await this.staff.memberOf(account.id);
    const model = {
      account,
      member,
      access: (await this.own.of(account.id)).filter(({ standing }) => standing !== 'ended'),
      requests: await this.requests.minePage(account.id, {}, 5),
      designation: member && (await this.toAsk({ ...request.actor, accountId: account.id }, member.id)),
      proposals: await this.proposals.waitingFor({ ...request.actor, accountId: account.id }),
      wanted: await this.wanted.of(account.id),
      former: await this.rehires.offers(account.id),
      accountPage: `${issuer}/account`,
      notice: member && homeNotice(query),
    };
    return this.pages.draw(request, (frame) => <SelfRegistrationPage frame={frame} {...model} />);
  }

  /** A designation whose next step is this person's: asking for access. @returns its id */
  private async toAsk(actor: SignedIn, staffMemberId: string): Promise<string | undefined> {
    const open = await this.designations.list(actor, { open: true });
    return open.find(({ person, may }) => person.staffMemberId === staffMemberId && may.includes('ask'))?.id;
  }
}

function homeNotice({ linked, done }: Record<string, unknown>): string | undefined {
  if (linked) return 'Your Staff ID is linked. Next, request what you need for your work.';
  return done === 'stood-down' ? 'You stood down. Everybody concerned is told.' : undefined;
}
