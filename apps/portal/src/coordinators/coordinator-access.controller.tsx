import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { coordinatorsProblems, DesignationService, type DesignationView, StatementService } from '#coordinators';
import { type FieldFault, kernelProblems, type Problem, type SignedIn } from '#kernel';
import { StaffService } from '#staff';
import { Access, checkForm, CurrentActor, mustTellOnPage, noticeOf, type PageRequest, Pages, Repeat } from '#web';
import { AskAccessForm, DeclineForm } from './access.form.js';
import { AccessPage } from './coordinator-access.page.js';

interface Answer {
  notice?: string;
  faults?: FieldFault[];
  problem?: Problem;
}

const notices: Record<string, string> = {
  asked: 'You asked for access. The state office is told.',
  declined: 'You declined, and the head of the school system is told.',
};

/** The designated person reads the designation, signs the statement and asks for access; to others it is not there. */
@Controller('coordinator-access/:id')
@Access('signed-in')
export class CoordinatorAccessController {
  constructor(
    private readonly designations: DesignationService,
    private readonly statement: StatementService,
    private readonly staff: StaffService,
    private readonly pages: Pages,
  ) {}

  @Get()
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    const notice = noticeOf(notices, done);
    return this.draw(request, actor, id, { notice });
  }

  @Post()
  @Repeat('once')
  async ask(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults = [] } = await checkForm(AskAccessForm, body);
    await this.own(actor, id);
    if (faults.some(({ field }) => field !== 'agree')) throw damaged();
    if (!form || (form.statement && !form.agree))
      return this.answer(request, actor, id, response, 422, {
        faults: [{ field: 'agree', message: 'Tick the box to sign' }],
      });
    await this.step(request, actor, id, response, 'asked', async () => {
      if (form.statement) await this.statement.sign(actor, form.statement);
      await this.designations.ask(actor, id, { version: form.version });
    });
  }

  @Post('withdraw')
  @Repeat('once')
  async decline(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form } = await checkForm(DeclineForm, body);
    await this.own(actor, id);
    if (!form) throw damaged();
    await this.step(request, actor, id, response, 'declined', () =>
      this.designations.withdraw(actor, id, { version: form.version }),
    );
  }

  private async step(
    request: PageRequest,
    actor: SignedIn,
    id: string,
    response: Response,
    done: string,
    verb: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await verb();
    } catch (problem) {
      mustTellOnPage(request, problem, [409, 422]);
      return this.answer(request, actor, id, response, problem.status, { problem });
    }
    response.redirect(303, `/coordinator-access/${id}?done=${done}`);
  }

  private async answer(
    request: PageRequest,
    actor: SignedIn,
    id: string,
    response: Response,
    status: number,
    answer: Answer,
  ): Promise<void> {
    const page = await this.draw(request, actor, id, answer);
    response.status(status).type('html').send(page);
  }

  /** @throws coordinators.not-found (404) for anybody but the designated person, whatever they send */
  private async own(actor: SignedIn, id: string): Promise<DesignationView> {
    const member = await this.staff.memberOf(actor.accountId);
    const designation = await this.designations.get(actor, id);
    if (designation.person.staffMemberId === member?.id) return designation;
    throw coordinatorsProblems.notFound(
      'There is no such designation, or it is not yours. Open it from your mail again.',
    );
  }

  private async draw(request: PageRequest, actor: SignedIn, id: string, answer: Answer): Promise<string> {
    const designation = await this.own(actor, id);
    const signed = await this.statement.inForce(designation.person.staffMemberId);
    const unsigned = signed ? undefined : this.statement.text();
    return this.pages.draw(request, (frame) => (
      <AccessPage frame={frame} designation={designation} unsigned={unsigned} {...answer} />
    ));
  }
}

const damaged = (): Error => kernelProblems.badInput('Load the page again and press the button once more.');
