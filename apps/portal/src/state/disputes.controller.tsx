import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AccountsService } from '#accounts';
import type { FieldFault, Problem, SignedIn } from '#kernel';
import { StaffService } from '#staff';
import { Access, checkForm, CurrentActor, mustTellOnPage, type PageRequest, Pages, Repeat } from '#web';
import { DisputeForm } from './dispute.form.js';
import { type DisputedAccount, DisputesPage, type DisputeView } from './disputes.page.js';

interface Answer {
  notice?: string;
  faults?: FieldFault[];
  problem?: Problem;
  typed?: Record<string, unknown>;
}

/** Staff IDs that two accounts claim: the state desk says who keeps it. */
@Controller('state/disputes')
@Access('state-desk')
export class DisputesController {
  constructor(
    private readonly staff: StaffService,
    private readonly accounts: AccountsService,
    private readonly pages: Pages,
  ) {}

  @Get()
  list(@Req() request: PageRequest, @Query('done') done: unknown): Promise<string> {
    return this.draw(request, {
      notice: done === 'closed' ? 'The dispute is closed, and both people are told.' : undefined,
    });
  }

  @Post()
  @Repeat('once')
  async close(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = async (status: number, answer: Answer): Promise<void> => {
      response
        .status(status)
        .type('html')
        .send(await this.draw(request, { ...answer, typed: body }));
    };
    const { value: form, faults } = await checkForm(DisputeForm, body);
    if (faults) return again(422, { faults });
    try {
      await this.staff.closeDispute(actor, form.id, { outcome: form.outcome, note: form.note });
    } catch (problem) {
      mustTellOnPage(request, problem, [403, 409, 422]);
      return again(problem.status, { problem, faults: problem.errors });
    }
    response.redirect(303, '/state/disputes?done=closed');
  }

  private async draw(request: PageRequest, answer: Answer): Promise<string> {
    const disputes: DisputeView[] = [];
    for (const dispute of await this.staff.disputes()) {
      const [claimant, holder] = [
        await this.accountOf(dispute.claimantAccountId),
        await this.accountOf(dispute.holderAccountId),
      ];
      disputes.push({ id: dispute.id, openedAt: dispute.openedAt, member: dispute.member, claimant, holder });
    }
    return this.pages.draw(request, (frame) => <DisputesPage frame={frame} disputes={disputes} {...answer} />);
  }

  private async accountOf(accountId?: string): Promise<DisputedAccount | undefined> {
    const account = accountId ? await this.accounts.find(accountId) : undefined;
    return (
      account && {
        name: `${account.firstName} ${account.lastName}`,
        userName: account.userName,
        email: account.email,
        since: account.createdAt,
      }
    );
  }
}
