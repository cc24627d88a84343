import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type FieldFault, Problem, type SignedIn } from '#kernel';
import { RequestQueries, RequestsService } from '#requests';
import { Access, checkForm, CurrentActor, Pages, type PageRequest } from '#web';
import { NoteForm } from './note.form.js';
import { RequestPage } from './request.page.js';

const notices: Record<string, string> = {
  sent: 'Your request was sent. Whoever decides it was told by mail; you get a mail when it is decided.',
  withdrawn: 'What was still waiting is withdrawn.',
  noted: 'Your notification was added, and the other side is told.',
};

/** One request, for the person who asked and for those who may decide it; to anybody else it is not there (AC-2). */
@Controller('requests/:id')
@Access('signed-in')
export class RequestsController {
  constructor(
    private readonly requests: RequestsService,
    private readonly queries: RequestQueries,
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
  async withdraw(@CurrentActor() actor: SignedIn, @Param('id') id: string, @Res() response: Response): Promise<void> {
    await this.requests.withdraw(actor, id);
    response.redirect(303, `/requests/${id}?done=withdrawn`);
  }

  @Post('notes')
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
    { done, ...more }: { done?: string; faults?: FieldFault[]; typed?: Record<string, unknown> },
  ): Promise<string> {
    const view = await this.queries.view(actor, id);
    const open = view.lines.some((line) => line.status === 'pending');
    // Back, or a kept address, can say "sent" of a request that was decided or withdrawn since.
    const stale = done === 'sent' && !open;
    const notice = done && !stale && Object.hasOwn(notices, done) ? notices[done] : undefined;
    return this.pages.draw(request, (frame) => <RequestPage frame={frame} request={view} notice={notice} {...more} />);
  }
}
