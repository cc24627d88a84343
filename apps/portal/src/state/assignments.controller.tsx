import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import type { Response } from 'express';
import { CoverService } from '#coordinators';
import { kernelProblems, Problem, type SignedIn } from '#kernel';
import { Coverage } from '#oversight';
import { StaffService } from '#staff';
import { Access, checkForm, CurrentActor, noticeOf, type PageRequest, Pages, PersonName, Repeat } from '#web';
import { ConfirmedChanges } from '../parts/confirmed-changes.js';
import { dayAfter, readableDay } from '../parts/days.js';
import { AssignmentCoverForm, EndAssignmentForm } from './assignment.forms.js';
import { AssignmentPage, type AssignmentPageProps } from './assignment.page.js';
import { stateNav } from './state-nav.js';

type Answer = Partial<Pick<AssignmentPageProps, 'form' | 'notice' | 'problem' | 'faults' | 'typed' | 'who'>>;

/** Ends one of the covers the page showed. */
class EndCoverForm {
  @IsUUID()
  coverId!: string;
}

const notices: Record<string, string> = {
  ended: 'Saved. Everybody concerned is told, and open requests are with those who decide now.',
  covered: 'The cover is named, and both people are told.',
  'cover-ended': 'The cover is ended, and both people are told.',
};

/** One coordinator, as the state office sees and changes it. */
@Controller('state/coordinators/:id')
@Access('state-desk')
export class AssignmentsController {
  constructor(
    private readonly coverage: Coverage,
    private readonly covers: CoverService,
    private readonly staff: StaffService,
    private readonly changes: ConfirmedChanges,
    private readonly pages: Pages,
  ) {}

  @Get()
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Query('who') who: unknown,
    @Query('done') done: unknown,
  ): Promise<string> {
    if (who !== undefined && typeof who !== 'string')
      throw kernelProblems.badInput('The address holds "who" more than once. Open the page again.');
    const notice = noticeOf(notices, done);
    return this.draw(request, actor, id, { who: who?.trim().slice(0, 100) || undefined, notice });
  }

  @Post('end')
  @Repeat('once')
  async end(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(EndAssignmentForm, body);
    if (faults) return this.again(request, response, actor, id, { form: 'end', faults, typed: body });
    const { name } = await this.coverage.coordinator(actor, id);
    const { endDay, reason, takeOver, planHash } = form;
    const day = endDay ? dayAfter(endDay) : undefined;
    const address = `/state/coordinators/${id}`;
    await this.changes.handle(request, response, {
      actor,
      change: { kind: 'end', coordinatorId: id, day, reason, ...(takeOver && { takeOver: true }) },
      planHash,
      confirm: {
        title: `End the duties of ${name}`,
        about: (
          <>
            <PersonName>{name}</PersonName> stops being a coordinator {endDay ? `after ${readableDay(endDay)}` : 'now'}
            {takeOver && ', and the state office takes over if nobody is left'}.
          </>
        ),
        action: `${address}/end`,
        fields: { endDay, reason, takeOver },
        button: 'End the duties',
        back: address,
        nav: stateNav,
      },
      done: `${address}?done=ended`,
      again: (problem) => this.draw(request, actor, id, { form: 'end', problem, faults: problem.errors, typed: body }),
    });
  }

  @Post('cover')
  @Repeat('once')
  async cover(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() { who: typedWho, ...body }: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const who = typeof typedWho === 'string' ? typedWho.trim().slice(0, 100) : undefined;
    const { value: form, faults } = await checkForm(AssignmentCoverForm, body);
    if (faults) return this.again(request, response, actor, id, { form: 'cover', faults, typed: body, who });
    const { name } = await this.coverage.coordinator(actor, id);
    const { staffMemberId, fromDay, lastDay, planHash } = form;
    const address = `/state/coordinators/${id}`;
    await this.changes.handle(request, response, {
      actor,
      change: { kind: 'cover', coordinatorId: id, staffMemberId, fromDay, toDay: dayAfter(lastDay) },
      planHash,
      confirm: {
        title: `Cover for ${name}`,
        about: (
          <>
            <PersonName>{await this.nameOf(staffMemberId)}</PersonName> decides in place of{' '}
            <PersonName>{name}</PersonName> from {readableDay(fromDay)} until {readableDay(lastDay)}.
          </>
        ),
        action: `${address}/cover`,
        fields: { staffMemberId, fromDay, lastDay, who },
        button: 'Name the cover',
        back: address,
        nav: stateNav,
      },
      done: `${address}?done=covered`,
      again: (problem) =>
        this.draw(request, actor, id, { form: 'cover', problem, faults: problem.errors, typed: body, who }),
    });
  }

  @Post('end-cover')
  @Repeat('once')
  async endCover(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form } = await checkForm(EndCoverForm, body);
    if (!form) throw kernelProblems.badInput('The form named no cover. Load the page again and send it once more.');
    try {
      await this.covers.end(actor, form.coverId);
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 409) throw problem;
      return this.again(request, response, actor, id, { problem }, 409);
    }
    response.redirect(303, `/state/coordinators/${id}?done=cover-ended`);
  }

  private async nameOf(staffMemberId: string): Promise<string> {
    const person = (await this.staff.membersByIds([staffMemberId])).get(staffMemberId);
    return person ? `${person.firstName} ${person.lastName}` : 'Somebody';
  }

  private async again(
    request: PageRequest,
    response: Response,
    actor: SignedIn,
    id: string,
    answer: Answer,
    status = 422,
  ): Promise<void> {
    const html = await this.draw(request, actor, id, answer);
    response.status(status).type('html').send(html);
  }

  private async draw(request: PageRequest, actor: SignedIn, id: string, answer: Answer): Promise<string> {
    const assignment = await this.coverage.coordinator(actor, id);
    const { given } = await this.covers.of(assignment.staffMemberId);
    const candidates = answer.who ? await this.covers.candidates(actor, id, answer.who) : undefined;
    return this.pages.draw(request, (frame) => (
      <AssignmentPage
        frame={frame}
        assignment={assignment}
        covers={given.filter(({ coordinatorId }) => coordinatorId === id)}
        candidates={candidates}
        {...answer}
      />
    ));
  }
}
