import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { SignedIn } from '#kernel';
import { DecidingMany, RequestsService } from '#requests';
import { Access, CurrentActor, mustTellOnPage, noticeOf, type PageRequest, Pages, Repeat, webProblems } from '#web';
import { Visitors } from '../visitors.js';
import { decisionFormOf } from './decision.form.js';
import { reviewAddress, reviewViewOf } from './review-filter.js';
import { manyFormOf } from './many.form.js';
import { ManyResultsPage } from './many-results.page.js';
import { ReviewLists } from './review-lists.js';
import { ReviewPages } from './review-pages.js';

const notices: Record<string, string> = {
  offered: 'Your offer is sent. The person is told, and this request waits on.',
  asked: 'Your question is sent. The person is told; you get a mail when the answer is there.',
};

/** Where coordinators read and decide. Which requests are theirs, the requests lib says; all others are not there. */
@Controller('review')
@Access('decider')
export class ReviewController {
  constructor(
    private readonly requests: RequestsService,
    private readonly many: DecidingMany,
    private readonly lists: ReviewLists,
    private readonly reviewPages: ReviewPages,
    private readonly visitors: Visitors,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const notice = query.done === 'decided' ? 'Your decision is saved, and the person is told.' : undefined;
    return this.lists.draw(request, actor, reviewViewOf(query), { notice });
  }

  /** Who comes back here after deciding, or by the address in the browser, sees the list as it is now. */
  @Get('many')
  listAgain(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    return this.lists.draw(request, actor, reviewViewOf(query), {});
  }

  /** Approves or rejects what was ticked in the list; the answer says what became of each. */
  @Post('many')
  @Repeat('own')
  async decideMany(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Body() body: Record<string, unknown>,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const view = reviewViewOf(query);
    const send = (status: number, page: string): unknown => response.status(status).type('html').send(page);
    const { decisions, faults } = manyFormOf(body);
    try {
      if (faults.length) return void send(422, await this.lists.draw(request, actor, view, { faults, typed: body }));
      const results = await this.many.decideMany(actor, decisions);
      send(
        200,
        await this.pages.draw(request, (frame) => (
          <ManyResultsPage frame={frame} results={results} back={reviewAddress(view.filter, view.cut)} />
        )),
      );
    } catch (problem) {
      mustTellOnPage(request, problem, [422]);
      send(422, await this.lists.draw(request, actor, view, { problem, typed: body }));
    }
  }

  @Get(':id')
  show(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    const notice = noticeOf(notices, done);
    return this.reviewPages.draw(request, actor, id, { notice });
  }

  /** Open to whoever decided here until a moment ago: they hear what changed, not that the page is closed to them. */
  @Post(':id')
  @Repeat('once')
  @Access('signed-in')
  async decide(
    @Req() request: PageRequest,
    @CurrentActor() actor: SignedIn,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const again = this.reviewPages.againWith(request, actor, id, response);
    const { version, decisions, faults } = decisionFormOf(body);
    if (faults.length && !(await this.visitors.isCoordinator(actor)))
      throw webProblems.notYours('Only coordinators decide requests. Nothing was saved.', {
        refusal: { action: 'request.decide', target: `request:${id.slice(0, 60)}` },
      });
    if (faults.length) return again(422, { faults, typed: body });
    try {
      await this.requests.decide(actor, id, { version, decisions });
    } catch (problem) {
      mustTellOnPage(request, problem, [409, 422]);
      if (problem.status === 422)
        return again(422, { faults: problem.errors ?? [{ field: 'decisions', message: problem.detail }], typed: body });
      // Somebody was faster, or something changed: the request as it is now, with what was typed.
      return again(409, { problem, typed: body });
    }
    response.redirect(303, '/review?done=decided');
  }
}
