import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import type { Response } from 'express';
import { DesignationService } from '#coordinators';
import { kernelProblems, type Problem, type SignedIn } from '#kernel';
import { Access, checkForm, CurrentActor, mustTellOnPage, noticeOf, type PageRequest, Pages, Repeat } from '#web';
import { dayAfter } from '../parts/days.js';
import { DesignateForm, scopeFaults } from './designate.form.js';
import { DesignatedPage } from './designated.page.js';
import { HeadPages, type HeadAnswer } from './head-pages.js';

/** Taking a designation back; `version` is what the page showed. */
class WithdrawDesignationForm {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  version!: number;
}

const notices: Record<string, string> = {
  sent: 'Sent to the state office. You are told at each step.',
  withdrawn: 'Taken back. The person and the state office are told.',
};

/** Where heads designate coordinators. */
@Controller('designate')
@Access('head')
export class DesignateController {
  constructor(
    private readonly designations: DesignationService,
    private readonly drawn: HeadPages,
    private readonly pages: Pages,
  ) {}

  @Get()
  form(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query('system') system: unknown,
  ): Promise<string> {
    return this.drawn.draw(request, actor, system, {});
  }

  @Post()
  @Repeat('once')
  async designate(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = async (status: number, answer: HeadAnswer): Promise<void> => {
      const html = await this.drawn.draw(request, actor, body.system, { ...answer, typed: body });
      response.status(status).type('html').send(html);
    };
    const { value: form, faults } = await checkForm(DesignateForm, body);
    const wrong = faults ?? scopeFaults(form);
    if (!form || wrong.length) return again(422, { faults: wrong });
    const { system, staffId, reach, site, application, fromDay, lastDay, reason, formKey } = form;
    let id: string;
    try {
      id = await this.designations.propose(actor, {
        formKey,
        staffId: staffId.trim(),
        reach,
        systemCode: system,
        siteCodes: reach === 'system' ? undefined : site,
        application,
        fromDay,
        toDay: lastDay && dayAfter(lastDay),
        reason,
      });
    } catch (problem) {
      mustTellOnPage(request, problem, [409, 422]);
      return again(problem.status, { problem: problem.errors ? undefined : problem, faults: problem.errors });
    }
    response.redirect(303, `/designate/${id}?done=sent`);
  }

  @Get(':id')
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    const notice = noticeOf(notices, done);
    return this.drawOne(request, actor, id, { notice });
  }

  @Post(':id/withdraw')
  @Repeat('once')
  async withdraw(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form } = await checkForm(WithdrawDesignationForm, body);
    if (!form) throw kernelProblems.badInput('The form was damaged. Load the page again and send it once more.');
    try {
      await this.designations.withdraw(actor, id, form);
    } catch (problem) {
      mustTellOnPage(request, problem, [403, 409]);
      const html = await this.drawOne(request, actor, id, { problem });
      response.status(problem.status).type('html').send(html);
      return;
    }
    response.redirect(303, `/designate/${id}?done=withdrawn`);
  }

  private async drawOne(
    request: PageRequest,
    actor: SignedIn,
    id: string,
    answer: { notice?: string; problem?: Problem },
  ): Promise<string> {
    const designation = await this.designations.get(actor, id);
    return this.pages.draw(request, (frame) => <DesignatedPage frame={frame} designation={designation} {...answer} />);
  }
}
