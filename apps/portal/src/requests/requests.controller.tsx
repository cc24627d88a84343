import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type FieldFault, kernelProblems, Problem, type SignedIn } from '#kernel';
import { RequestQueries, RequestsService, RequestSuggestions } from '#requests';
import { Access, checkForm, CurrentActor, noticeOf, type PageRequest, Pages, Repeat } from '#web';
import { AnswerForm } from './answer.form.js';
import { NoteForm } from './note.form.js';
import { RequestPage } from './request.page.js';

const notices: Record<string, string> = {
  sent: 'Your request was sent. Whoever decides it was told by mail; you get a mail when it is decided.',
  withdrawn: 'What was still waiting is withdrawn.',
  declined: 'Your request goes on as it is, and the coordinator is told.',
  replaced: 'This request for the whole school system was sent in place of the one before.',
  noted: 'Your notification was added, and the other side is told.',
};

/** One request, for the person who asked and for those who may decide it; to anybody else it is not there (AC-2). */
@Controller('requests/:id')
@Access('signed-in')
export class RequestsController {
  constructor(
    private readonly requests: RequestsService,
    private readonly queries: RequestQueries,
    private readonly suggestions: RequestSuggestions,
    private readonly pages: Pages,
  ) {}

  @Get()
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    return this.draw(request, actor, id, { done: typeof done === 'string' ? done : undefined });
  }

  @Post('withdraw')
  @Repeat('once')
  async withdraw(@CurrentActor() actor: SignedIn, @Param('id') id: string, @Res() response: Response): Promise<void> {
    await this.requests.withdraw(actor, id);
    response.redirect(303, `/requests/${id}?done=withdrawn`);
  }

  /** The requester accepts or declines the offer to ask for the whole school system. */
  @Post('suggestion')
  @Repeat('once')
  async answer(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form } = await checkForm(AnswerForm, body);
    if (!form) throw kernelProblems.badInput('Load the page again and choose one of the two answers.');
    const accept = form.answer === 'accept';
    try {
      const made = await this.suggestions.answerSuggestion(actor, id, { suggestionId: form.suggestionId, accept });
      response.redirect(303, made ? `/requests/${made.id}?done=replaced` : `/requests/${id}?done=declined`);
    } catch (problem) {
      if (!(problem instanceof Problem) || ![409, 422].includes(problem.status)) throw problem;
      response
        .status(problem.status)
        .type('html')
        .send(await this.draw(request, actor, id, { problem }));
    }
  }

  @Post('notes')
  @Repeat('once')
  async addNote(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const { value: form, faults } = await checkForm(NoteForm, body);
    const again = async (told: FieldFault[]): Promise<void> => {
      const page = await this.draw(request, actor, id, { faults: told, typed: body });
      response.status(422).type('html').send(page);
    };
    if (faults) return again(faults);
    try {
      await this.requests.addNote(actor, id, form.text);
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 422)
        return again(problem.errors ?? [{ field: 'text', message: problem.detail }]);
      throw problem;
    }
    response.redirect(303, `/requests/${id}?done=noted`);
  }

  private async draw(
    request: PageRequest,
    actor: SignedIn,
    id: string,
    { done, ...more }: { done?: string; problem?: Problem; faults?: FieldFault[]; typed?: Record<string, unknown> },
  ): Promise<string> {
    const view = await this.queries.view(actor, id);
    const open = view.lines.some((line) => line.status === 'pending');
    // Back, or a kept address, can say "sent" of a request that was decided or withdrawn since.
    const stale = (done === 'sent' || done === 'replaced') && !open;
    const notice = stale ? undefined : noticeOf(notices, done);
    return this.pages.draw(request, (frame) => <RequestPage frame={frame} request={view} notice={notice} {...more} />);
  }
}
