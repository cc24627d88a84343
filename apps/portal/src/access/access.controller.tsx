import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type OwnAccess, OwnAccesses } from '#compliance';
import { grantsProblems, GrantVerbs } from '#grants';
import { type FieldFault, localDay, newId, Problem, type SignedIn } from '#kernel';
import { RequestsService } from '#requests';
import { StaffService } from '#staff';
import { Access, checkForm, CurrentActor, noticeOf, Pages, type PageRequest, Repeat } from '#web';
import { dayAfter } from '../parts/days.js';
import { GiveUpForm, LongerForm } from './access.forms.js';
import { MyAccessPage } from './access.page.js';
import { GiveUpPage } from './give-up.page.js';
import { LongerPage } from './longer.page.js';

const notices: Record<string, string> = {
  'given-up': 'You gave it up. It has ended, and the applications are told.',
};

/** What the signed-in person may use, with the ways to give it up and to ask to keep it. */
@Controller('access')
@Access('signed-in')
export class AccessController {
  constructor(
    private readonly own: OwnAccesses,
    private readonly staff: StaffService,
    private readonly grants: GrantVerbs,
    private readonly requests: RequestsService,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query('done') done: unknown,
  ): Promise<string> {
    const model = {
      access: await this.own.of(actor.accountId),
      linked: !!(await this.staff.memberOf(actor.accountId)),
      notice: noticeOf(notices, done),
    };
    return this.pages.draw(request, (frame) => <MyAccessPage frame={frame} {...model} />);
  }

  @Get(':id/give-up')
  async confirm(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
  ): Promise<string> {
    const one = await this.find(actor, id);
    return this.pages.draw(request, (frame) => <GiveUpPage frame={frame} one={one} />);
  }

  @Post(':id/give-up')
  @Repeat('once')
  async giveUp(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = async (faults: FieldFault[]): Promise<void> => {
      const one = await this.find(actor, id);
      const html = await this.pages.draw(request, (frame) => (
        <GiveUpPage frame={frame} one={one} faults={faults} typed={body} />
      ));
      response.status(422).type('html').send(html);
    };
    const { value: form, faults } = await checkForm(GiveUpForm, body);
    if (faults) return again(faults);
    try {
      await this.grants.giveUp(actor, id, form.reason);
    } catch (problem) {
      if (problem instanceof Problem && problem.errors) return again(problem.errors);
      throw problem;
    }
    response.redirect(303, '/access?done=given-up');
  }

  @Get(':id/longer')
  async longer(@Req() request: PageRequest, @CurrentActor() actor: SignedIn, @Param('id') id: string): Promise<string> {
    const one = await this.find(actor, id);
    if (!one.toAt) throw grantsProblems.wrongEnd('This access has no end; there is nothing to ask for.');
    const typed = { lastDay: yearAfter(one.toAt) };
    return this.pages.draw(request, (frame) => <LongerPage frame={frame} one={one} typed={typed} />);
  }

  @Post(':id/longer')
  @Repeat('once')
  async ask(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = async (status: number, answer: { faults?: FieldFault[]; problem?: Problem }): Promise<void> => {
      const one = await this.find(actor, id);
      const html = await this.pages.draw(request, (frame) => (
        <LongerPage frame={frame} one={one} typed={body} {...answer} />
      ));
      response.status(status).type('html').send(html);
    };
    const { value: form, faults } = await checkForm(LongerForm, body);
    if (faults) return again(422, { faults });
    try {
      const asked = { grantId: id, toDay: dayAfter(form.lastDay), why: form.why, formKey: newId() };
      const { id: requestId } = await this.requests.extend(actor, asked);
      response.redirect(303, `/requests/${requestId}?done=sent`);
    } catch (problem) {
      if (!(problem instanceof Problem) || ![409, 422].includes(problem.status)) throw problem;
      const beside = problem.errors?.map((one) => (one.field === 'toDay' ? { ...one, field: 'lastDay' } : one));
      await again(problem.status, beside ? { faults: beside } : { problem });
    }
  }

  /** @throws grants.not-found (404) for what is not there, not one's own, or over */
  private async find(actor: SignedIn, id: string): Promise<OwnAccess> {
    const one = (await this.own.of(actor.accountId)).find(({ grantId }) => grantId === id);
    if (one && one.standing !== 'ended') return one;
    throw grantsProblems.notFound(
      'You do not have this access, or it has ended. See what you have under "My access".',
      {
        link: { label: 'My access', href: '/access' },
      },
    );
  }
}

/** The last day of access, a year later. */
function yearAfter(toAt: Date): string {
  const [year, ...rest] = localDay(new Date(toAt.getTime() - 1)).split('-');
  return [Number(year) + 1, ...rest].join('-').replace('02-29', '02-28');
}
