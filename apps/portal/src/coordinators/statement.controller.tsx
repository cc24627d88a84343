import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { StatementService } from '#coordinators';
import { type FieldFault, kernelProblems, Problem, type SignedIn } from '#kernel';
import { StaffService } from '#staff';
import { Access, checkForm, CurrentActor, type PageRequest, Pages, Repeat } from '#web';
import { StatementForm } from './statement.form.js';
import { StatementPage } from './statement.page.js';

interface Answer {
  notice?: string;
  faults?: FieldFault[];
  problem?: Problem;
}

/** The yearly statement of coordinators: read and signed, also by those who are going to be one or to stand in. */
@Controller('statement')
@Access('signed-in')
export class StatementController {
  constructor(
    private readonly statement: StatementService,
    private readonly staff: StaffService,
    private readonly pages: Pages,
  ) {}

  @Get()
  show(@Req() request: PageRequest, @CurrentActor() actor: SignedIn, @Query('done') done: unknown): Promise<string> {
    const notice = done === 'signed' ? 'You have signed. Requests can wait for you from now on.' : undefined;
    return this.draw(request, actor, { notice });
  }

  @Post()
  @Repeat('once')
  async sign(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = async (status: number, answer: Answer): Promise<void> => {
      const page = await this.draw(request, actor, answer);
      response.status(status).type('html').send(page);
    };
    const { value: form, faults } = await checkForm(StatementForm, body);
    if (faults?.some(({ field }) => field === 'version'))
      throw kernelProblems.badInput('Load the page again and sign it once more.');
    if (!form) return again(422, { faults });
    try {
      await this.statement.sign(actor, form.version);
    } catch (problem) {
      // The words were changed while the page was open: they are read anew.
      if (problem instanceof Problem && problem.status === 409) return again(409, { problem });
      throw problem;
    }
    response.redirect(303, '/statement?done=signed');
  }

  private async draw(request: PageRequest, actor: SignedIn, answer: Answer): Promise<string> {
    const member = await this.staff.memberOf(actor.accountId);
    const signed = member && (await this.statement.inForce(member.id));
    const text = this.statement.text();
    return this.pages.draw(request, (frame) => (
      <StatementPage frame={frame} text={text} signedUntil={signed?.until} {...answer} />
    ));
  }
}
