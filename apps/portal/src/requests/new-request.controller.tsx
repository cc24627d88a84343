import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type FieldFault, kernelProblems, type SignedIn } from '#kernel';
import { RequestsService } from '#requests';
import { StaffService } from '#staff';
import { Access, checkForm, CurrentActor, mustTellOnPage, type PageRequest, Pages, Repeat } from '#web';
import { dayAfter } from '../parts/days.js';
import { NewRequest } from './new-request.js';
import { NeedsStaffIdPage } from './new-request.pages.js';
import { NewRequestForm } from './new-request.form.js';
import { type CheckAnswer, StepPages } from './step-pages.js';
import { stepAddress, wishesOf, wishOf } from './wish.js';

type Fields = Record<string, unknown>;

/** What people type on the check page; the rest came from our own pages. */
const typedFields = ['why', 'from', 'until'];

/** A fault of the verb beside the field of the page. */
const asTyped = ({ field, message }: FieldFault): FieldFault => ({
  field: { fromDay: 'from', toDay: 'until' }[field] ?? field,
  message,
});

/** Asking for permissions, a step a page; nothing is kept before it is sent. */
@Controller('requests')
@Access('signed-in')
export class NewRequestController {
  constructor(
    private readonly newRequest: NewRequest,
    private readonly stepPages: StepPages,
    private readonly requests: RequestsService,
    private readonly staff: StaffService,
    private readonly pages: Pages,
  ) {}

  @Get('new')
  async step(@Req() request: PageRequest, @CurrentActor() actor: SignedIn, @Query() query: Fields): Promise<string> {
    const member = await this.staff.memberOf(actor.accountId);
    const wish = wishOf(query);
    if (member) return this.stepPages.draw(request, member, await this.newRequest.nextStep(wish));
    return this.pages.draw(request, (frame) => <NeedsStaffIdPage frame={frame} next={stepAddress(wish)} />);
  }

  @Post()
  @Repeat('once')
  async submit(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Fields,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(NewRequestForm, body);
    if (!form) {
      // Everything but what was typed came from our own page.
      if (faults.some(({ field }) => !typedFields.includes(field))) {
        throw kernelProblems.badInput('The form came back damaged. Start the request again from the home page.');
      }
      return this.again(request, actor, body, response, { faults });
    }
    try {
      const id = await this.send(actor, form);
      response.redirect(303, `/requests/${id}?done=sent`);
    } catch (problem) {
      mustTellOnPage(request, problem, [409, 422]);
      await this.again(request, actor, body, response, { problem, faults: problem.errors?.map(asTyped) });
    }
  }

  private async send(actor: SignedIn, form: NewRequestForm): Promise<string> {
    const { why, formKey, from, until, mayNarrow, again, ...asked } = form;
    const period = { ...(from && { fromDay: from }), ...(until && { toDay: dayAfter(until) }) };
    const wishes = wishesOf(wishOf({ ...asked }), period);
    const more = { ...(mayNarrow && { mayNarrow: true }), ...(again && { replacesId: again }) };
    return (await this.requests.submit(actor, { wishes, why: why?.trim() || undefined, formKey, ...more })).id;
  }

  /** The check page once more, with what was typed and what was wrong. */
  private async again(
    request: PageRequest,
    actor: SignedIn,
    body: Fields,
    response: Response,
    answer: CheckAnswer,
  ): Promise<void> {
    const member = await this.staff.memberOf(actor.accountId);
    if (!member) throw answer.problem ?? kernelProblems.badInput('Link your Staff ID first.');
    const next = await this.newRequest.nextStep(wishOf({ ...body, asked: undefined }));
    const page = await this.stepPages.draw(request, member, next, {
      ...answer,
      typed: body,
      formKey: String(body.formKey),
    });
    response
      .status(answer.problem?.status ?? 422)
      .type('html')
      .send(page);
  }
}
