import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { DesignationService } from '#coordinators';
import type { FieldFault, Problem, SignedIn } from '#kernel';
import {
  Access,
  checkForm,
  CurrentActor,
  mustTellOnPage,
  noticeOf,
  type PageRequest,
  Pages,
  PersonName,
  Repeat,
} from '#web';
import { ConfirmedChanges } from '../parts/confirmed-changes.js';
import { DesignationStepForm, GrantDesignationForm, RefuseDesignationForm } from './designation.forms.js';
import { DesignationPage } from './designation.page.js';
import { DesignationsPage } from './designations.page.js';
import { stateNav } from './state-nav.js';

interface Answer {
  notice?: string;
  faults?: FieldFault[];
  problem?: Problem;
  typed?: Record<string, unknown>;
}

const notices: Record<string, string> = {
  approved: 'Approved. The person is told how to go on.',
  refused: 'Refused. The head and the person are told why.',
  granted: 'Granted. The person decides from the day named, and everybody concerned is told.',
};

/** What the state office does with designations. */
@Controller('state/designations')
@Access('state-desk')
export class DesignationsController {
  constructor(
    private readonly designations: DesignationService,
    private readonly changes: ConfirmedChanges,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query('all') all: unknown,
  ): Promise<string> {
    const designations = await this.designations.list(actor, { open: all === 'yes' ? undefined : true });
    return this.pages.draw(request, (frame) => (
      <DesignationsPage frame={frame} designations={designations} all={all === 'yes'} />
    ));
  }

  @Get(':id')
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    const notice = noticeOf(notices, done);
    return this.draw(request, actor, id, { notice });
  }

  @Post(':id/approve')
  @Repeat('once')
  async approve(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    await this.step(request, response, actor, id, body, DesignationStepForm, async ({ version, note }) => {
      await this.designations.approve(actor, id, { version, note: note?.trim() || undefined });
      return 'approved';
    });
  }

  @Post(':id/refuse')
  @Repeat('once')
  async refuse(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    await this.step(request, response, actor, id, body, RefuseDesignationForm, async (form) => {
      await this.designations.refuse(actor, id, form);
      return 'refused';
    });
  }

  @Post(':id/grant')
  @Repeat('once')
  async grant(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(GrantDesignationForm, body);
    if (faults) return this.again(request, response, actor, id, 422, { faults });
    const view = await this.designations.get(actor, id);
    await this.changes.handle(request, response, {
      actor,
      change: { kind: 'designation-grant', designationId: id, version: form.version },
      planHash: form.planHash,
      confirm: {
        title: 'Grant access',
        about: (
          <>
            <PersonName>{view.person.name}</PersonName> becomes a coordinator in {view.system.name}.
          </>
        ),
        action: `/state/designations/${id}/grant`,
        fields: { version: String(form.version) },
        button: 'Grant access',
        back: `/state/designations/${id}`,
        nav: stateNav,
      },
      done: `/state/designations/${id}?done=granted`,
      again: (problem) => this.draw(request, actor, id, { problem }),
    });
  }

  /** Checks a form, takes the step, and goes back to the page; what stands against it is told there. */
  private async step<T extends object>(
    request: PageRequest,
    response: Response,
    actor: SignedIn,
    id: string,
    body: Record<string, unknown>,
    shape: new () => T,
    take: (form: T) => Promise<string>,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(shape, body);
    if (faults) return this.again(request, response, actor, id, 422, { faults, typed: body });
    let done: string;
    try {
      done = await take(form);
    } catch (problem) {
      mustTellOnPage(request, problem, [403, 409, 422]);
      return this.again(request, response, actor, id, problem.status, { problem, faults: problem.errors, typed: body });
    }
    response.redirect(303, `/state/designations/${id}?done=${done}`);
  }

  private async again(
    request: PageRequest,
    response: Response,
    actor: SignedIn,
    id: string,
    status: number,
    answer: Answer,
  ): Promise<void> {
    const html = await this.draw(request, actor, id, answer);
    response.status(status).type('html').send(html);
  }

  private async draw(request: PageRequest, actor: SignedIn, id: string, answer: Answer): Promise<string> {
    const designation = await this.designations.get(actor, id);
    return this.pages.draw(request, (frame) => <DesignationPage frame={frame} designation={designation} {...answer} />);
  }
}
